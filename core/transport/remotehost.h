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

/// What a script wants to run as: root or nothing, root where it is to be had, or the user that
/// logged in, without a word to sudo.
enum class RunAs { Root, RootOrUser, User };

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

    /// Streams `script` into a shell of that kind. What its commands find on stdin is not theirs:
    /// it stays open for as long as somebody listens here, and a long script watches its end.
    /// Success means: read ended, eof, close and wait were clean, no signal. Errors name the stage.
    virtual base::Result<ScriptResult> runScript(const QByteArray &script,
                                                 RunAs runAs,
                                                 const OutputSink &sink,
                                                 const base::Interrupt &interrupt)
        = 0;
};

} // namespace transport
