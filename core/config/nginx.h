#pragma once

#include <QByteArray>

#include <optional>
#include <vector>

/// A reader of nginx configuration that keeps every byte.
namespace config {

/// One directive, simple or with a block. Offsets are into the file's bytes.
struct NginxDirective
{
    QByteArray name;
    std::vector<QByteArray> args; ///< unquoted
    std::vector<NginxDirective> block;
    bool hasBlock = false;
    int line = 0; ///< 1-based
    qsizetype begin = 0;
    qsizetype end = 0; ///< one past the ';' or '}'
};

struct NginxFile
{
    QByteArray path;
    std::vector<NginxDirective> directives;
    std::optional<int> errorLine; ///< where reading stopped
};

/// The output of `nginx -T`: every file that nginx really loads, in order.
struct NginxDump
{
    std::vector<NginxFile> files;
    std::optional<bool> testPassed; ///< "syntax is ok ... test is successful"
};

/// Reads one file. Never fails: `errorLine` says where it stopped understanding.
NginxFile parseNginx(QByteArrayView text, const QByteArray &path = {});

/// Splits and reads `nginx -T`. Files are introduced by "# configuration file PATH:".
NginxDump parseNginxDump(QByteArrayView output);

} // namespace config
