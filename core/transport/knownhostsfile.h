#pragma once

#include "core/base/deadline.h"
#include "core/base/result.h"
#include "core/transport/knownhosts.h"

#include <QStringList>

namespace transport {

/// The user's and the machine's known_hosts files. Read, never written.
QStringList standardKnownHostsFiles();

enum class IfMissing { Empty, Fail };

/// One that cannot be read, or is over 4 MiB, is an error: a host key must not look unknown because
/// of it. FileNotFound where it must be there.
base::Result<KnownHostsFile> readKnownHostsFile(const QString &path, IfMissing ifMissing);

/// Adds a key to our own file (0600, hashed name, made when missing). With `replace`, older entries
/// of this host in that file go; its @revoked lines stay. TimedOut at Stage::File when another
/// program holds the file for over 5 s.
base::Result<void> rememberHostKey(const QString &path,
                                   const QString &host,
                                   quint16 port,
                                   const QByteArray &key,
                                   bool replace,
                                   const base::Interrupt &interrupt);

} // namespace transport
