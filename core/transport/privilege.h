#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"
#include "core/transport/remotehost.h"
#include "core/transport/session.h"
#include "core/transport/waiter.h"

#include <QByteArray>
#include <QString>

namespace transport {

/// Why no root shell came, read from what sudo or the login shell said.
enum class Refusal {
    PasswordNeeded,
    NotAllowed,
    Missing,
    NeedsTerminal,
    NoShell, ///< the account runs no commands at all
    Unclear, ///< sudo speaks the server's language; asking for the password is the next thing to
             ///< try
};
Refusal classifyRefusal(int exitStatus, const QByteArray &errors, const QByteArray &output);

/// What earlier scripts on this connection learned.
struct PrivilegeMemory
{
    enum class Way { Unknown, Sudo, SudoWithPassword, User };
    Way way = Way::Unknown;
    bool passwordRefused = false; ///< never sent a second time
};

struct PrivilegeOptions
{
    QString user;
    const base::SecretBytes &password; ///< sudo's; empty for none
    RunAs runAs = RunAs::Root;
};

/// Becomes root and runs the script: root's own shell, sudo without a password, sudo with it; or as
/// the ordinary user where that is wanted, or allowed and sudo is not to be had. A password leaves
/// this machine only after sudo has asked for it with our own prompt, because otherwise it would be
/// read as a command.
base::Result<ScriptResult> runPrivileged(Session &session,
                                         const PrivilegeOptions &options,
                                         PrivilegeMemory &memory,
                                         const QByteArray &script,
                                         const OutputSink &sink,
                                         const Waiter &waiter);

} // namespace transport
