#include "core/config/packetmodel.h"

#include <algorithm>

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

Tri matchAddress(const QHostAddress &address, const QHostAddress &network, int prefix)
{
    if (network.isNull() || address.isNull())
        return Tri::Maybe;
    if (address.protocol() != network.protocol())
        return Tri::No;
    return tri(prefix <= 0 || address.isInSubnet(network, prefix));
}

/// Interfaces that no packet from outside comes in by.
static bool isInside(const QByteArray &name)
{
    return name == "lo" || name.startsWith("docker") || name.startsWith("br-")
        || name.startsWith("veth") || name.startsWith("virbr");
}

Tri matchInterface(const QByteArray &pattern, const QByteArray &actual, bool outside)
{
    const bool wildcard = pattern.endsWith('+') || pattern.endsWith('*');
    const QByteArray name = wildcard ? pattern.chopped(1) : pattern;
    if (wildcard && name.isEmpty())
        return Tri::Yes;
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
    std::vector<const Chain *> path{}; ///< the chains that led here
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

Outcome walkChain(Walk &walk, const QByteArray &name, int depth);

void translate(Walk &walk, const Action &action, Tri certain)
{
    if (certain == Tri::Maybe) {
        walk.uncertain = true;
        return;
    }
    if (action.kind == Action::Kind::Dnat && !action.address.isNull())
        walk.state.destination = action.address;
    if (action.port != 0)
        walk.state.destinationPort = action.port;
    walk.state.translated = true;
}

/// What one action can lead to. `next` means: go on with the following rule.
Outcome act(Walk &walk, const Action &action, Tri certain, int depth)
{
    switch (action.kind) {
    case Action::Kind::Continue:
        return {false, false, true};
    case Action::Kind::Accept:
        return {true, false, false};
    case Action::Kind::Drop:
        return {false, true, false};
    case Action::Kind::Opaque:
        return {true, true, true};
    case Action::Kind::Dnat:
    case Action::Kind::Redirect:
        translate(walk, action, certain);
        return {true, false, false};
    case Action::Kind::Jump:
    case Action::Kind::Goto:
        return walkChain(walk, action.target, depth + 1);
    case Action::Kind::Return:
        break;
    }
    return {false, false, false};
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

Outcome walkChain(Walk &walk, const QByteArray &name, int depth)
{
    constexpr int deepest = 64;
    const auto chain = walk.table.chains.constFind(name);
    if (depth > deepest || chain == walk.table.chains.cend())
        return {true, true, true};
    // The kernel takes no loops: whoever prints one makes it up.
    if (std::ranges::find(walk.path, &*chain) != walk.path.end())
        return {true, true, true};
    const Step step(walk.path, &*chain);
    Outcome seen; // outcomes of rules that may or may not have matched
    for (const Rule &rule : chain->rules) {
        walk.budget -= rule.weight;
        if (walk.budget < 0)
            return {true, true, true};
        const Tri matched = holds(rule, walk.state);
        if (matched == Tri::No)
            continue;
        for (const Branch &branch : rule.branches) {
            const Tri taken
                = both(matched, branch.condition ? branch.condition(walk.state) : Tri::Yes);
            if (taken == Tri::No)
                continue;
            if (branch.action.kind != Action::Kind::Continue && walk.trace.size() < traceLimit)
                walk.trace.push_back((taken == Tri::Maybe ? "? " : "") + rule.text);
            const Outcome outcome = act(walk, branch.action, taken, depth);
            seen.accept |= outcome.accept;
            seen.drop |= outcome.drop;
            const bool leaves = branch.action.kind == Action::Kind::Return
                || branch.action.kind == Action::Kind::Goto;
            seen.next |= branch.action.kind == Action::Kind::Return
                || (branch.action.kind == Action::Kind::Goto && outcome.next);
            if (taken == Tri::Yes && (leaves || !outcome.next))
                return seen;
            if (taken == Tri::Yes)
                break;
        }
    }
    seen.next = true;
    return seen;
}

} // namespace

Outcome walk(const Table &table,
             const QByteArray &chain,
             State &state,
             std::vector<QByteArray> &trace,
             bool &uncertain,
             qint64 &budget,
             int depth)
{
    Walk context{table, state, trace, uncertain, budget};
    return walkChain(context, chain, depth);
}

} // namespace config::packet
