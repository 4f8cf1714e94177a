#include "core/probe/address.h"

#include <QUrl>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace probe {

using model::AddressFamily;

namespace {

constexpr std::size_t ipv4Size = 4;

quint32 ipv4Number(const quint8 *bytes)
{
    return (quint32(bytes[0]) << 24) | (quint32(bytes[1]) << 16) | (quint32(bytes[2]) << 8)
        | bytes[3];
}

struct Block
{
    quint32 network;
    int bits;
    Range range;
};

Range rangeOfIpv4(const quint8 *bytes)
{
    static constexpr Block blocks[] = {
        {0x00000000, 8, Range::Special}, // this network
        {0x0a000000, 8, Range::Private10}, //
        {0x64400000, 10, Range::CarrierNat}, // 100.64.0.0
        {0x7f000000, 8, Range::Loopback}, //
        {0xa9fe0000, 16, Range::LinkLocal}, // 169.254.0.0, cloud metadata among them
        {0xac100000, 12, Range::Private172}, // 172.16.0.0
        {0xc0000000, 24, Range::Special}, // 192.0.0.0, protocol assignments
        {0xc0000200, 24, Range::Special}, // 192.0.2.0, test net
        {0xc0586300, 24, Range::Special}, // 192.88.99.0, 6to4 relays
        {0xc0a80000, 16, Range::Private192}, // 192.168.0.0
        {0xc6120000, 15, Range::Special}, // 198.18.0.0, benchmarks
        {0xc6336400, 24, Range::Special}, // 198.51.100.0, test net
        {0xcb007100, 24, Range::Special}, // 203.0.113.0, test net
        {0xe0000000, 3, Range::Special}, // multicast, reserved, broadcast
    };
    const quint32 number = ipv4Number(bytes);
    for (const Block &block : blocks) {
        const quint32 mask = ~quint32(0) << (32 - block.bits);
        if ((number & mask) == block.network)
            return block.range;
    }
    return Range::Public;
}

bool startsWith(const std::array<quint8, 16> &bytes, std::initializer_list<quint8> prefix)
{
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

Range rangeOfIpv6(const std::array<quint8, 16> &bytes)
{
    const bool twelveZeros
        = std::all_of(bytes.begin(), bytes.begin() + 12, [](quint8 b) { return b == 0; });
    if (twelveZeros) {
        const quint32 rest = ipv4Number(bytes.data() + 12);
        if (rest == 1)
            return Range::Loopback;
        // :: itself and the dead "IPv4-compatible" form
        return rest == 0 ? Range::Special : rangeOfIpv4(bytes.data() + 12);
    }
    if (startsWith(bytes, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}))
        return rangeOfIpv4(bytes.data() + 12); // NAT64, 64:ff9b::/96
    if (startsWith(bytes, {0x20, 0x02}))
        return rangeOfIpv4(bytes.data() + 2); // 6to4
    if (startsWith(bytes, {0xfe}) && (bytes[1] & 0xc0) == 0x80)
        return Range::LinkLocal; // fe80::/10
    if (startsWith(bytes, {0xfe}) && (bytes[1] & 0xc0) == 0xc0)
        return Range::SiteLocal; // fec0::/10
    if ((bytes[0] & 0xfe) == 0xfc)
        return Range::UniqueLocal; // fc00::/7
    if (startsWith(bytes, {0x20, 0x01, 0x0d, 0xb8}) || startsWith(bytes, {0x20, 0x01, 0x00, 0x00}))
        return Range::Special; // documentation; Teredo, which hides an IPv4 address behind a mask
    // Only 2000::/3 is global unicast; the rest is multicast, discard, reserved, local NAT64.
    return (bytes[0] & 0xe0) == 0x20 ? Range::Public : Range::Special;
}

bool isLabel(QByteArrayView label)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !label.isEmpty() && label.size() <= 63 && label.front() != '-' && label.back() != '-'
        && std::all_of(label.begin(), label.end(), allowed);
}

} // namespace

std::optional<Address> parseAddress(const QString &text)
{
    if (text.size() > 100 || text.contains(QChar(u'\0')))
        return std::nullopt;
    const QByteArray bytes = text.toLatin1();
    Address address;
    in_addr ipv4{};
    if (::inet_pton(AF_INET, bytes.constData(), &ipv4) == 1) {
        std::memcpy(address.bytes.data(), &ipv4, ipv4Size);
        return address;
    }
    const qsizetype percent = bytes.indexOf('%');
    const QByteArray number = percent < 0 ? bytes : bytes.first(percent);
    in6_addr ipv6{};
    if (::inet_pton(AF_INET6, number.constData(), &ipv6) != 1)
        return std::nullopt;
    if (IN6_IS_ADDR_V4MAPPED(&ipv6)) {
        std::memcpy(address.bytes.data(), reinterpret_cast<const char *>(&ipv6) + 12, ipv4Size);
        return address;
    }
    address.family = AddressFamily::IPv6;
    std::memcpy(address.bytes.data(), &ipv6, address.bytes.size());
    if (percent >= 0) {
        address.scope = ::if_nametoindex(bytes.constData() + percent + 1);
        if (address.scope == 0)
            return std::nullopt;
    }
    return address;
}

QString addressText(const Address &address)
{
    char text[INET6_ADDRSTRLEN] = {};
    const int family = address.family == AddressFamily::IPv4 ? AF_INET : AF_INET6;
    if (!::inet_ntop(family, address.bytes.data(), text, sizeof text))
        return {};
    QString result = QString::fromLatin1(text);
    char interface[IF_NAMESIZE] = {};
    if (address.scope != 0 && ::if_indextoname(address.scope, interface))
        result += u'%' + QString::fromLatin1(interface);
    return result;
}

Range rangeOf(const Address &address)
{
    return address.family == AddressFamily::IPv4 ? rangeOfIpv4(address.bytes.data())
                                                 : rangeOfIpv6(address.bytes);
}

std::optional<QByteArray> dnsName(const QString &text)
{
    if (text.isEmpty() || text.size() > 253 || parseAddress(text))
        return std::nullopt;
    const bool ascii = std::all_of(
        text.begin(), text.end(), [](QChar c) { return c.unicode() > 0x20 && c.unicode() < 0x7f; });
    // Qt's conversion refuses underscores, which real names have; it is needed for IDN only.
    QByteArray name = ascii ? text.toLatin1().toLower() : QUrl::toAce(text);
    if (name.endsWith('.'))
        name.chop(1);
    if (name.isEmpty() || name.size() > 253)
        return std::nullopt;
    const QList<QByteArray> labels = name.split('.');
    if (!std::all_of(labels.begin(), labels.end(), [](const QByteArray &l) { return isLabel(l); }))
        return std::nullopt;
    // A last label of digits alone would be read as an address by some ("127.1").
    const QByteArray &last = labels.last();
    if (std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    return name;
}

} // namespace probe
