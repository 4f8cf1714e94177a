#include "core/config/packetnftmatch.h"

#include <algorithm>
#include <array>
#include <optional>

namespace config::packet {

using namespace Qt::StringLiterals;

namespace {

enum class What {
    Opaque,
    In,
    Out,
    Protocol,
    Family,
    Source,
    Destination,
    SourcePort,
    DestinationPort,
    CtState,
    CtStatus,
    CtDirection,
    AddressType,
    TcpFlags
};

What subject(const QJsonValue &left)
{
    const QJsonObject object = left.toObject();
    // `tcp flags & (fin|syn|rst|ack) == syn`
    if (const QJsonArray masked = object[u"&"_s].toArray(); masked.size() == 2)
        return subject(masked[0]) == What::TcpFlags ? What::TcpFlags : What::Opaque;
    const QString meta = object[u"meta"_s].toObject()[u"key"_s].toString();
    if (meta == u"iifname" || meta == u"iif")
        return What::In;
    if (meta == u"oifname" || meta == u"oif")
        return What::Out;
    if (meta == u"l4proto")
        return What::Protocol;
    if (meta == u"nfproto" || meta == u"protocol")
        return What::Family;
    const QJsonObject payload = object[u"payload"_s].toObject();
    const QString field = payload[u"field"_s].toString();
    const QString protocol = payload[u"protocol"_s].toString();
    if (protocol == u"ip" || protocol == u"ip6") {
        if (field == u"saddr")
            return What::Source;
        if (field == u"daddr")
            return What::Destination;
        if (field == u"protocol" || field == u"nexthdr")
            return What::Protocol;
    }
    if (field == u"sport")
        return What::SourcePort;
    if (field == u"dport")
        return What::DestinationPort;
    if (protocol == u"tcp" && field == u"flags")
        return What::TcpFlags;
    const QString ct = object[u"ct"_s].toObject()[u"key"_s].toString();
    if (ct == u"state")
        return What::CtState;
    if (ct == u"status")
        return What::CtStatus;
    if (ct == u"direction")
        return What::CtDirection;
    const QJsonObject fib = object[u"fib"_s].toObject();
    const QJsonArray flags = fib[u"flags"_s].toArray();
    if (fib[u"result"_s] == u"type"_s && flags.contains(u"daddr"_s) && flags.size() == 1)
        return What::AddressType;
    return What::Opaque;
}

/// The transport protocol that a payload expression implies: `tcp dport 22` is no match for UDP,
/// nor `icmp type echo-request` for either.
QString impliedProtocol(const QJsonValue &left)
{
    static constexpr std::array<QStringView, 12> transports{u"tcp",  u"udp",     u"icmp", u"icmpv6",
                                                            u"igmp", u"udplite", u"sctp", u"dccp",
                                                            u"esp",  u"ah",      u"comp", u"gre"};
    const QJsonObject object = left.toObject();
    if (const QJsonArray masked = object[u"&"_s].toArray(); masked.size() == 2)
        return impliedProtocol(masked[0]);
    const QString protocol = object[u"payload"_s].toObject()[u"protocol"_s].toString();
    return std::ranges::find(transports, QStringView(protocol)) == transports.end() ? QString()
                                                                                    : protocol;
}

std::optional<PacketFamily> impliedFamily(const QJsonValue &left)
{
    const QString protocol = left.toObject()[u"payload"_s].toObject()[u"protocol"_s].toString();
    if (protocol == u"ip")
        return PacketFamily::IPv4;
    if (protocol == u"ip6")
        return PacketFamily::IPv6;
    return std::nullopt;
}

Tri matchAddressValue(const QJsonValue &value, const QHostAddress &actual)
{
    if (value.isString()) {
        const QHostAddress address(value.toString());
        return address.isNull() ? Tri::Maybe : tri(address == actual);
    }
    const QJsonObject object = value.toObject();
    if (const QJsonObject prefix = object[u"prefix"_s].toObject(); !prefix.isEmpty()) {
        return matchAddress(actual, QHostAddress(prefix[u"addr"_s].toString()),
                            prefix[u"len"_s].toInt(-1));
    }
    if (const QJsonArray range = object[u"range"_s].toArray(); range.size() == 2) {
        const QHostAddress low(range[0].toString());
        const QHostAddress high(range[1].toString());
        if (low.isNull() || high.isNull() || low.protocol() != actual.protocol())
            return low.isNull() || high.isNull() ? Tri::Maybe : Tri::No;
        const auto key = [](const QHostAddress &address) {
            if (address.protocol() == QAbstractSocket::IPv4Protocol) {
                const quint32 number = address.toIPv4Address();
                return QByteArray::number(number).rightJustified(10, '0');
            }
            const Q_IPV6ADDR bytes = address.toIPv6Address();
            return QByteArray(reinterpret_cast<const char *>(bytes.c), 16).toHex();
        };
        return tri(key(low) <= key(actual) && key(actual) <= key(high));
    }
    return Tri::Maybe;
}

Tri matchPortValue(const QJsonValue &value, quint16 actual)
{
    if (value.isDouble())
        return tri(value.toInt() == actual);
    if (const QJsonArray range = value.toObject()[u"range"_s].toArray(); range.size() == 2)
        return tri(range[0].toInt() <= actual && actual <= range[1].toInt());
    return Tri::Maybe;
}

Tri matchProtocol(const QJsonValue &value, const State &state)
{
    if (value.isDouble())
        return tri(value.toInt() == (state.protocol == "tcp" ? 6 : 17));
    return value.isString() ? tri(value.toString().toLatin1() == state.protocol) : Tri::Maybe;
}

Tri matchWord(What what, const QString &word, const State &state)
{
    switch (what) {
    case What::CtState:
        return tri(word == u"new");
    case What::CtStatus:
        return tri(word == u"dnat" && state.translated);
    case What::CtDirection:
        return tri(word == u"original");
    case What::Family:
        return tri(word == (state.family == PacketFamily::IPv4 ? u"ipv4"_s : u"ipv6"_s)
                   || word == (state.family == PacketFamily::IPv4 ? u"ip"_s : u"ip6"_s));
    case What::AddressType:
        if (word == u"local")
            return tri(state.destination == state.originalDestination);
        return tri(word != u"broadcast" && word != u"multicast" && word != u"anycast");
    default:
        return Tri::Maybe;
    }
}

/// One value of the right side against the packet.
Tri matchValue(What what, const QJsonValue &value, const State &state)
{
    switch (what) {
    case What::In:
        return matchInterface(value.toString().toUtf8(), state.in, true);
    case What::Out:
        return state.forwarded ? matchInterface(value.toString().toUtf8(), state.out, false)
                               : Tri::No;
    case What::Source:
        return matchAddressValue(value, state.source);
    case What::Destination:
        return matchAddressValue(value, state.destination);
    case What::SourcePort:
        return matchPortValue(value, state.sourcePort);
    case What::DestinationPort:
        return matchPortValue(value, state.destinationPort);
    case What::Protocol:
        return matchProtocol(value, state);
    case What::Opaque:
        return Tri::Maybe;
    default:
        return value.isString() ? matchWord(what, value.toString(), state) : Tri::Maybe;
    }
}

/// An element may be bare or wrapped with a timeout or counter.
QJsonValue bare(const QJsonValue &element)
{
    const QJsonObject wrapped = element.toObject()[u"elem"_s].toObject();
    return wrapped.isEmpty() ? element : wrapped[u"val"_s];
}

Tri matchAny(What what, const QJsonArray &values, const State &state)
{
    Tri any = Tri::No;
    for (const QJsonValue &value : values)
        any = either(any, matchValue(what, bare(value), state));
    return any;
}

/// The bits of flags: one name, a number, or several joined.
std::optional<int> flagBits(const QJsonValue &value)
{
    static constexpr std::array<QStringView, 8> names{u"fin", u"syn", u"rst", u"psh",
                                                      u"ack", u"urg", u"ecn", u"cwr"};
    if (value.isDouble())
        return value.toInt();
    if (value.isString()) {
        const auto found = std::ranges::find(names, QStringView(value.toString()));
        return found == names.end() ? std::nullopt : std::optional(1 << (found - names.begin()));
    }
    int bits = 0;
    const QJsonArray parts = value.isArray() ? value.toArray() : value.toObject()[u"|"_s].toArray();
    for (const QJsonValue &part : parts) {
        const std::optional<int> one = flagBits(part);
        if (!one)
            return std::nullopt;
        bits |= *one;
    }
    return parts.isEmpty() ? std::nullopt : std::optional(bits);
}

/// `tcp flags`, masked or not, against an opening packet, which carries SYN alone.
Tri matchFlags(const QString &op, const QJsonValue &left, const QJsonValue &right)
{
    constexpr int syn = 2;
    const QJsonArray masked = left.toObject()[u"&"_s].toArray();
    const std::optional<int> mask = masked.isEmpty() ? std::optional(0xff) : flagBits(masked[1]);
    if (!mask)
        return Tri::Maybe;
    const int actual = syn & *mask;
    const QJsonValue set = right.toObject()[u"set"_s];
    const QJsonArray values = set.isArray() ? set.toArray() : QJsonArray{right};
    Tri any = Tri::No;
    for (const QJsonValue &value : values) {
        const std::optional<int> bits = flagBits(bare(value));
        if (!bits)
            return Tri::Maybe;
        // "in" asks for any of the bits, "==" for exactly these.
        any = either(any, tri(op == u"in" || op == u"!" ? (actual & *bits) != 0 : actual == *bits));
    }
    return op == u"!=" || op == u"!" ? !any : any;
}

/// The right side: one value, a list of flags, an anonymous set or the name of one.
Tri matchRight(const NftScope &scope, What what, const QJsonValue &right, const State &state)
{
    if (right.isArray())
        return matchAny(what, right.toArray(), state);
    if (right.isString() && right.toString().startsWith(u'@')) {
        const NftSet *named = scope.named(right.toString());
        return named ? matchAny(what, named->elements, state) : Tri::Maybe;
    }
    if (const QJsonValue set = right.toObject()[u"set"_s]; set.isArray())
        return matchAny(what, set.toArray(), state);
    return matchValue(what, right, state);
}

/// Whether the left side can be looked at for this packet at all.
Tri applies(const QJsonValue &left, const State &state)
{
    const QString protocol = impliedProtocol(left);
    if (!protocol.isEmpty() && protocol.toLatin1() != state.protocol)
        return Tri::No;
    if (const auto family = impliedFamily(left); family && *family != state.family)
        return Tri::No;
    return Tri::Yes;
}

} // namespace

const NftSet *NftScope::named(const QString &reference) const
{
    const auto found = sets->constFind(prefix + reference.mid(1));
    return found == sets->cend() ? nullptr : &*found;
}

Condition nftMatch(const NftScope &scope, const QJsonObject &match)
{
    const QString op = match[u"op"_s].toString();
    const QJsonValue left = match[u"left"_s];
    const QJsonValue right = match[u"right"_s];
    const What what = subject(left);
    if (what == What::TcpFlags) {
        const bool known = op == u"==" || op == u"!=" || op == u"in" || op == u"!";
        return [=](const State &state) {
            if (applies(left, state) == Tri::No)
                return Tri::No;
            return known ? matchFlags(op, left, right) : Tri::Maybe;
        };
    }
    // Of bits that are set together, "==" asks for these and no others.
    const bool exact = op != u"in" && (right.isArray() || what == What::CtStatus);
    if ((op != u"==" && op != u"!=" && op != u"in") || exact)
        return [](const State &) { return Tri::Maybe; };
    return [=, negated = op == u"!="](const State &state) {
        if (applies(left, state) == Tri::No)
            return Tri::No;
        const Tri matched = matchRight(scope, what, right, state);
        return negated ? !matched : matched;
    };
}

Condition nftMapKey(const NftScope &scope, const QJsonValue &key, const QJsonValue &element)
{
    return [scope, key, what = subject(key), value = bare(element)](const State &state) {
        if (what == What::TcpFlags)
            return both(applies(key, state), matchFlags(u"=="_s, key, value));
        return both(applies(key, state), matchRight(scope, what, value, state));
    };
}

} // namespace config::packet
