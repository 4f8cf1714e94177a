// Reads `nft -j list ruleset` (libnftables-json).

#include "core/config/packetnftmatch.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonValue>
#include <QSet>

#include <algorithm>
#include <array>

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

/// The weight of the sets that an expression names with "@".
qint64 weightOfSets(const NftScope &scope, const QJsonValue &value)
{
    qint64 weight = 0;
    if (value.isString() && value.toString().startsWith(u'@')) {
        if (const NftSet *set = scope.named(value.toString()))
            weight += set->weight;
    }
    for (const QJsonValue &each : value.toArray())
        weight += weightOfSets(scope, each);
    for (const QJsonValue &each : value.toObject())
        weight += weightOfSets(scope, each);
    return weight;
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
    if (action.address.isNull() && address.isString())
        action.kind = Action::Kind::Opaque;
    return action;
}

/// `dnat ip to` does nothing to IPv6, and the rule goes on.
Condition ofFamily(const QJsonObject &translation)
{
    const QString family = translation[u"family"_s].toString();
    if (family != u"ip" && family != u"ip6")
        return {};
    return [family](const State &state) {
        return tri((family == u"ip") == (state.family == PacketFamily::IPv4));
    };
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
std::vector<Branch> readVerdictMap(const NftScope &scope, const QJsonObject &vmap, qsizetype &room)
{
    const QJsonValue key = vmap[u"key"_s];
    const QJsonValue data = vmap[u"data"_s];
    QJsonArray elements = data.toObject()[u"set"_s].toArray();
    if (data.isString()) {
        const NftSet *named = scope.named(data.toString());
        elements = named ? named->elements : QJsonArray();
    }
    room -= elements.size();
    if (room < 0)
        elements = {};
    std::vector<Branch> branches;
    std::vector<Branch> rest; // what "*" catches
    for (const QJsonValue &element : elements) {
        const QJsonArray pair = element.toArray();
        const auto action = readVerdict(pair.size() == 2 ? pair[1].toObject() : QJsonObject());
        const bool catchesAll = !pair.isEmpty() && bare(pair[0]) == u"*"_s;
        (catchesAll ? rest : branches)
            .push_back({nftMapKey(scope, key, pair.isEmpty() ? QJsonValue() : pair[0]),
                        action.value_or(Action{Action::Kind::Opaque, {}, {}, 0})});
    }
    std::ranges::move(rest, std::back_inserter(branches));
    if (elements.isEmpty())
        branches.push_back({{}, {Action::Kind::Opaque, {}, {}, 0}});
    return branches;
}

/// Statements without influence on whether the first packet passes.
bool isHarmless(const QString &name)
{
    static constexpr std::array<QStringView, 7> names{
        u"counter", u"log", u"comment", u"ct helper", u"ct timeout", u"secmark", u"last"};
    return std::ranges::find(names, QStringView(name)) != names.end();
}

/// Marks and their like leave the packet what it is; addresses, ports and zones do not.
bool rewrites(const QJsonObject &mangle)
{
    const QJsonObject key = mangle[u"key"_s].toObject();
    if (key.contains(u"payload"_s)) {
        const QString field = key[u"payload"_s].toObject()[u"field"_s].toString();
        return field != u"dscp" && field != u"ecn" && field != u"ttl" && field != u"hoplimit";
    }
    return !key.contains(u"meta"_s) && !key.contains(u"tcp option"_s)
        && (!key.contains(u"ct"_s) || key[u"ct"_s].toObject()[u"key"_s] == u"zone"_s);
}

/// `limit rate N` holds up to a rate, `limit rate over N` beyond it. False for one that stands
/// elsewhere and may be either.
bool readLimit(const QJsonValue &limit, Rule &rule)
{
    const bool over = limit[u"inv"_s].toBool();
    rule.senderChooses = rule.senderChooses || over;
    rule.upToRate = rule.upToRate || !over;
    return limit.isObject();
}

/// A set or meter that keeps a rate for each of its elements, and nothing else.
bool keepsRates(const QJsonValue &statement)
{
    const QJsonValue kept = statement[u"stmt"_s];
    const QJsonArray all = kept.isArray() ? kept.toArray() : QJsonArray{kept};
    return std::ranges::all_of(all,
                               [](const QJsonValue &each) { return each[u"limit"_s].isObject(); });
}

/// Anything but a match and a verdict.
void readStatement(const QJsonObject &statement, Rule &rule)
{
    const auto doubt = [&] { rule.conditions.push_back([](const State &) { return Tri::Maybe; }); };
    const QString name = statement.isEmpty() ? QString() : statement.begin().key();
    if (name == u"notrack") {
        rule.untracks = true;
    } else if (name == u"mangle") {
        rule.rewrites = rule.rewrites || rewrites(statement[name].toObject());
    } else if (name == u"ct count") {
        rule.senderChooses = true;
    } else if (name == u"limit") {
        if (!readLimit(statement[name], rule))
            doubt();
    } else if (keepsRates(statement[name])) {
        const QJsonValue kept = statement[name][u"stmt"_s];
        for (const QJsonValue &each : kept.isArray() ? kept.toArray() : QJsonArray{kept})
            readLimit(each[u"limit"_s], rule);
    } else if (name == u"quota" || name == u"set" || name == u"map" || name == u"meter"
               || name == u"flow") {
        doubt(); // by what passed before: used up, full, over a limit of its own, established
    } else if (!isHarmless(name)) {
        // Extensions of iptables and whatever comes later: could match or decide anything.
        doubt();
        rule.branches.push_back({{}, {Action::Kind::Opaque, {}, {}, 0}});
    }
}

Rule readRule(const NftScope &scope, const QJsonObject &json, qsizetype &room)
{
    Rule rule;
    rule.weight = weightOf(json) + weightOfSets(scope, json[u"expr"_s]);
    rule.text = json[u"table"_s].toString().toUtf8() + ' ' + json[u"chain"_s].toString().toUtf8()
        + " handle " + QByteArray::number(json[u"handle"_s].toInteger());
    if (const QString comment = json[u"comment"_s].toString(); !comment.isEmpty())
        rule.text += " (" + comment.toUtf8() + ')';
    rule.text.truncate(textLimit);
    for (const QJsonValue &each : json[u"expr"_s].toArray()) {
        const QJsonObject statement = each.toObject();
        if (statement.contains(u"match"_s))
            rule.conditions.push_back(nftMatch(scope, statement[u"match"_s].toObject()));
        else if (const auto action = readVerdict(statement))
            rule.branches.push_back({ofFamily(statement[u"dnat"_s].toObject()), *action});
        else if (statement.contains(u"vmap"_s))
            rule.branches = readVerdictMap(scope, statement[u"vmap"_s].toObject(), room);
        else
            readStatement(statement, rule);
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
    tables.push_back({both || family == u"ip", both || family == u"ip6", name, {}, false});
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

/// Whether the kernel calls the chains of a table. nft 1.0 prints what happens to be in the memory
/// that the name of the flag was in.
Tri isDormant(const QJsonObject &table)
{
    const QJsonValue flags = table[u"flags"_s];
    if (flags.isArray())
        return tri(flags.toArray().contains(u"dormant"_s));
    if (flags.isUndefined() || flags == u"owner"_s || flags == u"persist"_s)
        return Tri::No;
    return flags == u"dormant"_s ? Tri::Yes : Tri::Maybe;
}

bool isOf(const QJsonObject &entry, const QSet<QString> &tables)
{
    const QJsonObject inner = entry.isEmpty() ? QJsonObject() : entry.begin()->toObject();
    return tables.contains(inner[u"family"_s].toString() + u' ' + inner[u"table"_s].toString());
}

/// NftSets that packets add to are other ones soon.
void forgetFilled(const QJsonArray &content, NftSets &sets)
{
    for (const QJsonValue &entry : content) {
        const QJsonObject rule = entry.toObject()[u"rule"_s].toObject();
        for (const QJsonValue &each : rule[u"expr"_s].toArray()) {
            for (const QString &kind : {u"set"_s, u"map"_s}) {
                const QString name = each.toObject()[kind].toObject()[kind].toString();
                if (name.startsWith(u'@')) {
                    sets.remove(rule[u"family"_s].toString() + u' ' + rule[u"table"_s].toString()
                                + u' ' + name.mid(1));
                }
            }
        }
    }
}

} // namespace

bool readNft(QByteArrayView json, std::vector<Table> &tables)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json.toByteArray(), &error);
    const QJsonValue content = document.object()[u"nftables"_s];
    if (error.error != QJsonParseError::NoError || !content.isArray())
        return false;
    auto sets = std::make_shared<NftSets>();
    QSet<QString> asleep;
    QSet<QString> doubtful;
    for (const QJsonValue &entry : content.toArray()) {
        const QJsonObject table = entry.toObject()[u"table"_s].toObject();
        if (const Tri dormant = isDormant(table); dormant != Tri::No)
            (dormant == Tri::Yes ? asleep : doubtful)
                .insert(table[u"family"_s].toString() + u' ' + table[u"name"_s].toString());
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
    forgetFilled(content.toArray(), *sets);
    std::vector<Table> read;
    qsizetype room = branchLimit;
    for (const QJsonValue &entry : content.toArray()) {
        if (read.size() > tableLimit)
            return false;
        const QJsonObject object = entry.toObject();
        if (isOf(object, asleep))
            continue;
        if (const QJsonObject chain = object[u"chain"_s].toObject(); !chain.isEmpty()) {
            readChain(read, chain);
            if (Table *table = tableOf(read, chain, u"table"_s))
                table->mayBeOff = table->mayBeOff || isOf(object, doubtful);
        } else if (const QJsonObject rule = object[u"rule"_s].toObject(); !rule.isEmpty()) {
            Table *table = tableOf(read, rule, u"table"_s);
            if (!table)
                continue;
            const NftScope scope{
                sets, rule[u"family"_s].toString() + u' ' + rule[u"table"_s].toString() + u' '};
            table->chains[rule[u"chain"_s].toString().toUtf8()].rules.push_back(
                readRule(scope, rule, room));
        }
    }
    std::ranges::move(read, std::back_inserter(tables));
    return true;
}

} // namespace config::packet
