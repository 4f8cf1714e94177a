#include "core/config/packetmodel.h"

#include <algorithm>
#include <array>

namespace config::packet {

Tri operator!(Tri value)
{
    if (value == Tri::Maybe)
        return value;
    return tri(value == Tri::No);
}

Tri both(Tri a, Tri b)
{
    return std::min(a, b);
}

Tri either(Tri a, Tri b)
{
    return std::max(a, b);
}

Tri State::isLocal(const QHostAddress &address) const
{
    if (redirected)
        return Tri::Yes;
    return tri(std::ranges::find(local, address) != local.end() || address.isLoopback());
}

Tri matchAddress(const QHostAddress &address, const QHostAddress &network, int prefix)
{
    if (network.isNull() || address.isNull() || prefix < 0)
        return Tri::Maybe;
    if (address.protocol() != network.protocol())
        return Tri::No;
    return tri(prefix == 0 || address.isInSubnet(network, prefix));
}

Tri matchDestination(const State &state, const QHostAddress &network, int prefix)
{
    const Tri matched = matchAddress(state.destination, network, prefix);
    return state.redirected && prefix != 0 ? Tri::Maybe : matched;
}

Tri matchSourcePort(const State &state, int low, int high)
{
    if (state.sourcePort != 0)
        return tri(low <= state.sourcePort && state.sourcePort <= high);
    if (high < 1 || low > high)
        return Tri::No;
    return low <= 1 && high >= 65535 ? Tri::Yes : Tri::Maybe;
}

std::optional<int> tcpFlag(QByteArrayView name)
{
    static constexpr std::array<QByteArrayView, 8> flags{"fin", "syn", "rst", "psh",
                                                         "ack", "urg", "ecn", "cwr"};
    const auto found = std::ranges::find(flags, name);
    return found == flags.end() ? std::nullopt : std::optional(1 << (found - flags.begin()));
}

Tri matchTcpFlags(int mask, int wanted)
{
    constexpr int syn = 0x02;
    constexpr int settled = 0x01 | syn | 0x04 | 0x10; // with FIN, RST or ACK nothing is opened
    if ((wanted & ~mask) != 0 || (mask & settled & (wanted ^ syn)) != 0)
        return Tri::No;
    return (mask & ~settled) != 0 ? Tri::Maybe : Tri::Yes;
}

/// Interfaces that no packet from outside comes in by, as Docker names them.
static bool isInside(const QByteArray &name)
{
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return name == "lo" || name == "docker0" || name.startsWith("veth")
        || (name.startsWith("br-") && name.size() == 15
            && std::all_of(name.begin() + 3, name.end(), isHex));
}

Tri matchInterface(const QByteArray &pattern, const QByteArray &actual, bool outside)
{
    const bool wildcard = pattern.endsWith('+') || pattern.endsWith('*');
    const QByteArray name = wildcard ? pattern.chopped(1) : pattern;
    if (wildcard && name.isEmpty())
        return Tri::Yes;
    if (name.isEmpty())
        return Tri::Maybe;
    if (!actual.isEmpty())
        return tri(wildcard ? actual.startsWith(name) : actual == name);
    return outside && isInside(name) ? Tri::No : Tri::Maybe;
}

namespace {

struct Walk
{
    const Table &table;
    State &state;
    std::vector<QByteArray> &trace;
    bool &uncertain;
    qint64 &budget;
    bool nat;
    std::vector<const Chain *> path{}; ///< the chains that led here
};

/// How the packet got to a rule.
struct Way
{
    Tri reach = Tri::Yes;
    bool only = true; ///< every sender's packet comes this way
};

Tri holds(const Rule &rule, const State &state)
{
    Tri all = Tri::Yes;
    for (const Condition &condition : rule.conditions) {
        all = both(all, condition(state));
        if (all == Tri::No)
            break;
    }
    return all;
}

Outcome walkChain(Walk &walk, const QByteArray &name, Way way, int depth);

/// Anything at all, a translation included.
Outcome anything(Walk &walk)
{
    walk.uncertain |= walk.nat;
    if (walk.state.connection != Tri::Yes)
        walk.state.untracked = either(walk.state.untracked, Tri::Maybe);
    return {Tri::Maybe, Tri::Maybe, Tri::Maybe};
}

void translate(Walk &walk, const Action &action, Way way)
{
    if (walk.state.connection == Tri::No)
        return; // the kernel translates connections, and this packet has none
    if (way.reach != Tri::Yes || !way.only || walk.state.connection == Tri::Maybe) {
        walk.uncertain = true;
        return;
    }
    if (action.kind == Action::Kind::Dnat && !action.address.isNull())
        walk.state.destination = action.address;
    if (action.kind == Action::Kind::Redirect)
        walk.state.redirected = true;
    if (action.port != 0)
        walk.state.destinationPort = action.port;
    walk.state.translated = true;
}

void applyEffects(Walk &walk, const Rule &rule, Way way)
{
    walk.uncertain |= rule.rewrites;
    // The tracker cannot be told to forget.
    if (rule.untracks && walk.state.connection != Tri::Yes) {
        const bool sure = way.reach == Tri::Yes && way.only && walk.state.connection == Tri::No;
        walk.state.untracked = either(walk.state.untracked, sure ? Tri::Yes : Tri::Maybe);
    }
}

/// What one action can lead to. `next` means: go on with the following rule.
Outcome act(Walk &walk, const Action &action, Way way, int depth)
{
    switch (action.kind) {
    case Action::Kind::Continue:
        return {Tri::No, Tri::No, way.reach};
    case Action::Kind::Accept:
        return {way.reach, Tri::No, Tri::No};
    case Action::Kind::Drop:
        return {Tri::No, way.reach, Tri::No};
    case Action::Kind::Opaque:
        return anything(walk);
    case Action::Kind::Dnat:
    case Action::Kind::Redirect:
        translate(walk, action, way);
        return {way.reach, Tri::No, Tri::No};
    case Action::Kind::Jump:
    case Action::Kind::Goto:
        return walkChain(walk, action.target, way, depth + 1);
    case Action::Kind::Return:
        break;
    }
    return {Tri::No, Tri::No, way.reach}; // to the caller
}

/// The way past a rule that led to `outcome`.
Way after(Way way, Tri taken, const Rule &rule, bool leaves, const Outcome &outcome)
{
    const bool onlyGoesOn = outcome.accept == Tri::No && outcome.drop == Tri::No && !leaves;
    if (onlyGoesOn)
        return way;
    if (taken == Tri::Maybe || (rule.upToRate && outcome.drop != Tri::No))
        return {both(way.reach, Tri::Maybe), false};
    if (rule.senderChooses)
        return {way.reach, false};
    return {leaves ? Tri::No : outcome.next, way.only && outcome.accept == Tri::No};
}

/// Keeps a chain in the path as long as it is walked.
class Step
{
public:
    Step(std::vector<const Chain *> &path, const Chain *chain)
        : m_path(path)
    {
        m_path.push_back(chain);
    }
    ~Step() { m_path.pop_back(); }
    Step(const Step &) = delete;
    Step &operator=(const Step &) = delete;

private:
    std::vector<const Chain *> &m_path;
};

Outcome walkChain(Walk &walk, const QByteArray &name, Way way, int depth)
{
    constexpr int deepest = 64;
    const auto chain = walk.table.chains.constFind(name);
    if (depth > deepest || chain == walk.table.chains.cend())
        return anything(walk);
    // The kernel takes no loops: whoever prints one makes it up.
    if (std::ranges::find(walk.path, &*chain) != walk.path.end())
        return anything(walk);
    const Step step(walk.path, &*chain);
    Outcome seen;
    for (const Rule &rule : chain->rules) {
        walk.budget -= rule.weight;
        if (walk.budget < 0)
            return anything(walk);
        const Tri matched = holds(rule, walk.state);
        if (matched == Tri::No)
            continue;
        const Way there{both(way.reach, matched),
                        way.only && !rule.senderChooses && !rule.upToRate};
        applyEffects(walk, rule, there);
        for (const Branch &branch : rule.branches) {
            const Tri taken
                = both(matched, branch.condition ? branch.condition(walk.state) : Tri::Yes);
            if (taken == Tri::No)
                continue;
            if (branch.action.kind != Action::Kind::Continue && walk.trace.size() < traceLimit)
                walk.trace.push_back((taken == Tri::Maybe ? "? " : "") + rule.text);
            const Outcome outcome
                = act(walk, branch.action, {both(way.reach, taken), there.only}, depth);
            const bool leaves = branch.action.kind == Action::Kind::Return
                || branch.action.kind == Action::Kind::Goto;
            seen.accept = either(seen.accept, outcome.accept);
            seen.drop = either(seen.drop, outcome.drop);
            if (leaves)
                seen.next = either(seen.next, outcome.next);
            way = after(way, taken, rule, leaves, outcome);
            if (way.reach == Tri::No)
                return seen;
            if (taken == Tri::Yes)
                break;
        }
    }
    seen.next = either(seen.next, way.reach);
    return seen;
}

} // namespace

Outcome walk(const Table &table,
             const QByteArray &chain,
             State &state,
             std::vector<QByteArray> &trace,
             bool &uncertain,
             qint64 &budget)
{
    const auto base = table.chains.constFind(chain);
    Walk context{table, state, trace, uncertain, budget, base != table.chains.cend() && base->nat};
    return walkChain(context, chain, {}, 0);
}

} // namespace config::packet
