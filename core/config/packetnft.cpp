// Reads `nft -j list ruleset` (libnftables-json).

#include "core/config/packetnftmatch.h"

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
std::vector<Branch> readVerdictMap(const NftScope &scope, const QJsonObject &vmap, qsizetype &room)
{
    const QJsonValue key = vmap[u"key"_s];
    const QJsonValue data = vmap[u"data"_s];
    QJsonArray elements = data.toObject()[u"set"_s].toArray();
    if (data.isString()) {
        const NftSet *named = scope.named(data.toString());
        elements = named ? named->elements : QJsonArray();
    }
    std::vector<Branch> branches;
    room -= elements.size();
    if (room < 0)
        elements = {};
    for (const QJsonValue &element : elements) {
        const QJsonArray pair = element.toArray();
        const auto action = readVerdict(pair.size() == 2 ? pair[1].toObject() : QJsonObject());
        branches.push_back({nftMapKey(scope, key, pair.at(0)),
                            action.value_or(Action{Action::Kind::Opaque, {}, {}, 0})});
    }
    if (elements.isEmpty())
        branches.push_back({{}, {Action::Kind::Opaque, {}, {}, 0}});
    return branches;
}

/// Statements without influence on whether the first packet passes.
bool isHarmless(const QString &name)
{
    static constexpr std::array<QStringView, 9> names{u"counter",    u"log",     u"comment",
                                                      u"mangle",     u"notrack", u"ct helper",
                                                      u"ct timeout", u"secmark", u"last"};
    return std::ranges::find(names, QStringView(name)) != names.end();
}

/// `limit rate N` holds up to a rate and `limit rate over N` beyond it; on its own, or for each
/// element that a statement keeps in a set. A single packet is within. Nothing for other
/// statements.
std::optional<Tri> withinRate(const QString &name, const QJsonValue &value)
{
    if (name == u"limit") {
        const QJsonObject limit = value.toObject(); // a string names one that stands elsewhere
        return limit.isEmpty() ? Tri::Maybe : tri(!limit[u"inv"_s].toBool());
    }
    if (name == u"quota" || name == u"ct count")
        return Tri::Maybe; // counts what others used up
    if (name != u"set" && name != u"meter")
        return std::nullopt;
    const QJsonValue kept = value[u"stmt"_s];
    Tri all = Tri::Yes;
    for (const QJsonValue &each : kept.isArray() ? kept.toArray() : QJsonArray{kept}) {
        const QJsonObject statement = each.toObject();
        if (statement.isEmpty() || isHarmless(statement.begin().key()))
            continue;
        all = both(
            all,
            withinRate(statement.begin().key(), statement.begin().value()).value_or(Tri::Maybe));
    }
    return all;
}

/// Whoever sends faster than a limit gets past a rule that drops up to it.
bool letsFastOnesPass(const Rule &rule)
{
    return std::ranges::any_of(rule.branches, [](const Branch &branch) {
        using Kind = Action::Kind;
        const Kind kind = branch.action.kind;
        return kind == Kind::Drop || kind == Kind::Jump || kind == Kind::Goto;
    });
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
    bool limited = false;
    for (const QJsonValue &each : json[u"expr"_s].toArray()) {
        const QJsonObject statement = each.toObject();
        const QString name = statement.isEmpty() ? QString() : statement.begin().key();
        if (statement.contains(u"match"_s)) {
            rule.conditions.push_back(nftMatch(scope, statement[u"match"_s].toObject()));
        } else if (const auto action = readVerdict(statement)) {
            rule.branches.push_back({{}, *action});
        } else if (statement.contains(u"vmap"_s)) {
            rule.branches = readVerdictMap(scope, statement[u"vmap"_s].toObject(), room);
        } else if (const auto within = withinRate(name, statement[name])) {
            limited = limited || name == u"limit" || !statement[name][u"stmt"_s].isUndefined();
            rule.conditions.push_back([within = *within](const State &) { return within; });
        } else if (!isHarmless(name)) {
            // Extensions of iptables and whatever comes later: could match or decide anything.
            rule.conditions.push_back([](const State &) { return Tri::Maybe; });
            rule.branches.push_back({{}, {Action::Kind::Opaque, {}, {}, 0}});
        }
    }
    if (limited && letsFastOnesPass(rule))
        rule.conditions.push_back([](const State &) { return Tri::Maybe; });
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
    auto sets = std::make_shared<NftSets>();
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
