#pragma once

#include <QByteArray>

#include <optional>
#include <vector>

/// A reader of nginx configuration that keeps every byte's place.
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

    friend bool operator==(const NginxDirective &, const NginxDirective &) = default;
};

struct NginxFile
{
    QByteArray path;
    std::vector<NginxDirective> directives;
    std::optional<int> errorLine; ///< where reading stopped; what stands before it is kept

    friend bool operator==(const NginxFile &, const NginxFile &) = default;
};

/// The output of `nginx -T`: every file that nginx really loads, in order.
struct NginxDump
{
    std::vector<NginxFile> files;
    std::optional<bool> testPassed; ///< "syntax is ok ... test is successful"

    /// True when some file could not be read to its end.
    bool damaged() const;
};

/// Blocks nested deeper than this end the reading of a file. nginx itself needs five or six.
constexpr int nginxDepthLimit = 48;

/// Reads one file. Never fails: `errorLine` says where it stopped understanding. Linear in the
/// size.
NginxFile parseNginx(QByteArrayView text, const QByteArray &path = {});

/// Splits and reads `nginx -T`. Files are introduced by "# configuration file PATH:". The verdict
/// of the test is taken from a first line "# test RC" (0 = passed), else from nginx's own words.
NginxDump parseNginxDump(QByteArrayView output);

} // namespace config
