#include "core/transport/connect.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace transport {

using base::ErrorKind;
using base::Stage;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds stagger{250};

struct Attempt
{
    base::UniqueFd socket;
    Address address;
};

struct Progress
{
    std::vector<Attempt> running;
    int refusal = 0; ///< the most telling errno so far
};

void note(Progress &progress, int error)
{
    // A refusal proves that the machine answers; nothing else says more.
    if (progress.refusal != ECONNREFUSED)
        progress.refusal = error;
}

void start(Progress &progress, const Address &address)
{
    base::UniqueFd socket(
        ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    if (!socket) {
        note(progress, errno);
        return;
    }
    const auto *raw = static_cast<const sockaddr *>(static_cast<const void *>(&address.storage));
    if (::connect(socket.get(), raw, address.length) != 0 && errno != EINPROGRESS) {
        note(progress, errno);
        return;
    }
    progress.running.push_back({std::move(socket), address});
}

int socketError(int fd)
{
    int error = 0;
    socklen_t size = sizeof(error);
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

Connected finish(Attempt attempt)
{
    const int on = 1;
    ::setsockopt(attempt.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    ::setsockopt(attempt.socket.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    Address local;
    local.length = sizeof(local.storage);
    auto *raw = static_cast<sockaddr *>(static_cast<void *>(&local.storage));
    if (::getsockname(attempt.socket.get(), raw, &local.length) != 0)
        local.length = 0;
    const QString localAddress = local.length > 0 ? local.numeric() : QString();
    return {std::move(attempt.socket), attempt.address.numeric(), localAddress};
}

/// The first attempt that is through; failed ones are dropped.
std::optional<Connected> harvest(Progress &progress, const std::vector<pollfd> &watched)
{
    for (std::size_t i = watched.size(); i-- > 0;) {
        if (watched[i].revents == 0)
            continue;
        const int error = socketError(watched[i].fd);
        if (error == 0)
            return finish(std::move(progress.running[i]));
        note(progress, error);
        progress.running.erase(progress.running.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return std::nullopt;
}

base::Error failure(int error, const QString &host)
{
    ErrorKind kind = ErrorKind::Unreachable;
    if (error == ECONNREFUSED)
        kind = ErrorKind::ConnectionRefused;
    else if (error == ETIMEDOUT)
        kind = ErrorKind::TimedOut;
    else if (error == ECONNRESET)
        kind = ErrorKind::ConnectionLost;
    return {kind, Stage::Tcp, host, QString::fromLocal8Bit(std::strerror(error))};
}

} // namespace

base::Result<Connected>
connectToAny(const std::vector<Address> &addresses, const QString &host, const Waiter &waiter)
{
    Progress progress;
    std::size_t next = 0;
    for (;;) {
        if (next < addresses.size())
            start(progress, addresses[next++]);
        if (progress.running.empty()) {
            if (next == addresses.size())
                return base::fail(failure(progress.refusal, host));
            continue;
        }
        std::vector<pollfd> watched;
        for (const Attempt &attempt : progress.running)
            watched.push_back({attempt.socket.get(), POLLOUT, 0});
        const bool last = next == addresses.size();
        if (waiter.wait(watched, last ? milliseconds(60000) : stagger)
            == Waiter::Woke::Interrupted) {
            base::Error error = waiter.error(Stage::Tcp, host);
            if (error.kind == ErrorKind::TimedOut && progress.refusal != 0)
                error.detail = QString::fromLocal8Bit(std::strerror(progress.refusal));
            return base::fail(std::move(error));
        }
        if (auto connected = harvest(progress, watched))
            return std::move(*connected);
    }
}

} // namespace transport
