#pragma once

#include "core/base/result.h"

#include <QString>

namespace cli {

/// A server as it is written on the command line: `user@host[:port]`, IPv6 in brackets or bare.
struct TargetWord
{
    QString user; ///< empty: the current user
    QString host; ///< name or numeric address, without brackets
    quint16 port = 22;

    friend bool operator==(const TargetWord &, const TargetWord &) = default;
};

/// Fails with BadInput for anything that cannot be a host: option-like words, spaces, control
/// characters.
base::Result<TargetWord> parseTarget(const QString &word);

/// `NAME:PORT:ADDR` of --resolve.
struct ResolveWord
{
    QString name;
    quint16 port = 0;
    QString address; ///< numeric

    friend bool operator==(const ResolveWord &, const ResolveWord &) = default;
};

base::Result<ResolveWord> parseResolve(const QString &word);

/// A public host name: letters, digits, hyphens and dots, at most 253 characters.
bool isHostName(QStringView text);

} // namespace cli
