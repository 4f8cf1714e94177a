#include "core/transport/agent.h"

#include "core/transport/knownhosts.h"
#include "core/transport/wirereader.h"

#include <QFile>

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace transport {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Stage;

namespace {

constexpr char requestIdentities = 11;
constexpr char identitiesAnswer = 12;
constexpr char signRequest = 13;
constexpr char signResponse = 14;
constexpr quint32 maximumMessage = 256 * 1024;
constexpr quint32 maximumIdentities = 256;

tl::unexpected<base::Error> unavailable(const QString &detail)
{
    return base::fail(ErrorKind::AgentUnavailable, Stage::Authentication, u"ssh-agent"_s, detail);
}

bool waitFor(int fd, short events, const Waiter &waiter)
{
    std::array<pollfd, 1> watched{pollfd{fd, events, 0}};
    return waiter.wait(watched, std::chrono::hours(1)) == Waiter::Woke::Ready;
}

/// Reads or writes all of `size` bytes with `transfer`.
template <typename Transfer>
base::Result<void>
whole(int fd, short events, std::size_t size, const Waiter &waiter, Transfer transfer)
{
    std::size_t done = 0;
    while (done < size) {
        const ssize_t count = transfer(done, size - done);
        if (count > 0) {
            done += static_cast<std::size_t>(count);
        } else if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
            if (!waitFor(fd, events, waiter))
                return base::fail(waiter.error(Stage::Authentication, u"ssh-agent"_s));
        } else {
            return unavailable(u"the agent closed the connection"_s);
        }
    }
    return {};
}

} // namespace

base::Result<Agent> Agent::open(const QString &path, const Waiter &waiter)
{
    const QByteArray name = path.isEmpty() ? qgetenv("SSH_AUTH_SOCK") : QFile::encodeName(path);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.isEmpty() || static_cast<std::size_t>(name.size()) >= sizeof(address.sun_path))
        return unavailable(u"no agent is announced"_s);
    std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
    base::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const auto *raw = static_cast<const sockaddr *>(static_cast<const void *>(&address));
    while (!socket || ::connect(socket.get(), raw, sizeof(address)) != 0) {
        // A full backlog is EAGAIN and cannot be polled for.
        if (!socket || errno != EAGAIN)
            return unavailable(QString::fromLocal8Bit(std::strerror(errno)));
        if (waiter.wait({}, std::chrono::milliseconds(50)) == Waiter::Woke::Interrupted)
            return base::fail(waiter.error(Stage::Authentication, u"ssh-agent"_s));
    }
    return Agent(std::move(socket));
}

base::Result<QByteArray> Agent::ask(const QByteArray &request, const Waiter &waiter)
{
    QByteArray message;
    appendString(message, request);
    const int fd = m_socket.get();
    const auto sent = whole(fd, POLLOUT, static_cast<std::size_t>(message.size()), waiter,
                            [&](std::size_t from, std::size_t size) {
                                return ::send(fd, message.constData() + from, size, MSG_NOSIGNAL);
                            });
    if (!sent)
        return base::fail(sent);
    const auto read = [&](char *to, std::size_t size) {
        return whole(fd, POLLIN, size, waiter, [&](std::size_t from, std::size_t rest) {
            return ::recv(fd, to + from, rest, 0);
        });
    };
    std::array<char, 4> length{};
    if (const auto head = read(length.data(), length.size()); !head)
        return base::fail(head);
    const auto size = qFromBigEndian<quint32>(length.data());
    if (size == 0 || size > maximumMessage)
        return unavailable(u"the agent answers nonsense"_s);
    QByteArray body(static_cast<qsizetype>(size), '\0');
    if (const auto rest = read(body.data(), size); !rest)
        return base::fail(rest);
    return body;
}

base::Result<QList<AgentIdentity>> Agent::identities(const Waiter &waiter)
{
    const auto body = ask(QByteArray(1, requestIdentities), waiter);
    if (!body)
        return base::fail(body);
    if (body->front() != identitiesAnswer)
        return unavailable(u"the agent refuses to list its keys"_s);
    return parseIdentities(QByteArrayView(*body).sliced(1));
}

base::Result<QByteArray>
Agent::sign(const QByteArray &key, QByteArrayView data, quint32 flags, const Waiter &waiter)
{
    QByteArray request(1, signRequest);
    appendString(request, key);
    appendString(request, data);
    std::array<char, 4> flagBytes{};
    qToBigEndian(flags, flagBytes.data());
    request.append(flagBytes.data(), flagBytes.size());
    const auto body = ask(request, waiter);
    if (!body)
        return base::fail(body);
    const auto signature = WireReader(QByteArrayView(*body).sliced(1)).string();
    if (body->front() != signResponse || !signature)
        return base::fail(ErrorKind::AuthenticationFailed, Stage::Authentication, u"ssh-agent"_s,
                          u"the agent refuses to sign"_s);
    return signature->toByteArray();
}

QList<AgentIdentity> parseIdentities(QByteArrayView body)
{
    WireReader reader(body);
    const auto count = reader.number();
    QList<AgentIdentity> identities;
    for (quint32 i = 0; count && i < *count && i < maximumIdentities; ++i) {
        const auto key = reader.string();
        const auto comment = reader.string();
        if (!key || !comment)
            break;
        identities.append({key->toByteArray(), keyTypeOf(*key), QString::fromUtf8(*comment)});
    }
    return identities;
}

} // namespace transport
