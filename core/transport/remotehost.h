#pragma once

#include "core/base/deadline.h"
#include "core/base/result.h"

#include <QByteArray>

#include <functional>

/// The one small interface between the machinery and a server. SshHost is the real one; tests have
/// one shared FakeRemoteHost.
namespace transport {

/// Bytes of stdout as they arrive. Returning false ends the command (the channel is closed).
using OutputSink = std::function<bool(QByteArrayView)>;

/// Root by login, root by sudo, or an ordinary user.
enum class RanAs { Root, Sudo, User };

struct ScriptResult
{
    RanAs ranAs = RanAs::User; ///< what the script ran as
    int exitStatus = -1;
    QByteArray errors; ///< stderr, capped at 64 KiB
};

class RemoteHost
{
public:
    virtual ~RemoteHost() = default;

    /// Streams `script` into a root shell, or into a plain one where `allowUser` and sudo is not to
    /// be had. Success means: read ended, eof, close and wait were clean, no signal. Errors name
    /// the stage.
    virtual base::Result<ScriptResult> runScript(const QByteArray &script,
                                                 bool allowUser,
                                                 const OutputSink &sink,
                                                 const base::Interrupt &interrupt)
        = 0;
};

} // namespace transport
