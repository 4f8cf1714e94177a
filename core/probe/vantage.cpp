#include "core/probe/vantage.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

using namespace Qt::StringLiterals;

namespace probe {

using model::AddressFamily;

namespace {

struct Interface
{
    QByteArray name;
    unsigned flags = 0;
    Address address;
};

std::optional<Address> addressOf(const sockaddr *from)
{
    Address address;
    if (from && from->sa_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, from, sizeof ipv4);
        std::memcpy(address.bytes.data(), &ipv4.sin_addr, sizeof ipv4.sin_addr);
        return address;
    }
    if (from && from->sa_family == AF_INET6) {
        sockaddr_in6 ipv6{};
        std::memcpy(&ipv6, from, sizeof ipv6);
        address.family = AddressFamily::IPv6;
        std::memcpy(address.bytes.data(), &ipv6.sin6_addr, address.bytes.size());
        if (IN6_IS_ADDR_LINKLOCAL(&ipv6.sin6_addr))
            address.scope = ipv6.sin6_scope_id;
        return address;
    }
    return std::nullopt;
}

std::vector<Interface> ownInterfaces()
{
    std::vector<Interface> interfaces;
    ifaddrs *list = nullptr;
    if (::getifaddrs(&list) != 0)
        return interfaces;
    for (const ifaddrs *entry = list; entry; entry = entry->ifa_next) {
        const auto address = addressOf(entry->ifa_addr);
        if (address && (entry->ifa_flags & IFF_UP))
            interfaces.push_back({entry->ifa_name, entry->ifa_flags, *address});
    }
    ::freeifaddrs(list);
    return interfaces;
}

/// The address we would send from, or nothing without a route. Connecting a datagram socket only
/// asks the routing table.
std::optional<Address> sourceToward(const Address &target)
{
    const bool ipv4 = target.family == AddressFamily::IPv4;
    const int descriptor = ::socket(ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return std::nullopt;
    constexpr quint16 anyPort = 443;
    sockaddr_storage storage{};
    socklen_t size = sizeof(sockaddr_in);
    if (ipv4) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(anyPort);
        std::memcpy(&to.sin_addr, target.bytes.data(), sizeof to.sin_addr);
        std::memcpy(&storage, &to, sizeof to);
    } else {
        sockaddr_in6 to{};
        to.sin6_family = AF_INET6;
        to.sin6_port = htons(anyPort);
        to.sin6_scope_id = target.scope;
        std::memcpy(&to.sin6_addr, target.bytes.data(), sizeof to.sin6_addr);
        std::memcpy(&storage, &to, sizeof to);
        size = sizeof to;
    }
    std::optional<Address> source;
    if (::connect(descriptor, reinterpret_cast<const sockaddr *>(&storage), size) == 0) {
        sockaddr_storage own{};
        socklen_t ownSize = sizeof own;
        if (::getsockname(descriptor, reinterpret_cast<sockaddr *>(&own), &ownSize) == 0)
            source = addressOf(reinterpret_cast<const sockaddr *>(&own));
    }
    ::close(descriptor);
    return source;
}

bool isLoopback(const Address &address, const std::vector<Interface> &interfaces)
{
    const auto own = std::ranges::find(interfaces, address, &Interface::address);
    return own != interfaces.end() && (own->flags & IFF_LOOPBACK);
}

QString routeToward(const Address &target, const std::vector<Interface> &interfaces)
{
    const std::optional<Address> source = sourceToward(target);
    if (!source)
        return u"unknown"_s;
    const auto leaving = std::ranges::find(interfaces, *source, &Interface::address);
    if (leaving == interfaces.end())
        return u"unknown"_s;
    const bool tunnel = (leaving->flags & IFF_POINTOPOINT) || isTunnelName(leaving->name);
    return tunnel ? u"vpn"_s : u"direct"_s;
}

/// One public address of a family, to ask the routing table with; a root name server's.
Address farAddress(AddressFamily family)
{
    return parseAddress(family == AddressFamily::IPv4 ? u"198.41.0.4"_s : u"2001:503:ba3e::2:30"_s)
        .value_or(Address());
}

} // namespace

bool isTunnelName(QByteArrayView interface)
{
    static constexpr std::array<QByteArrayView, 16> prefixes{
        "tun", "tap",  "wg",  "ppp", "utun",   "ipsec",    "vti",    "xfrm",
        "gre", "l2tp", "vpn", "zt",  "nebula", "nordlynx", "proton", "tailscale"};
    return std::ranges::any_of(prefixes,
                               [&](QByteArrayView prefix) { return interface.startsWith(prefix); });
}

model::Vantage lookAround(const Address &target, bool viaJump)
{
    model::Vantage vantage;
    const std::vector<Interface> interfaces = ownInterfaces();
    for (const AddressFamily family : {AddressFamily::IPv4, AddressFamily::IPv6}) {
        // Of the other family the server has some address or none, out there like any other.
        const std::optional<Address> source
            = sourceToward(target.family == family ? target : farAddress(family));
        if (source && !isLoopback(*source, interfaces))
            vantage.addresses.push_back(addressText(*source));
        if (source || sourceToward(farAddress(family)))
            vantage.families.push_back(family);
    }
    vantage.route = viaJump ? u"jump"_s : routeToward(target, interfaces);
    return vantage;
}

} // namespace probe
