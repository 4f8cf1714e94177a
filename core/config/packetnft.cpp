// Reads `nft -j list ruleset` (libnftables-json).

#include "core/config/packetmodel.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonValue>

#include <algorithm>
#include <array>
#include <memory>

namespace config::packet {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype branchLimit = 100'000; ///< of all verdict maps together

/// What looking at a value costs: its words, long ones more. JSON nests 1024 levels at most.
qint64 weightOf(const QJsonValue &value)
{
    qint64 weight = 1;
    if (value.isString())
        weight += value.toString().size() / weighedAsOne;
    for (const QJsonValue &each : value.toArray())
        weight += weightOf(each);
    const QJsonObject object = value.toObject();
    for (auto each = object.begin(); each != object.end(); ++each)
        weight += weightOf(each.value()) + each.key().size() / weighedAsOne;
    return weight;
}

struct Set
{
    QJsonArray elements;
    qint64 weight = 0;
};

/// Named sets and maps of one table: "family table name".
using Sets = QHash<QString, Set>;

struct Reader
{
    std::shared_ptr<const Sets> sets; ///< shared: conditions outlive the reading
    QString scope; ///< "family table "

    const Set *named(const QString &reference) const
    {
        const auto found = sets->constFind(scope + reference.mid(1));
        return found == sets->cend() ? nullptr : &*found;
    }
};

/// The weight of the sets that an expression names with "@".
qint64 weightOfSets(const Reader &reader, const QJsonValue &value)
{
    qint64 weight = 0;
    if (value.isString() && value.toString().startsWith(u'@')) {
        if (const Set *set = reader.named(value.toString()))
            weight += set->weight;
    }
    for (const QJsonValue &each : value.toArray())
        weight += weightOfSets(reader, each);
    for (const QJsonValue &each : value.toObject())
        weight += weightOfSets(reader, each);
    return weight;
}

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
    // `tcp flags & (fin|syn|rst|ack) == syn`: masked; an opening packet carries SYN alone.
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

/// The protocol a payload expression implies: `tcp dport 22` is no match for UDP.
QString impliedProtocol(const QJsonValue &left)
{
    const QString protocol = left.toObject()[u"payload"_s].toObject()[u"protocol"_s].toString();
    return protocol == u"tcp" || protocol == u"udp" ? protocol : QString();
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
    case What::TcpFlags:
        return tri(word == u"syn");
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

/// The right side: one value, a list of flags, an anonymous set or the name of one.
Tri matchRight(const Reader &reader, What what, const QJsonValue &right, const State &state)
{
    if (right.isArray())
        return matchAny(what, right.toArray(), state);
    if (right.isString() && right.toString().startsWith(u'@')) {
        const Set *named = reader.named(right.toString());
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

Condition readMatch(const Reader &reader, const QJsonObject &match)
{
    const QString op = match[u"op"_s].toString();
    const QJsonValue left = match[u"left"_s];
    const What what = subject(left);
    if (op != u"==" && op != u"!=" && op != u"in")
        return [](const State &) { return Tri::Maybe; };
    return
        [reader, what, left, right = match[u"right"_s], negated = op == u"!="](const State &state) {
            const Tri looks = applies(left, state);
            if (looks == Tri::No)
                return Tri::No;
            const Tri matched = matchRight(reader, what, right, state);
            return negated ? !matched : matched;
        };
}

Action readTranslation(const QJsonObject &statement, Action::Kind kind)
{
    Action action;
    action.kind = kind;
    const QJsonValue address = statement[u"addr"_s];
    const QJsonValue port = statement[u"port"_s];
    if ((!address.isUndefined() && !address.isString())
        || (!port.isUndefined() && !port.isDouble())) {
        action.kind = Action::Kind::Opaque; // a map or a range: any target
        return action;
    }
    action.address = QHostAddress(address.toString());
    action.port = static_cast<quint16>(port.toInt());
    return action;
}

/// A verdict, as a statement or as the value of a verdict map.
std::optional<Action> readVerdict(const QJsonObject &statement)
{
    using Kind = Action::Kind;
    if (statement.contains(u"accept"_s))
        return Action{Kind::Accept, {}, {}, 0};
    if (statement.contains(u"drop"_s) || statement.contains(u"reject"_s))
        return Action{Kind::Drop, {}, {}, 0};
    if (statement.contains(u"return"_s))
        return Action{Kind::Return, {}, {}, 0};
    if (statement.contains(u"continue"_s))
        return Action{Kind::Continue, {}, {}, 0};
    for (const auto &[key, kind] :
         {std::pair{u"jump"_s, Kind::Jump}, std::pair{u"goto"_s, Kind::Goto}}) {
        if (statement.contains(key)) {
            const QByteArray chain = statement[key].toObject()[u"target"_s].toString().toUtf8();
            return Action{kind, chain, {}, 0};
        }
    }
    if (statement.contains(u"dnat"_s))
        return readTranslation(statement[u"dnat"_s].toObject(), Kind::Dnat);
    if (statement.contains(u"redirect"_s))
        return readTranslation(statement[u"redirect"_s].toObject(), Kind::Redirect);
    if (statement.contains(u"masquerade"_s) || statement.contains(u"snat"_s))
        return Action{Kind::Accept, {}, {}, 0};
    return std::nullopt;
}

/// `room` is the number of branches that may still be made: many rules may name one large map.
std::vector<Branch> readVerdictMap(const Reader &reader, const QJsonObject &vmap, qsizetype &room)
{
    const QJsonValue key = vmap[u"key"_s];
    const QJsonValue data = vmap[u"data"_s];
    QJsonArray elements = data.toObject()[u"set"_s].toArray();
    if (data.isString()) {
        const Set *named = reader.named(data.toString());
        elements = named ? named->elements : QJsonArray();
    }
    std::vector<Branch> branches;
    room -= elements.size();
    if (room < 0)
        elements = {};
    for (const QJsonValue &element : elements) {
        const QJsonArray pair = element.toArray();
        const auto action = readVerdict(pair.size() == 2 ? pair[1].toObject() : QJsonObject());
        Condition condition
            = [reader, key, what = subject(key),
               value = pair.isEmpty() ? QJsonValue() : bare(pair[0])](const State &state) {
                  return both(applies(key, state), matchRight(reader, what, value, state));
              };
        branches.push_back(
            {std::move(condition), action.value_or(Action{Action::Kind::Opaque, {}, {}, 0})});
    }
    if (elements.isEmpty())
        branches.push_back({{}, {Action::Kind::Opaque, {}, {}, 0}});
    return branches;
}

/// Statements without influence on whether the first packet passes.
bool isHarmless(const QString &name)
{
    static constexpr std::array<QStringView, 13> names{
        u"counter", u"log",        u"limit",   u"comment", u"mangle", u"notrack", u"ct helper",
        u"set",     u"ct timeout", u"secmark", u"quota",   u"last",   u"meter"};
    return std::ranges::find(names, QStringView(name)) != names.end();
}

Rule readRule(const Reader &reader, const QJsonObject &json, qsizetype &room)
{
    Rule rule;
    rule.weight = weightOf(json) + weightOfSets(reader, json[u"expr"_s]);
    rule.text = json[u"table"_s].toString().toUtf8() + ' ' + json[u"chain"_s].toString().toUtf8()
        + " handle " + QByteArray::number(json[u"handle"_s].toInteger());
    if (const QString comment = json[u"comment"_s].toString(); !comment.isEmpty())
        rule.text += " (" + comment.toUtf8() + ')';
    rule.text.truncate(textLimit);
    for (const QJsonValue &each : json[u"expr"_s].toArray()) {
        const QJsonObject statement = each.toObject();
        if (statement.contains(u"match"_s)) {
            rule.conditions.push_back(readMatch(reader, statement[u"match"_s].toObject()));
        } else if (const auto action = readVerdict(statement)) {
            rule.branches.push_back({{}, *action});
        } else if (statement.contains(u"vmap"_s)) {
            rule.branches = readVerdictMap(reader, statement[u"vmap"_s].toObject(), room);
        } else if (statement.isEmpty() || !isHarmless(statement.begin().key())) {
            // Extensions of iptables and whatever comes later: could match or decide anything.
            rule.conditions.push_back([](const State &) { return Tri::Maybe; });
            rule.branches.push_back({{}, {Action::Kind::Opaque, {}, {}, 0}});
        }
    }
    if (rule.branches.empty())
        rule.branches.push_back({});
    return rule;
}

Hook hookOf(const QString &name)
{
    if (name == u"prerouting")
        return Hook::Prerouting;
    if (name == u"input")
        return Hook::Input;
    if (name == u"forward")
        return Hook::Forward;
    return Hook::Other;
}

Table *tableOf(std::vector<Table> &tables, const QJsonObject &json, const QString &key)
{
    const QString family = json[u"family"_s].toString();
    const bool both = family == u"inet";
    const QByteArray name = json[key].toString().toUtf8();
    if (!both && family != u"ip" && family != u"ip6")
        return nullptr; // arp, bridge, netdev: other layers
    for (Table &table : tables) {
        if (table.name == name && table.ipv4 == (both || family == u"ip")
            && table.ipv6 == (both || family == u"ip6"))
            return &table;
    }
    tables.push_back({both || family == u"ip", both || family == u"ip6", name, {}});
    return &tables.back();
}

void readChain(std::vector<Table> &tables, const QJsonObject &json)
{
    Table *table = tableOf(tables, json, u"table"_s);
    if (!table)
        return;
    Chain chain;
    if (json.contains(u"hook"_s))
        chain.hook = hookOf(json[u"hook"_s].toString());
    chain.priority = json[u"prio"_s].toInt();
    chain.dropsByPolicy = json[u"policy"_s].toString() == u"drop";
    const QByteArray name = json[u"name"_s].toString().toUtf8();
    chain.nat = json[u"type"_s].toString() == u"nat";
    table->chains.insert(name, chain);
}

} // namespace

bool readNft(QByteArrayView json, std::vector<Table> &tables)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json.toByteArray(), &error);
    const QJsonValue content = document.object()[u"nftables"_s];
    if (error.error != QJsonParseError::NoError || !content.isArray())
        return false;
    auto sets = std::make_shared<Sets>();
    for (const QJsonValue &entry : content.toArray()) {
        for (const QString &kind : {u"set"_s, u"map"_s}) {
            const QJsonObject set = entry.toObject()[kind].toObject();
            if (!set.isEmpty()) {
                const QJsonArray elements = set[u"elem"_s].toArray();
                sets->insert(set[u"family"_s].toString() + u' ' + set[u"table"_s].toString() + u' '
                                 + set[u"name"_s].toString(),
                             {elements, weightOf(elements)});
            }
        }
    }
    std::vector<Table> read;
    qsizetype room = branchLimit;
    for (const QJsonValue &entry : content.toArray()) {
        if (read.size() > tableLimit)
            return false;
        const QJsonObject object = entry.toObject();
        if (const QJsonObject chain = object[u"chain"_s].toObject(); !chain.isEmpty()) {
            readChain(read, chain);
        } else if (const QJsonObject rule = object[u"rule"_s].toObject(); !rule.isEmpty()) {
            Table *table = tableOf(read, rule, u"table"_s);
            if (!table)
                continue;
            const Reader reader{
                sets, rule[u"family"_s].toString() + u' ' + rule[u"table"_s].toString() + u' '};
            table->chains[rule[u"chain"_s].toString().toUtf8()].rules.push_back(
                readRule(reader, rule, room));
        }
    }
    std::ranges::move(read, std::back_inserter(tables));
    return true;
}

} // namespace config::packet
