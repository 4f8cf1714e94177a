#include "core/config/packetrules.h"

#include "core/config/packetmodel.h"

#include <algorithm>
#include <atomic>

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
    std::ranges::stable_sort(found, {}, [](const BaseChain &each) { return each.chain->priority; });
    return found;
}

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
    constexpr qint64 perPacket = 1'000'000; // of some 32 bytes of rules each
    qint64 budget = std::min(perPacket, m_data->allowance.load());
    const qint64 given = budget;
    bool uncertain = false;
    PacketDecision decision;
    packet::State state{.family = packet.family,
                        .source = packet.source,
                        .destination = packet.destination,
                        .in = packet.inInterface,
                        .out = {},
                        .forwarded = false,
                        .protocol = packet.protocol,
                        .sourcePort = packet.sourcePort,
                        .destinationPort = packet.destinationPort,
                        .originalDestination = packet.destination,
                        .originalPort = packet.destinationPort,
                        .translated = false};
    bool certainlyDropped = false;
    bool possiblyDropped = false;
    const auto pass = [&](Hook hook) {
        bool natDone = false; // the first translation wins
        for (const BaseChain &base : baseChains(*m_data, packet.family, hook)) {
            if (certainlyDropped || (base.chain->nat && natDone))
                continue;
            const packet::Outcome outcome
                = walk(*base.table, base.name, state, decision.trace, uncertain, budget);
            natDone = natDone || (base.chain->nat && state.translated);
            const bool drops = outcome.drop || (outcome.next && base.chain->dropsByPolicy);
            const bool accepts = outcome.accept || (outcome.next && !base.chain->dropsByPolicy);
            if (outcome.next && base.chain->dropsByPolicy)
                decision.trace.push_back("policy drop: " + base.table->name + ' ' + base.name);
            possiblyDropped = possiblyDropped || drops;
            certainlyDropped = drops && !accepts;
        }
    };

    pass(Hook::Prerouting);
    decision.path
        = state.destination == packet.destination ? PacketPath::Input : PacketPath::Forward;
    decision.finalDestination = state.destination;
    decision.finalPort = state.destinationPort;
    if (decision.path == PacketPath::Forward) {
        state.forwarded = true;
        state.out = outInterface;
        pass(Hook::Forward);
    } else {
        pass(Hook::Input);
    }

    m_data->allowance -= given - std::max<qint64>(budget, 0);
    if (uncertain || (possiblyDropped && !certainlyDropped))
        decision.verdict = PacketVerdict::Undecided;
    else
        decision.verdict = certainlyDropped ? PacketVerdict::Dropped : PacketVerdict::Accepted;
    return decision;
}

} // namespace config
