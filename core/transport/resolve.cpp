#include "core/transport/resolve.h"

#include <QUrl>

#include <netdb.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

namespace transport {

using base::ErrorKind;
using base::Stage;

namespace {

constexpr std::size_t maximumAddresses = 8;

LookupAnswer lookUp(const QByteArray &host, quint16 port, int flags)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo *found = nullptr;
    LookupAnswer answer;
    const QByteArray service = QByteArray::number(port);
    answer.status = ::getaddrinfo(host.constData(), service.constData(), &hints, &found);
    if (answer.status != 0)
        return answer;
    for (const addrinfo *info = found; info != nullptr; info = info->ai_next) {
        Address address;
        if (info->ai_addrlen > sizeof(address.storage))
            continue;
        std::memcpy(&address.storage, info->ai_addr, info->ai_addrlen);
        address.length = info->ai_addrlen;
        answer.addresses.push_back(address);
    }
    ::freeaddrinfo(found);
    return answer;
}

/// First, first of the other family, second, ...: one dead family costs one delay, not all of them.
std::vector<Address> alternating(const std::vector<Address> &addresses)
{
    std::vector<Address> first;
    std::vector<Address> second;
    for (const Address &address : addresses)
        (address.family() == addresses.front().family() ? first : second).push_back(address);
    std::vector<Address> mixed;
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size())
            mixed.push_back(first[i]);
        if (i < second.size())
            mixed.push_back(second[i]);
    }
    mixed.resize(std::min(mixed.size(), maximumAddresses));
    return mixed;
}

/// Owned by both threads; the one that goes last frees it.
struct Shared
{
    std::mutex mutex;
    LookupAnswer answer;
    bool done = false;
    base::UniqueFd event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

base::Result<std::vector<Address>> judged(const LookupAnswer &answer, const QString &host)
{
    if (answer.status == 0 && !answer.addresses.empty())
        return alternating(answer.addresses);
    const QString detail = QString::fromLocal8Bit(::gai_strerror(answer.status));
    return base::fail(ErrorKind::NameNotFound, Stage::Name, host, detail);
}

} // namespace

QString Address::numeric() const
{
    std::array<char, NI_MAXHOST> text{};
    const auto *raw = static_cast<const sockaddr *>(static_cast<const void *>(&storage));
    if (::getnameinfo(raw, length, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
        return {};
    return QString::fromLatin1(text.data());
}

LookupAnswer systemLookup(const QByteArray &host, quint16 port)
{
    return lookUp(host, port, AI_ADDRCONFIG);
}

base::Result<std::vector<Address>>
resolve(const QString &host, quint16 port, const Waiter &waiter, const Lookup &lookup)
{
    // A numeric address needs no thread; a name with non-ASCII letters travels in its ASCII form.
    QByteArray name = host.toUtf8();
    if (const LookupAnswer numeric = lookUp(name, port, AI_NUMERICHOST); numeric.status == 0)
        return judged(numeric, host);
    if (std::any_of(host.begin(), host.end(), [](QChar c) { return c.unicode() > 0x7f; }))
        name = QUrl::toAce(host);
    if (name.isEmpty() || name.startsWith('-') || name.size() > 253 || name.contains('\0'))
        return base::fail(ErrorKind::NameNotFound, Stage::Name, host);

    auto shared = std::make_shared<Shared>();
    if (!shared->event)
        return base::fail(ErrorKind::Internal, Stage::Name, host);
    std::thread([shared, lookup, name, port] {
        LookupAnswer answer = lookup(name, port);
        const std::lock_guard lock(shared->mutex);
        shared->answer = std::move(answer);
        shared->done = true;
        ::eventfd_write(shared->event.get(), 1);
    }).detach();

    for (;;) {
        std::array<pollfd, 1> watched{pollfd{shared->event.get(), POLLIN, 0}};
        if (waiter.wait(watched, std::chrono::minutes(1)) == Waiter::Woke::Interrupted)
            return base::fail(waiter.error(Stage::Name, host));
        const std::lock_guard lock(shared->mutex);
        if (shared->done)
            return judged(shared->answer, host);
    }
}

} // namespace transport
