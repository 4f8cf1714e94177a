#include "core/transport/session.h"

#include "core/base/untrustedtext.h"

#include <openssl/crypto.h>

#include <malloc.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace transport {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Stage;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr qint64 maximumClear = 64 * 1024; // before the server's identification and offer
constexpr qint64 maximumHandshake = 1024 * 1024;
constexpr qint64 bytesPerTurn = 1024 * 1024;
constexpr int silentKeepAlives = 3;

// Every allocation of libssh2 is wiped when freed: passwords and keys pass through some of them. It
// must be plain malloc underneath, since libssh2 frees some of it with free() and OpenSSL's
// function.
void *wipingAllocate(std::size_t size, void **)
{
    return std::malloc(size);
}

void wipingFree(void *pointer, void **)
{
    if (pointer == nullptr)
        return;
    OPENSSL_cleanse(pointer, ::malloc_usable_size(pointer));
    std::free(pointer);
}

void *wipingReallocate(void *pointer, std::size_t size, void **abstract)
{
    void *moved = std::malloc(size);
    if (moved == nullptr || pointer == nullptr)
        return moved;
    std::memcpy(moved, pointer, std::min(::malloc_usable_size(pointer), size));
    wipingFree(pointer, abstract);
    return moved;
}

using Generic = void (*)();

void setCallback(LIBSSH2_SESSION *session, int type, Generic callback)
{
#if LIBSSH2_VERSION_NUM >= 0x010b01
    libssh2_session_callback_set2(session, type, callback);
#else
    void *pointer = nullptr;
    static_assert(sizeof(pointer) == sizeof(callback));
    std::memcpy(&pointer, &callback, sizeof(pointer));
    libssh2_session_callback_set(session, type, pointer);
#endif
}

bool initialiseOnce()
{
    static const bool done = libssh2_init(0) == 0; // thread-safe once, never undone
    return done;
}

} // namespace

Session::Session(base::UniqueFd socket, QString host, milliseconds keepAlive)
    : m_socket(std::move(socket))
    , m_host(std::move(host))
    , m_keepAlive(keepAlive)
    , m_lastReceived(steady_clock::now())
{
    if (!initialiseOnce())
        return;
    m_session = libssh2_session_init_ex(wipingAllocate, wipingFree, wipingReallocate, this);
    if (m_session == nullptr)
        return;
    libssh2_session_set_blocking(m_session, 0);
    setCallback(m_session, LIBSSH2_CALLBACK_RECV, reinterpret_cast<Generic>(&Session::receive));
    setCallback(m_session, LIBSSH2_CALLBACK_SEND, reinterpret_cast<Generic>(&Session::send));
}

Session::~Session()
{
    if (m_session == nullptr)
        return;
    if (!m_broken && m_loggedIn)
        libssh2_session_disconnect(m_session, "done"); // one try; the server sees the socket close
    // From here on every read and write fails, so that freeing never waits for the server.
    m_broken = true;
    ::shutdown(m_socket.get(), SHUT_RDWR);
    for (int i = 0; i < 16 && libssh2_session_free(m_session) == LIBSSH2_ERROR_EAGAIN; ++i) { }
}

void *Session::allocate(std::size_t size)
{
    return wipingAllocate(size, nullptr);
}

ssize_t Session::receive(libssh2_socket_t fd, void *to, size_t size, int flags, void **self)
{
    auto *session = static_cast<Session *>(*self);
    if (session->m_broken || session->m_cut)
        return -ECONNRESET;
    if (session->m_waiter != nullptr && session->m_waiter->interrupted()) {
        session->m_cut = true;
        return -ECONNRESET;
    }
    if (session->m_turn <= 0)
        return -EAGAIN;
    const ssize_t count = ::recv(fd, to, size, flags);
    if (count < 0)
        return errno == EINTR || errno == EWOULDBLOCK ? -EAGAIN : -errno;
    if (count == 0)
        session->m_closed = true;
    return session->received(static_cast<const char *>(to), count);
}

ssize_t Session::received(const char *bytes, ssize_t count)
{
    m_lastReceived = steady_clock::now();
    m_turn -= count;
    m_allowance -= count;
    if (m_recording && m_clear.size() < maximumClear) {
        m_clear.append(bytes, count);
        lookForBanner();
    }
    if (m_recording && !m_bannerSeen && m_clear.size() >= maximumClear) {
        m_cut = true;
        return -ECONNRESET;
    }
    if (m_allowance < 0) {
        refuse(u"more data than the task allows"_s);
        return -ECONNRESET;
    }
    return count;
}

void Session::lookForBanner()
{
    while (!m_bannerSeen) {
        const qsizetype end = m_clear.indexOf('\n', m_lineStart);
        if (end < 0)
            return;
        m_bannerSeen = QByteArrayView(m_clear).sliced(m_lineStart).startsWith("SSH-");
        m_lineStart = end + 1;
    }
}

ssize_t Session::send(libssh2_socket_t fd, const void *from, size_t size, int flags, void **self)
{
    const auto *session = static_cast<const Session *>(*self);
    if (session->m_broken || session->m_cut)
        return -ECONNRESET;
    const ssize_t count = ::send(fd, from, size, flags | MSG_NOSIGNAL);
    if (count < 0)
        return errno == EINTR || errno == EWOULDBLOCK ? -EAGAIN : -errno;
    return count;
}

void Session::refuse(const QString &reason)
{
    m_refusal = reason;
    m_cut = true;
}

bool Session::sendPending() const
{
    return (libssh2_session_block_directions(m_session) & LIBSSH2_SESSION_BLOCK_OUTBOUND) != 0;
}

bool Session::offer(const Algorithms &offered)
{
    const auto prefer = [this](int type, const QList<QByteArray> &names) {
        return libssh2_session_method_pref(m_session, type, names.join(',').constData()) == 0;
    };
    return prefer(LIBSSH2_METHOD_KEX, offered.kex)
        && prefer(LIBSSH2_METHOD_HOSTKEY, offered.hostKeys)
        && prefer(LIBSSH2_METHOD_CRYPT_CS, offered.ciphers)
        && prefer(LIBSSH2_METHOD_CRYPT_SC, offered.ciphers)
        && prefer(LIBSSH2_METHOD_MAC_CS, offered.macs)
        && prefer(LIBSSH2_METHOD_MAC_SC, offered.macs)
        && prefer(LIBSSH2_METHOD_SIGN_ALGO, {"rsa-sha2-512", "rsa-sha2-256"});
}

base::Result<void> Session::handshake(const Algorithms &offered, const Waiter &waiter)
{
    if (m_session == nullptr || !offer(offered))
        return base::fail(ErrorKind::Internal, Stage::Kex, m_host);
    m_allowance = maximumHandshake;
    const auto rc = drive(waiter, Stage::Banner,
                          [this] { return libssh2_session_handshake(m_session, m_socket.get()); });
    m_recording = false;
    m_hello = parseServerHello(m_clear);
    if (rc && *rc == 0)
        return {};
    m_broken = true;
    if (rc)
        return base::fail(handshakeError(*rc, offered));
    base::Error failed = rc.error();
    if (failed.kind == ErrorKind::TimedOut || failed.kind == ErrorKind::Cancelled) {
        failed.stage = m_hello.software.isEmpty() ? Stage::Banner : Stage::Kex;
        return base::fail(std::move(failed));
    }
    return base::fail(handshakeError(LIBSSH2_ERROR_PROTO, offered));
}

base::Error Session::handshakeError(int code, const Algorithms &offered) const
{
    if (m_hello.software.isEmpty()) {
        if (m_clear.isEmpty())
            return {ErrorKind::ConnectionLost, Stage::Banner, m_host, {}};
        return {ErrorKind::NotAnSshServer, Stage::Banner, m_host,
                base::UntrustedText(m_clear).display(200)};
    }
    const QByteArray &software = m_hello.software;
    if (!software.startsWith("SSH-2.0-") && !software.startsWith("SSH-1.99-"))
        return {ErrorKind::NotAnSshServer, Stage::Banner, m_host,
                base::UntrustedText(software).display(200)};
    if (m_hello.offerSeen) {
        const Mismatch mismatch = findMismatch(offered, m_hello);
        if (!mismatch.list.isEmpty())
            return {ErrorKind::NoCommonAlgorithm, Stage::Kex, m_host,
                    u"%1: the server offers %2; accepted are %3"_s.arg(
                        mismatch.list, base::UntrustedText(mismatch.server).display(1000),
                        QString::fromLatin1(mismatch.ours))};
    }
    base::Error failed
        = error(code, code == LIBSSH2_ERROR_HOSTKEY_SIGN ? Stage::HostKey : Stage::Kex);
    return failed;
}

QByteArray Session::hostKey() const
{
    size_t size = 0;
    int type = 0;
    const char *key = libssh2_session_hostkey(m_session, &size, &type);
    return key != nullptr ? QByteArray(key, static_cast<qsizetype>(size)) : QByteArray();
}

QByteArray Session::method(int type) const
{
    const char *name = libssh2_session_methods(m_session, type);
    return name != nullptr ? QByteArray(name) : QByteArray();
}

base::Result<int> Session::drive(const Waiter &waiter,
                                 Stage stage,
                                 const std::function<int()> &step,
                                 const base::Deadline &patience)
{
    if (m_broken)
        return base::fail(ErrorKind::ConnectionLost, stage, m_host);
    m_waiter = &waiter;
    m_lastReceived = steady_clock::now(); // time between calls is no silence of the server
    for (;;) {
        m_turn = bytesPerTurn;
        const int rc = step();
        if (m_cut) {
            m_broken = true;
            m_waiter = nullptr;
            if (waiter.interrupted())
                return base::fail(waiter.error(stage, m_host));
            return base::fail(ErrorKind::ProtocolViolation, stage, m_host, m_refusal);
        }
        if (rc != LIBSSH2_ERROR_EAGAIN || patience.expired()) {
            m_waiter = nullptr;
            return rc;
        }
        if (auto waited = waitForSocket(waiter, stage, patience); !waited) {
            m_broken = true;
            m_waiter = nullptr;
            return base::fail(waited);
        }
    }
}

base::Result<void>
Session::waitForSocket(const Waiter &waiter, Stage stage, const base::Deadline &patience)
{
    const int directions = libssh2_session_block_directions(m_session);
    const bool outbound = (directions & LIBSSH2_SESSION_BLOCK_OUTBOUND) != 0;
    short events = 0;
    if ((directions & LIBSSH2_SESSION_BLOCK_INBOUND) != 0 || directions == 0)
        events |= POLLIN;
    if (outbound)
        events |= POLLOUT;
    std::array<pollfd, 1> watched{pollfd{m_socket.get(), events, 0}};
    const Waiter::Woke woke = waiter.wait(watched, std::min(m_keepAlive, patience.remaining()));
    if (woke == Waiter::Woke::Interrupted)
        return base::fail(waiter.error(stage, m_host));
    if (!m_loggedIn || woke == Waiter::Woke::Ready || patience.expired())
        return {};
    if (steady_clock::now() - m_lastReceived > silentKeepAlives * m_keepAlive)
        return base::fail(ErrorKind::ConnectionLost, stage, m_host);
    if (!outbound) {
        int next = 0;
        libssh2_keepalive_config(m_session, 1, 1);
        libssh2_keepalive_send(m_session, &next);
    }
    return {};
}

base::Error Session::error(int code, Stage stage) const
{
    char *text = nullptr;
    int length = 0;
    libssh2_session_last_error(m_session, &text, &length, 0);
    const QString detail
        = base::UntrustedText(QByteArray(text, text != nullptr ? length : 0)).display(300);
    if (m_closed)
        return {ErrorKind::ConnectionLost, stage, m_host, detail};
    switch (code) {
    case LIBSSH2_ERROR_SOCKET_SEND:
    case LIBSSH2_ERROR_SOCKET_RECV:
    case LIBSSH2_ERROR_SOCKET_DISCONNECT:
    case LIBSSH2_ERROR_SOCKET_TIMEOUT:
    case LIBSSH2_ERROR_BANNER_RECV:
    case LIBSSH2_ERROR_BANNER_SEND:
        return {ErrorKind::ConnectionLost, stage, m_host, detail};
    case LIBSSH2_ERROR_ALLOC:
        return {ErrorKind::Internal, stage, m_host, detail};
    default:
        return {ErrorKind::ProtocolViolation, stage, m_host, detail};
    }
}

} // namespace transport
