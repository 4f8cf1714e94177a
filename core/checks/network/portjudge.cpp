#include "core/checks/network/portjudge.h"

#include "core/checks/support/answer.h"
#include "core/checks/support/exposure.h"

#include <algorithm>
#include <array>

namespace checks {

using config::PacketVerdict;
using model::PortObservation;
using model::Verdict;

namespace {

/// Ordinary addresses far apart, so that a rule for one country, one half of the address space or
/// one office does not speak for the world. None from documentation ranges: rules drop those.
constexpr std::array worldSources{
    "1.1.1.1",
    "81.2.69.142",
    "151.101.1.69",
    "196.200.130.7",
    "2606:4700:4700::1111",
    "2001:4860:4860::8888",
    "2a00:1450:4001:81b::200e",
};

QByteArray bridgeOf(const facts::Facts &facts, const facts::Container &container)
{
    if (!facts.networks)
        return {};
    for (const facts::ContainerNetwork &joined : container.networks) {
        for (const facts::DockerNetwork &network : *facts.networks) {
            if (network.name == joined.name && !network.bridge.isEmpty())
                return network.bridge;
        }
    }
    return {};
}

config::PacketDecision decide(const facts::Facts &facts,
                              const PublishedPort &port,
                              const Doorway &door,
                              const QHostAddress &source)
{
    config::Packet packet;
    packet.family = door.address.protocol() == QAbstractSocket::IPv6Protocol
        ? config::PacketFamily::IPv6
        : config::PacketFamily::IPv4;
    packet.source = source;
    packet.destination = door.address;
    packet.inInterface = door.interface;
    packet.protocol = port.binding.protocol;
    packet.destinationPort = port.binding.hostPort;
    return facts.packetRules->decide(packet, bridgeOf(facts, *port.container));
}

/// Without DNAT a packet only arrives where some socket of the host takes it.
bool nobodyListens(const facts::Facts &facts,
                   const QByteArray &protocol,
                   quint16 port,
                   const Doorway &door)
{
    if (!facts.listening)
        return false;
    return std::ranges::none_of(*facts.listening, [&](const facts::ListeningSocket &socket) {
        if (socket.protocol != protocol || socket.port != port)
            return false;
        const QHostAddress &address = socket.address;
        const bool wildcard = address == QHostAddress(QHostAddress::Any)
            || address == QHostAddress(QHostAddress::AnyIPv4)
            || address == QHostAddress(QHostAddress::AnyIPv6);
        // "::" may take both families, so that it counts for either.
        return address == door.address
            || (wildcard
                && !(address == QHostAddress(QHostAddress::AnyIPv4)
                     && door.address.protocol() == QAbstractSocket::IPv6Protocol));
    });
}

int rank(PacketVerdict verdict)
{
    switch (verdict) {
    case PacketVerdict::Accepted:
        return 2;
    case PacketVerdict::Undecided:
        return 1;
    case PacketVerdict::Dropped:
        break;
    }
    return 0;
}

/// The worst decision over all sources of this family.
config::PacketDecision
fromTheWorld(const facts::Facts &facts, const PublishedPort &port, const Doorway &door)
{
    std::optional<config::PacketDecision> worst;
    for (const char *text : worldSources) {
        const QHostAddress source{QLatin1StringView(text)};
        if (source.protocol() != door.address.protocol())
            continue;
        config::PacketDecision one = decide(facts, port, door, source);
        if (!worst || rank(one.verdict) > rank(worst->verdict))
            worst = std::move(one);
    }
    return worst.value_or(config::PacketDecision());
}

Verdict judgeDoor(const facts::Facts &facts,
                  const PublishedPort &port,
                  const Doorway &door,
                  config::PacketDecision &decision)
{
    if (!facts.packetRules)
        return Verdict::Unknown;
    decision = fromTheWorld(facts, port, door);
    if (decision.verdict == PacketVerdict::Dropped)
        return Verdict::Pass;
    // A redirection leads to another port of the host.
    if (decision.path == config::PacketPath::Input
        && nobodyListens(facts, port.binding.protocol, decision.finalPort, door))
        return Verdict::Pass;
    return decision.verdict == PacketVerdict::Accepted ? Verdict::Fail : Verdict::Unknown;
}

/// Open from here although the rules drop the world may still be a rule that lets just us in.
bool letsUsIn(const Context &context, const PublishedPort &port, const Doorways &doors)
{
    if (!context.facts.packetRules)
        return false;
    for (const QString &text : context.facts.outside().vantage.addresses) {
        const QHostAddress source(text);
        for (const Doorway &door : doors.places) {
            if (source.protocol() == door.address.protocol()
                && decide(context.facts, port, door, source).verdict == PacketVerdict::Accepted)
                return true;
        }
    }
    return false;
}

bool isBoundIn(const facts::PortBinding &binding, const PortObservation &seen)
{
    if (binding.hostAddress.isEmpty())
        return true;
    const bool v6 = QHostAddress(QString::fromLatin1(binding.hostAddress)).protocol()
        == QAbstractSocket::IPv6Protocol;
    return v6 == (seen.family == model::AddressFamily::IPv6);
}

const PortObservation *openFromHere(const Context &context, const PublishedPort &port)
{
    for (const PortObservation &each : context.facts.outside().ports) {
        if (each.outcome == PortObservation::Outcome::Open && port.binding.protocol == "tcp"
            && each.port == port.binding.hostPort && isBoundIn(port.binding, each))
            return &each;
    }
    return nullptr;
}

} // namespace

PortFinding judgePort(const Context &context, const PublishedPort &port)
{
    PortFinding out;
    out.port = port;
    const Doorways doors = doorways(context, port.binding.hostAddress);
    if (!doors.complete)
        out.verdict = Verdict::Unknown;
    for (const Doorway &door : doors.places) {
        config::PacketDecision decision;
        const Verdict one = judgeDoor(context.facts, port, door, decision);
        if (isWorse(one, out.verdict) || out.where.isEmpty()) {
            out.verdict = isWorse(one, out.verdict) ? one : out.verdict;
            out.where = endpoint(door.address.toString(), port.binding.hostPort);
            out.decision = decision;
        }
    }
    const PortObservation *seen = openFromHere(context, port);
    if (seen && out.verdict != Verdict::Fail && !letsUsIn(context, port, doors)) {
        out.verdict = Verdict::Fail;
        out.seen = seen;
        out.where = endpoint(seen->address, seen->port);
    }
    return out;
}

} // namespace checks
