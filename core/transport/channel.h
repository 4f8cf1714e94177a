#pragma once

#include "core/base/result.h"
#include "core/transport/session.h"
#include "core/transport/waiter.h"

#include <QByteArray>

#include <array>
#include <functional>
#include <memory>

namespace transport {

/// Where a command's output goes; false ends the command.
struct ChannelSinks
{
    std::function<bool(QByteArrayView)> out;
    std::function<bool(QByteArrayView)> errors;
};

/// One remote command: no terminal, no forwarding, no environment.
class ExecChannel
{
public:
    enum class Pumped { Moved, Quiet, Refused, Ended };

    static base::Result<std::unique_ptr<ExecChannel>>
    open(Session &session, const QByteArray &command, const Waiter &waiter, base::Stage stage);
    ~ExecChannel();
    ExecChannel(const ExecChannel &) = delete;
    ExecChannel &operator=(const ExecChannel &) = delete;

    /// What is sent from now on. The bytes must live until they are sent; `last` closes stdin
    /// after.
    void setInput(QByteArrayView bytes, bool last);
    /// Sends and receives until something moved or `patience` ran out.
    base::Result<Pumped> pump(const Waiter &waiter,
                              base::Stage stage,
                              const ChannelSinks &sinks,
                              const base::Deadline &patience);
    /// After Ended: the exit status, only when everything ended cleanly; a connection that is cut
    /// leaves a status of 0 behind, which means nothing.
    base::Result<int> finish(const Waiter &waiter, base::Stage stage);
    /// Ends the command now. Where the server does not agree within a second the connection is
    /// given up.
    void abandon(const Waiter &waiter);

private:
    enum Operation { Write, ReadOutput, ReadErrors, Operations };

    ExecChannel(Session &session, LIBSSH2_CHANNEL *channel)
        : m_session(session)
        , m_channel(channel)
    { }
    int turn(const ChannelSinks &sinks);
    int perform(Operation operation, const ChannelSinks &sinks);
    int write();
    int read(int stream, const std::function<bool(QByteArrayView)> &sink, bool &ended);

    Session &m_session;
    LIBSSH2_CHANNEL *m_channel;
    QByteArrayView m_input;
    bool m_last = false;
    bool m_eofSent = false;
    bool m_outputEnded = false;
    bool m_errorsEnded = false;
    bool m_refused = false;
    int m_next = Write; // an operation that waits to send must be repeated before any other
    std::array<char, 32768> m_buffer;
};

} // namespace transport
