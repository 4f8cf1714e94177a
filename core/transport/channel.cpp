#include "core/transport/channel.h"

#include "core/base/untrustedtext.h"

namespace transport {

using base::ErrorKind;
using base::Stage;

base::Result<std::unique_ptr<ExecChannel>>
ExecChannel::open(Session &session, const QByteArray &command, const Waiter &waiter, Stage stage)
{
    LIBSSH2_CHANNEL *raw = nullptr;
    const auto opened = session.drive(waiter, stage, [&] {
        raw = libssh2_channel_open_session(session.raw());
        return raw != nullptr ? 0 : libssh2_session_last_errno(session.raw());
    });
    if (!opened)
        return base::fail(opened);
    const auto refused = [&](int code) {
        base::Error error = session.error(code, stage);
        if (error.kind == ErrorKind::ProtocolViolation)
            error.kind = ErrorKind::RemoteShell; // a server that gives no command execution
        return base::fail(std::move(error));
    };
    if (raw == nullptr)
        return refused(*opened);
    std::unique_ptr<ExecChannel> channel(new ExecChannel(session, raw));
    const auto started = session.drive(waiter, stage, [&] {
        return libssh2_channel_process_startup(raw, "exec", 4, command.constData(),
                                               static_cast<unsigned>(command.size()));
    });
    if (!started)
        return base::fail(started);
    if (*started < 0)
        return refused(*started);
    return channel;
}

ExecChannel::~ExecChannel()
{
    // Where the server still has to agree, the session frees the channel when it goes.
    if (m_channel != nullptr)
        libssh2_channel_free(m_channel);
}

void ExecChannel::setInput(QByteArrayView bytes, bool last)
{
    m_input = bytes;
    m_last = last;
}

int ExecChannel::write()
{
    if (m_eofSent || (m_input.isEmpty() && !m_last))
        return LIBSSH2_ERROR_EAGAIN;
    const ssize_t rc = m_input.isEmpty()
        ? libssh2_channel_send_eof(m_channel)
        : libssh2_channel_write(m_channel, m_input.data(), static_cast<size_t>(m_input.size()));
    if (rc == LIBSSH2_ERROR_CHANNEL_CLOSED || rc == LIBSSH2_ERROR_CHANNEL_EOF_SENT) {
        m_eofSent = true; // the command ended without reading all; its output tells why
        m_input = {};
        return 1;
    }
    if (rc < 0)
        return static_cast<int>(rc);
    if (m_input.isEmpty())
        m_eofSent = true;
    else
        m_input = m_input.sliced(rc);
    return 1;
}

int ExecChannel::read(int stream, const std::function<bool(QByteArrayView)> &sink, bool &ended)
{
    if (ended)
        return LIBSSH2_ERROR_EAGAIN;
    const ssize_t count
        = libssh2_channel_read_ex(m_channel, stream, m_buffer.data(), m_buffer.size());
    if (count < 0)
        return static_cast<int>(count);
    if (count == 0) {
        if (libssh2_channel_eof(m_channel) == 0)
            return LIBSSH2_ERROR_EAGAIN; // the other stream still holds bytes
        ended = true;
        return 1;
    }
    if (!sink({m_buffer.data(), count}))
        m_refused = true;
    return 1;
}

int ExecChannel::perform(Operation operation, const ChannelSinks &sinks)
{
    switch (operation) {
    case Write:
        return write();
    case ReadOutput:
        return read(0, sinks.out, m_outputEnded);
    default:
        return read(SSH_EXTENDED_DATA_STDERR, sinks.errors, m_errorsEnded);
    }
}

int ExecChannel::turn(const ChannelSinks &sinks)
{
    bool moved = false;
    for (int i = 0; i < Operations && !m_refused; ++i) {
        const int rc = perform(static_cast<Operation>(m_next), sinks);
        if (rc == LIBSSH2_ERROR_EAGAIN && m_session.sendPending())
            break;
        m_next = (m_next + 1) % Operations;
        if (rc < 0 && rc != LIBSSH2_ERROR_EAGAIN)
            return rc;
        moved = moved || rc > 0;
    }
    return moved ? 0 : LIBSSH2_ERROR_EAGAIN;
}

base::Result<ExecChannel::Pumped> ExecChannel::pump(const Waiter &waiter,
                                                    Stage stage,
                                                    const ChannelSinks &sinks,
                                                    const base::Deadline &patience)
{
    const auto rc = m_session.drive(waiter, stage, [&] { return turn(sinks); }, patience);
    if (!rc)
        return base::fail(rc);
    if (m_refused)
        return Pumped::Refused;
    if (*rc == LIBSSH2_ERROR_EAGAIN)
        return Pumped::Quiet;
    if (*rc < 0) {
        m_session.markBroken();
        return base::fail(m_session.error(*rc, stage));
    }
    return m_outputEnded && m_errorsEnded ? Pumped::Ended : Pumped::Moved;
}

base::Result<int> ExecChannel::finish(const Waiter &waiter, Stage stage)
{
    const bool eof = libssh2_channel_eof(m_channel) == 1;
    const auto closed
        = m_session.drive(waiter, stage, [this] { return libssh2_channel_close(m_channel); });
    if (!closed)
        return base::fail(closed);
    const auto waited
        = m_session.drive(waiter, stage, [this] { return libssh2_channel_wait_closed(m_channel); });
    if (!waited)
        return base::fail(waited);
    if (!eof || *closed != 0 || *waited != 0 || m_session.closedByServer()) {
        m_session.markBroken();
        return base::fail(ErrorKind::ConnectionLost, stage, m_session.host());
    }
    char *signal = nullptr;
    size_t length = 0;
    libssh2_channel_get_exit_signal(m_channel, &signal, &length, nullptr, nullptr, nullptr,
                                    nullptr);
    if (signal != nullptr) {
        const QString name
            = base::UntrustedText(QByteArray(signal, static_cast<qsizetype>(length))).display(40);
        libssh2_free(m_session.raw(), signal);
        return base::fail(ErrorKind::RemoteShell, stage, m_session.host(),
                          QStringLiteral("ended by signal ") + name);
    }
    return libssh2_channel_get_exit_status(m_channel);
}

void ExecChannel::abandon(const Waiter &waiter)
{
    if (m_channel == nullptr || m_session.broken())
        return;
    if (m_session.sendPending()) {
        m_session.markBroken(); // something is half sent and will not be finished
        return;
    }
    const auto rc = m_session.drive(
        waiter, Stage::Shell, [this] { return libssh2_channel_free(m_channel); },
        base::Deadline::after(std::chrono::seconds(1)));
    if (rc && *rc == 0)
        m_channel = nullptr;
    else
        m_session.markBroken();
}

} // namespace transport
