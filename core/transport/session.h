#pragma once

#include "core/base/result.h"
#include "core/base/uniquefd.h"
#include "core/transport/algorithms.h"
#include "core/transport/waiter.h"

#include <QByteArray>
#include <QString>

#include <libssh2.h>

#include <chrono>
#include <functional>
#include <span>

namespace transport {

/// One libssh2 session over one socket. libssh2 runs non-blocking and every byte passes our own
/// receive function, so that Cancel, deadlines and limits hold even where libssh2 would loop on a
/// flood.
class Session
{
public:
    Session(base::UniqueFd socket, QString host, std::chrono::milliseconds keepAlive);
    ~Session();
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    /// Banner, key exchange, and the request for the login service. The host key is not judged
    /// here.
    base::Result<void> handshake(const Algorithms &offered, const Waiter &waiter);
    /// What the server said in the clear; also after a failed handshake.
    const ServerHello &hello() const { return m_hello; }
    QByteArray hostKey() const;
    QByteArray method(int type) const; ///< LIBSSH2_METHOD_...

    /// Calls `step` until it returns something else than LIBSSH2_ERROR_EAGAIN, waiting in between.
    /// The failure is an interruption or a dead connection; other negative returns are handed back,
    /// and LIBSSH2_ERROR_EAGAIN itself once `patience` has passed, which leaves the connection
    /// usable.
    base::Result<int> drive(const Waiter &waiter,
                            base::Stage stage,
                            const std::function<int()> &step,
                            const base::Deadline &patience = base::Deadline::never());

    /// The error for a negative return of libssh2.
    base::Error error(int code, base::Stage stage) const;
    LIBSSH2_SESSION *raw() const { return m_session; }
    const QString &host() const { return m_host; }
    /// True when nothing more can be sent: lost, or left in the middle of something.
    bool broken() const { return m_broken; }
    void markBroken() { m_broken = true; }
    /// Ends the current call with ProtocolViolation; for callbacks that saw something they refuse.
    void refuse(const QString &reason);
    /// True once the server has closed the connection.
    bool closedByServer() const { return m_closed; }
    /// Answers keyboard-interactive prompts; may refuse().
    using PromptHandler = std::function<void(std::span<const LIBSSH2_USERAUTH_KBDINT_PROMPT>,
                                             std::span<LIBSSH2_USERAUTH_KBDINT_RESPONSE>)>;
    void setPromptHandler(PromptHandler handler) { m_promptHandler = std::move(handler); }
    const PromptHandler &promptHandler() const { return m_promptHandler; }
    void setLoggedIn() { m_loggedIn = true; }
    /// Starts counting received bytes anew: memory and patience are bounded per script.
    void expectAtMost(qint64 bytes) { m_allowance = bytes; }
    /// True when a call that returned EAGAIN waits to send: it must be repeated before any other.
    bool sendPending() const;

    /// Memory that libssh2 will free, wiping it.
    static void *allocate(std::size_t size);

private:
    static ssize_t receive(libssh2_socket_t fd, void *to, size_t size, int flags, void **self);
    static ssize_t send(libssh2_socket_t fd, const void *from, size_t size, int flags, void **self);
    ssize_t received(const char *bytes, ssize_t count);
    void lookForBanner();
    bool offer(const Algorithms &offered);
    base::Error handshakeError(int code, const Algorithms &offered) const;
    base::Result<void>
    waitForSocket(const Waiter &waiter, base::Stage stage, const base::Deadline &patience);

    base::UniqueFd m_socket;
    QString m_host;
    std::chrono::milliseconds m_keepAlive;
    LIBSSH2_SESSION *m_session = nullptr;
    const Waiter *m_waiter = nullptr; // of the running drive()
    ServerHello m_hello;
    QByteArray m_clear; // received before the first key exchange
    qsizetype m_lineStart = 0;
    bool m_recording = true;
    bool m_bannerSeen = false;
    bool m_loggedIn = false;
    bool m_broken = false;
    bool m_cut = false; // our receive function ended the call
    bool m_closed = false;
    PromptHandler m_promptHandler;
    QString m_refusal;
    qint64 m_allowance = 0;
    qint64 m_turn = 0; // bytes left before drive() looks around again
    std::chrono::steady_clock::time_point m_lastReceived;
};

} // namespace transport
