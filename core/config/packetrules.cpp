#include "core/config/packetrules.h"

#include "core/config/packetmodel.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace config {

struct PacketRules::Data
{
    std::vector<packet::Table> nft;
    std::vector<packet::Table> iptables; ///< the flavour that nft shows as well
    std::vector<packet::Table> legacy;
    /// For all questions together: a server may publish thousands of ports as well. When it is used
    /// up the answers are "undecided".
    mutable std::atomic<qint64> allowance = 100'000'000;

    Data() = default;
    Data(const Data &other)
        : nft(other.nft)
        , iptables(other.iptables)
        , legacy(other.legacy)
    { }
};

namespace {

using packet::Hook;
using packet::Tri;

bool covers(const packet::Table &table, PacketFamily family)
{
    return family == PacketFamily::IPv4 ? table.ipv4 : table.ipv6;
}

/// Tables of `nft list ruleset` that iptables-nft made are the ones iptables-save printed in full.
bool isShownByIptables(const packet::Table &nft, const std::vector<packet::Table> &iptables)
{
    return std::ranges::any_of(iptables, [&](const packet::Table &each) {
        return nft.name == each.name && nft.ipv4 == each.ipv4 && nft.ipv6 == each.ipv6;
    });
}

struct BaseChain
{
    const packet::Table *table = nullptr;
    QByteArray name;
    const packet::Chain *chain = nullptr;
};

int priorityOfNat(Hook hook)
{
    return hook == Hook::Prerouting ? -100 : 100;
}

/// Chains that translate hang on one hook of the kernel's; their own priority only ranks them
/// there.
int priorityOf(const packet::Chain &chain)
{
    return chain.nat ? priorityOfNat(chain.hook) : chain.priority;
}

std::vector<BaseChain> baseChains(const PacketRules::Data &data, PacketFamily family, Hook hook)
{
    std::vector<BaseChain> found;
    const auto collect = [&](const std::vector<packet::Table> &tables, bool native) {
        for (const packet::Table &table : tables) {
            if (!covers(table, family) || (native && isShownByIptables(table, data.iptables)))
                continue;
            for (auto chain = table.chains.cbegin(); chain != table.chains.cend(); ++chain) {
                if (chain->hook == hook)
                    found.push_back({&table, chain.key(), &chain.value()});
            }
        }
    };
    collect(data.nft, true);
    collect(data.iptables, false);
    collect(data.legacy, false);
    std::ranges::stable_sort(found, {}, [](const BaseChain &each) {
        return std::pair(priorityOf(*each.chain), each.chain->nat ? each.chain->priority : 0);
    });
    return found;
}

/// What the tracker knows of the packet when a chain sees it.
Tri connectionAt(const packet::Chain &chain, Tri untracked)
{
    constexpr int tracker = -200;
    if (chain.hook != Hook::Prerouting || chain.priority > tracker || chain.nat)
        return !untracked;
    return chain.priority == tracker ? Tri::Maybe : Tri::No;
}

/// Whether the packet comes out of this chain as another one, or may.
bool changes(const BaseChain &base, packet::State state, qint64 &budget)
{
    const packet::State before = state;
    std::vector<QByteArray> trace;
    bool uncertain = false;
    walk(*base.table, base.name, state, trace, uncertain, budget);
    return uncertain || state.untracked != before.untracked
        || state.destination != before.destination
        || state.destinationPort != before.destinationPort || state.redirected != before.redirected;
}

/// One packet on its way.
class Journey
{
public:
    Journey(const PacketRules::Data &data, const Packet &packet, std::vector<QByteArray> &trace)
        : m_data(data)
        , m_trace(trace)
        , m_state{.family = packet.family,
                  .source = packet.source,
                  .destination = packet.destination,
                  .in = packet.inInterface,
                  .out = {},
                  .protocol = packet.protocol,
                  .sourcePort = packet.sourcePort,
                  .destinationPort = packet.destinationPort,
                  .originalDestination = packet.destination,
                  .originalPort = packet.destinationPort,
                  .local = packet.localAddresses}
        , m_given(std::min(perPacket, data.allowance.load()))
        , m_budget(m_given)
    {
        m_state.local.push_back(packet.destination);
    }
    ~Journey() { m_data.allowance -= m_given - std::max<qint64>(m_budget, 0); }
    Journey(const Journey &) = delete;
    Journey &operator=(const Journey &) = delete;

    const packet::State &state() const { return m_state; }
    bool isUncertain() const { return m_uncertain; }

    void leaveBy(const QByteArray &outInterface)
    {
        m_state.forwarded = true;
        m_state.out = outInterface;
    }

    void pass(Hook hook)
    {
        std::optional<int> natDone; // the first translation wins; its priority
        packet::State untranslated = m_state;
        for (const BaseChain &base : baseChains(m_data, m_state.family, hook)) {
            if (m_passes == Tri::No)
                return;
            if (base.chain->nat && natDone) {
                // Of chains with one priority the older comes first: which that is, is not told.
                m_uncertain
                    |= *natDone == base.chain->priority && changes(base, untranslated, m_budget);
                continue;
            }
            m_state.connection = connectionAt(*base.chain, m_state.untracked);
            if (base.chain->nat)
                untranslated = m_state;
            if (base.table->mayBeOff)
                m_uncertain |= changes(base, m_state, m_budget);
            visit(base);
            if (base.chain->nat && m_state.translated)
                natDone = base.chain->priority;
        }
    }

    PacketVerdict verdict() const
    {
        if (m_uncertain)
            return PacketVerdict::Undecided;
        if (m_passes == Tri::No)
            return PacketVerdict::Dropped;
        return m_passes == Tri::Yes ? PacketVerdict::Accepted : PacketVerdict::Undecided;
    }

private:
    static constexpr qint64 perPacket = 1'000'000; ///< of some 32 bytes of rules each

    void visit(const BaseChain &base)
    {
        const packet::Outcome end
            = walk(*base.table, base.name, m_state, m_trace, m_uncertain, m_budget);
        const bool strict = base.chain->dropsByPolicy;
        if (end.next != Tri::No && strict)
            m_trace.push_back("policy drop: " + base.table->name + ' ' + base.name);
        if (end.drop == Tri::No && (!strict || end.next == Tri::No))
            return; // nothing in it drops
        Tri passes = strict ? end.accept : either(end.accept, end.next);
        const bool tied = !base.chain->nat && base.chain->hook == Hook::Prerouting
            && base.chain->priority == priorityOfNat(Hook::Prerouting);
        if (base.table->mayBeOff || tied)
            passes = either(passes, Tri::Maybe);
        m_passes = both(m_passes, passes);
    }

    const PacketRules::Data &m_data;
    std::vector<QByteArray> &m_trace;
    packet::State m_state;
    Tri m_passes = Tri::Yes; ///< whether the packet gets through the chains so far
    bool m_uncertain = false; ///< whether it is still the packet that we follow
    const qint64 m_given; ///< weight of rules to look at
    qint64 m_budget;
};

} // namespace

PacketRules::PacketRules()
    : m_data(std::make_shared<Data>())
{ }
PacketRules::~PacketRules() = default;
PacketRules::PacketRules(const PacketRules &) = default;
PacketRules::PacketRules(PacketRules &&) noexcept = default;
PacketRules &PacketRules::operator=(const PacketRules &) = default;
PacketRules &PacketRules::operator=(PacketRules &&) noexcept = default;

bool PacketRules::addNftJson(QByteArrayView output)
{
    auto data = std::make_shared<Data>(*m_data);
    if (!packet::readNft(output, data->nft))
        return false;
    m_data = std::move(data);
    return true;
}

bool PacketRules::addIptablesSave(QByteArrayView output, PacketFamily family, bool legacy)
{
    auto data = std::make_shared<Data>(*m_data);
    if (!packet::readIptables(output, family, legacy ? data->legacy : data->iptables))
        return false;
    m_data = std::move(data);
    return true;
}

bool PacketRules::filters(PacketFamily family) const
{
    return std::ranges::any_of(baseChains(*m_data, family, Hook::Input), [](const BaseChain &each) {
        return !each.chain->nat && (each.chain->dropsByPolicy || !each.chain->rules.empty());
    });
}

PacketDecision PacketRules::decide(const Packet &packet, const QByteArray &outInterface) const
{
    PacketDecision decision;
    Journey journey(*m_data, packet, decision.trace);
    journey.pass(Hook::Prerouting);
    const packet::State &state = journey.state();
    decision.path
        = state.isLocal(state.destination) == Tri::Yes ? PacketPath::Input : PacketPath::Forward;
    decision.pathKnown = journey.verdict() != PacketVerdict::Dropped && !journey.isUncertain();
    decision.finalDestination = state.destination;
    decision.finalPort = state.destinationPort;
    if (decision.path == PacketPath::Forward)
        journey.leaveBy(outInterface);
    journey.pass(decision.path == PacketPath::Forward ? Hook::Forward : Hook::Input);
    decision.verdict = journey.verdict();
    return decision;
}

} // namespace config
