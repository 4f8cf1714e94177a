#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"
#include "core/transport/remotehost.h"
#include "core/transport/session.h"
#include "core/transport/waiter.h"

#include <QByteArray>

namespace transport {

/// How a remote shell is started.
struct ShellStart
{
    /// Plain words and at most one single-quoted argument: the login shell may be fish, csh or a
    /// restricted one. Nothing in it comes from people or servers but hex nonces.
    QByteArray command;
    QByteArray ready; ///< printed by the shell once it reads the script
    /// Set where sudo may ask: the prompt it prints, after which the password is sent. The script
    /// then waits for `ready`; otherwise it follows at once, behind a line that prints `ready`.
    QByteArray prompt;
    const base::SecretBytes *password = nullptr;
};

struct ShellOutcome
{
    bool started = false; ///< `ready` was seen; the rest is the script's
    bool wrongPassword = false; ///< a second prompt: closed at once
    bool foreignPrompt = false; ///< something else was asked
    int exitStatus = -1;
    QByteArray errors; ///< stderr, capped at 64 KiB
    QByteArray noise; ///< stdout before `ready`
};

/// Runs `script` in the shell. Its output goes to `sink` from the line after `ready`. The shell's
/// input stays open until it ends or nobody listens here any more, so that a script can notice the
/// latter; no command may read it.
base::Result<ShellOutcome> runShell(Session &session,
                                    const ShellStart &start,
                                    const QByteArray &script,
                                    const OutputSink &sink,
                                    base::Stage stage,
                                    const Waiter &waiter);

} // namespace transport
