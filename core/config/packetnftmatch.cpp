// Matches of `nft -j list ruleset`.

#include "core/config/packetnftmatch.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

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
    NextHeader,
    TcpFlags
};

What subject(const QJsonValue &left)
{
    const QJsonObject object = left.toObject();
    // `tcp flags & (fin|syn|rst|ack) == syn`: masked.
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
        if (field == u"protocol")
            return What::Protocol;
        if (field == u"nexthdr")
            return What::NextHeader;
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

QString payloadProtocol(const QJsonValue &left)
{
    const QJsonObject object = left.toObject();
    if (const QJsonArray masked = object[u"&"_s].toArray(); masked.size() == 2)
        return payloadProtocol(masked[0]);
    return object[u"payload"_s].toObject()[u"protocol"_s].toString();
}

/// The protocol a payload expression implies: `tcp dport 22` is no match for UDP.
QString impliedProtocol(const QJsonValue &left)
{
    const QString protocol = payloadProtocol(left);
    const bool transport = protocol == u"tcp" || protocol == u"udp" || protocol == u"sctp"
        || protocol == u"dccp" || protocol == u"udplite" || protocol == u"ah" || protocol == u"esp"
        || protocol == u"comp" || protocol.startsWith(u"icmp") || protocol == u"igmp";
    return transport ? protocol : QString();
}

std::optional<PacketFamily> impliedFamily(const QJsonValue &left)
{
    const QString protocol = payloadProtocol(left);
    if (protocol == u"ip")
        return PacketFamily::IPv4;
    if (protocol == u"ip6")
        return PacketFamily::IPv6;
    return std::nullopt;
}

QByteArray sortable(const QHostAddress &address)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol)
        return QByteArray::number(address.toIPv4Address()).rightJustified(10, '0');
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    return QByteArray(reinterpret_cast<const char *>(bytes.c), sizeof bytes.c).toHex();
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
        return tri(sortable(low) <= sortable(actual) && sortable(actual) <= sortable(high));
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

Tri matchSourcePortValue(const QJsonValue &value, const State &state)
{
    if (value.isDouble())
        return matchSourcePort(state, value.toInt(), value.toInt());
    if (const QJsonArray range = value.toObject()[u"range"_s].toArray(); range.size() == 2)
        return matchSourcePort(state, range[0].toInt(-1), range[1].toInt(-1));
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
        if (word == u"new")
            return state.connection;
        if (word == u"untracked")
            return both(!state.connection, state.untracked);
        if (word == u"invalid")
            return both(!state.connection, !state.untracked);
        return Tri::No;
    case What::CtStatus:
        return tri(word == u"dnat" && state.translated);
    case What::CtDirection:
        return tri(word == u"original");
    case What::Family:
        return tri(word == (state.family == PacketFamily::IPv4 ? u"ipv4"_s : u"ipv6"_s)
                   || word == (state.family == PacketFamily::IPv4 ? u"ip"_s : u"ip6"_s));
    case What::AddressType:
        if (word == u"local")
            return state.isLocal(state.destination);
        return word == u"unicast" ? !state.isLocal(state.destination) : Tri::No;
    default:
        return Tri::Maybe;
    }
}

/// One value of the right side against the packet.
Tri matchValue(What what, const QJsonValue &value, const State &state)
{
    switch (what) {
    case What::In:
        return value.isString() ? matchInterface(value.toString().toUtf8(), state.in, true)
                                : Tri::Maybe;
    case What::Out:
        if (!state.forwarded)
            return Tri::No;
        return value.isString() ? matchInterface(value.toString().toUtf8(), state.out, false)
                                : Tri::Maybe;
    case What::Source:
        return matchAddressValue(value, state.source);
    case What::Destination:
        return state.redirected ? Tri::Maybe : matchAddressValue(value, state.destination);
    case What::SourcePort:
        return matchSourcePortValue(value, state);
    case What::DestinationPort:
        return matchPortValue(value, state.destinationPort);
    case What::Protocol:
        return matchProtocol(value, state);
    case What::NextHeader: // of the first header only, and the sender may put others before
        return both(Tri::Maybe, matchProtocol(value, state));
    case What::Opaque:
        return Tri::Maybe;
    default:
        return value.isString() ? matchWord(what, value.toString(), state) : Tri::Maybe;
    }
}

Tri matchAny(What what, const QJsonArray &values, const State &state)
{
    Tri any = Tri::No;
    for (const QJsonValue &value : values)
        any = either(any, matchValue(what, bare(value), state));
    return any;
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

/// "syn", ["fin", "syn"], {"|": ["fin", "syn"]} or a number as bits.
std::optional<int> flagBits(const QJsonValue &value)
{
    if (value.isDouble())
        return value.toInt();
    if (value.isString())
        return tcpFlag(value.toString().toLatin1());
    const QJsonArray list = value.isArray() ? value.toArray() : value.toObject()[u"|"_s].toArray();
    int bits = 0;
    for (const QJsonValue &each : list) {
        const std::optional<int> one = flagBits(each);
        if (!one)
            return std::nullopt;
        bits |= *one;
    }
    return list.isEmpty() ? std::nullopt : std::optional(bits);
}

Tri matchFlags(const QString &op, const QJsonValue &left, const QJsonValue &right)
{
    constexpr int every = 0xff;
    const QJsonArray masked = left.toObject()[u"&"_s].toArray();
    const std::optional<int> mask = masked.isEmpty() ? every : flagBits(masked[1]);
    if (!mask)
        return Tri::Maybe;
    const QJsonValue set = right.toObject()[u"set"_s];
    const bool exact = op == u"==" || op == u"!=";
    Tri any = Tri::No;
    for (const QJsonValue &value : set.isArray() ? set.toArray() : QJsonArray{right}) {
        const std::optional<int> wanted = flagBits(bare(value));
        if (!wanted)
            return Tri::Maybe;
        // "==" asks for exactly these bits; "in" for any of them, "!" for none.
        any = either(any,
                     exact ? matchTcpFlags(*mask, *wanted) : !matchTcpFlags(*mask & *wanted, 0));
    }
    return op == u"!=" || op == u"!" ? !any : any;
}

bool asksConnection(What what)
{
    return what == What::CtState || what == What::CtStatus || what == What::CtDirection;
}

/// The left side equals the right one, or has a value among it.
Tri equals(const NftScope &scope,
           What what,
           const QJsonValue &left,
           const QJsonValue &right,
           bool negated,
           const State &state)
{
    Tri looks = applies(left, state);
    // Without a connection these end the rule, but for its state.
    if (asksConnection(what) && what != What::CtState)
        looks = both(looks, state.connection);
    if (looks == Tri::No)
        return Tri::No;
    const Tri matched = matchRight(scope, what, right, state);
    return both(looks, negated ? !matched : matched);
}

} // namespace

QJsonValue bare(const QJsonValue &element)
{
    const QJsonObject wrapped = element.toObject()[u"elem"_s].toObject();
    return wrapped.isEmpty() ? element : wrapped[u"val"_s];
}

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
        return [op, left, right](const State &state) {
            return applies(left, state) == Tri::No ? Tri::No : matchFlags(op, left, right);
        };
    }
    // A status has several bits, and only "in" asks for one of them.
    const bool exact = op == u"==" || op == u"!=";
    if ((!exact && op != u"in") || (exact && (what == What::CtStatus || right.isArray())))
        return [left](const State &state) { return both(Tri::Maybe, applies(left, state)); };
    return [scope, what, left, right, negated = op == u"!="](const State &state) {
        return equals(scope, what, left, right, negated, state);
    };
}

Condition nftMapKey(const NftScope &scope, const QJsonValue &key, const QJsonValue &element)
{
    const QJsonValue value = bare(element);
    if (value == u"*"_s)
        return [key](const State &state) { return applies(key, state); };
    return [scope, key, value, what = subject(key)](const State &state) {
        return equals(scope, what, key, value, false, state);
    };
}

} // namespace config::packet
