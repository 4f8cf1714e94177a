#include "core/probe/resolver.h"

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

using namespace Qt::StringLiterals;

namespace probe {

using base::ErrorKind;
using base::Result;
using base::Stage;

namespace {

/// Shared with the thread that asks, which may outlive the one that waits.
struct Question
{
    QByteArray name;
    std::mutex mutex;
    std::condition_variable_any answered;
    bool done = false;
    int code = 0;
    std::vector<Address> addresses;
};

Address addressOf(const addrinfo &info)
{
    Address address;
    if (info.ai_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, info.ai_addr, sizeof ipv4);
        std::memcpy(address.bytes.data(), &ipv4.sin_addr, sizeof ipv4.sin_addr);
        return address;
    }
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, info.ai_addr, sizeof ipv6);
    if (IN6_IS_ADDR_V4MAPPED(&ipv6.sin6_addr)) {
        std::memcpy(address.bytes.data(), reinterpret_cast<const char *>(&ipv6.sin6_addr) + 12, 4);
        return address;
    }
    address.family = model::AddressFamily::IPv6;
    address.scope = ipv6.sin6_scope_id;
    std::memcpy(address.bytes.data(), &ipv6.sin6_addr, address.bytes.size());
    return address;
}

void ask(const std::shared_ptr<Question> &question)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *list = nullptr;
    const int code = ::getaddrinfo(question->name.constData(), nullptr, &hints, &list);
    std::vector<Address> addresses;
    for (const addrinfo *info = list; info; info = info->ai_next) {
        if (info->ai_family != AF_INET && info->ai_family != AF_INET6)
            continue;
        const Address address = addressOf(*info);
        if (std::ranges::find(addresses, address) == addresses.end())
            addresses.push_back(address);
    }
    if (list)
        ::freeaddrinfo(list);
    {
        const std::lock_guard lock(question->mutex);
        question->code = code;
        question->addresses = std::move(addresses);
        question->done = true;
    }
    question->answered.notify_all();
}

} // namespace

Result<std::vector<Address>> resolveName(const QByteArray &name, const base::Interrupt &interrupt)
{
    const QString shown = QString::fromLatin1(name);
    const auto question = std::make_shared<Question>();
    question->name = name;
    std::thread([question] { ask(question); }).detach();

    std::unique_lock lock(question->mutex);
    const bool done = question->answered.wait_for(
        lock, interrupt.stop, interrupt.deadline.remaining(), [&] { return question->done; });
    if (!done && interrupt.stop.stop_requested())
        return base::fail(ErrorKind::Cancelled, Stage::Name, shown);
    if (!done)
        return base::fail(ErrorKind::TimedOut, Stage::Name, shown, u"no answer in time"_s);
    if (question->code != 0 || question->addresses.empty())
        return base::fail(ErrorKind::NameNotFound, Stage::Name, shown,
                          QString::fromLocal8Bit(::gai_strerror(question->code)));
    return question->addresses;
}

} // namespace probe
