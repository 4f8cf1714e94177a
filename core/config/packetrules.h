#pragma once

#include <QByteArray>
#include <QHostAddress>

#include <memory>
#include <optional>
#include <vector>

/// One pure evaluator for what the kernel does with a packet: nftables (JSON of `nft -j list
/// ruleset`) and iptables in both flavours (`iptables-save`), IPv4 and IPv6.
namespace config {

enum class PacketFamily { IPv4, IPv6 };

/// A new connection that somebody outside opens to this host.
struct Packet
{
    PacketFamily family = PacketFamily::IPv4;
    QHostAddress source;
    QHostAddress destination; ///< an address of this host
    QByteArray inInterface; ///< empty: any interface that is not lo or one of Docker's bridges
    QByteArray protocol = "tcp";
    quint16 sourcePort = 0; ///< 0: whichever the sender likes
    quint16 destinationPort = 0;
    std::vector<QHostAddress> localAddresses; ///< others of this host, as far as known
};

enum class PacketVerdict {
    Accepted, ///< of some sender at least: rates, chance and optional headers are his to choose
    Dropped, ///< drop or reject
    Undecided, ///< a rule the evaluator cannot read could decide otherwise
};

enum class PacketPath {
    Input, ///< a socket of this host, docker-proxy's included
    Forward, ///< after DNAT to a container
};

struct PacketDecision
{
    PacketVerdict verdict = PacketVerdict::Undecided;
    PacketPath path = PacketPath::Input;
    bool pathKnown = true; ///< false: dropped before, or a translation may or may not happen
    QHostAddress finalDestination; ///< after DNAT
    quint16 finalPort = 0;
    std::vector<QByteArray> trace; ///< the rules that matched, in order, as the tool prints them
};

/// The rule sets of one host, parsed once, evaluated often.
class PacketRules
{
public:
    struct Data;

    PacketRules();
    ~PacketRules();
    PacketRules(const PacketRules &);
    PacketRules(PacketRules &&) noexcept;
    PacketRules &operator=(const PacketRules &);
    PacketRules &operator=(PacketRules &&) noexcept;

    /// Each takes the whole output of one tool; false = unparsable (nothing added).
    bool addNftJson(QByteArrayView output);
    bool addIptablesSave(QByteArrayView output, PacketFamily family, bool legacy);

    /// Follows prerouting (raw, mangle, nat), then input or forward, over every table in priority
    /// order. `outInterface` is the bridge the packet leaves by after DNAT, if known.
    PacketDecision decide(const Packet &packet, const QByteArray &outInterface = {}) const;

    /// True when this family has a hook that can drop incoming packets.
    bool filters(PacketFamily family) const;

private:
    std::shared_ptr<const Data> m_data;
};

} // namespace config
