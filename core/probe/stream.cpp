#include "core/probe/stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

using namespace Qt::StringLiterals;

namespace probe {

using base::ErrorKind;
using base::Interrupt;
using base::Result;
using base::Stage;

namespace {

/// How long a wait may go without looking at the stop token.
constexpr std::chrono::milliseconds slice{50};

auto failed(ErrorKind kind, const QString &detail = {})
{
    return base::fail(kind, Stage::Probe, u"the probe"_s, detail);
}

auto failedWith(int code)
{
    const QString text = QString::fromLocal8Bit(std::strerror(code));
    switch (code) {
    case ECONNREFUSED:
        return failed(ErrorKind::ConnectionRefused, u"connection refused"_s);
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
    case EACCES:
    case EPERM:
        return failed(ErrorKind::Unreachable, text);
    case ECONNRESET:
    case EPIPE:
        return failed(ErrorKind::ConnectionLost, u"connection reset"_s);
    case ETIMEDOUT:
        return failed(ErrorKind::TimedOut, u"no answer in time"_s);
    default:
        return failed(ErrorKind::Internal, text);
    }
}

Result<void> waitFor(int descriptor, short events, const Interrupt &interrupt)
{
    for (;;) {
        if (interrupt.stop.stop_requested())
            return failed(ErrorKind::Cancelled, u"cancelled"_s);
        if (interrupt.deadline.expired())
            return failed(ErrorKind::TimedOut, u"no answer in time"_s);
        pollfd waiting{descriptor, events, 0};
        const auto span = std::min(slice, interrupt.deadline.remaining());
        const int ready = ::poll(&waiting, 1, static_cast<int>(span.count()));
        if (ready > 0)
            return {};
        if (ready < 0 && errno != EINTR)
            return failedWith(errno);
    }
}

socklen_t fill(sockaddr_storage &storage, const Endpoint &endpoint)
{
    if (endpoint.address.family == model::AddressFamily::IPv4) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(endpoint.port);
        std::memcpy(&address.sin_addr, endpoint.address.bytes.data(), sizeof address.sin_addr);
        std::memcpy(&storage, &address, sizeof address);
        return sizeof address;
    }
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(endpoint.port);
    address.sin6_scope_id = endpoint.address.scope;
    std::memcpy(&address.sin6_addr, endpoint.address.bytes.data(), sizeof address.sin6_addr);
    std::memcpy(&storage, &address, sizeof address);
    return sizeof address;
}

} // namespace

Socket::~Socket()
{
    ::close(m_descriptor);
}

Result<qsizetype> Socket::read(char *into, qsizetype size, const Interrupt &interrupt)
{
    for (;;) {
        if (const auto ready = waitFor(m_descriptor, POLLIN, interrupt); !ready)
            return base::fail(ready);
        const ssize_t got = ::recv(m_descriptor, into, static_cast<std::size_t>(size), 0);
        if (got >= 0)
            return qsizetype(got);
        if (errno != EAGAIN && errno != EINTR)
            return failedWith(errno);
    }
}

Result<void> Socket::write(QByteArrayView bytes, const Interrupt &interrupt)
{
    while (!bytes.isEmpty()) {
        if (const auto ready = waitFor(m_descriptor, POLLOUT, interrupt); !ready)
            return base::fail(ready);
        const ssize_t sent = ::send(m_descriptor, bytes.data(),
                                    static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL);
        if (sent >= 0)
            bytes = bytes.sliced(sent);
        else if (errno != EAGAIN && errno != EINTR)
            return failedWith(errno);
    }
    return {};
}

Result<std::unique_ptr<Socket>> connectTo(const Endpoint &endpoint, const Interrupt &interrupt)
{
    sockaddr_storage storage{};
    const socklen_t size = fill(storage, endpoint);
    const int descriptor
        = ::socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0)
        return failedWith(errno);
    auto socket = std::make_unique<Socket>(descriptor);
    const int one = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);

    if (::connect(descriptor, reinterpret_cast<const sockaddr *>(&storage), size) == 0)
        return socket;
    if (errno != EINPROGRESS)
        return failedWith(errno);
    if (const auto ready = waitFor(descriptor, POLLOUT, interrupt); !ready)
        return base::fail(ready);
    int code = 0;
    socklen_t codeSize = sizeof code;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &codeSize) != 0)
        code = errno;
    if (code != 0)
        return failedWith(code);
    return socket;
}

QString failureText(const base::Error &error)
{
    return error.detail.isEmpty() ? base::kindName(error.kind) : error.detail;
}

} // namespace probe
