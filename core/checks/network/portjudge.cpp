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

/// Those of the door's family.
std::vector<QHostAddress> sourcesFor(const Doorway &door)
{
    std::vector<QHostAddress> found;
    for (const char *text : worldSources) {
        const QHostAddress source{QLatin1StringView(text)};
        if (source.protocol() == door.address.protocol())
            found.push_back(source);
    }
    return found;
}

/// The bridge behind which the container has this address; empty where it has not.
QByteArray bridgeTo(const facts::Facts &facts,
                    const facts::Container &container,
                    const QHostAddress &destination)
{
    if (!facts.networks)
        return {};
    for (const facts::ContainerNetwork &joined : container.networks) {
        if (QHostAddress(QString::fromLatin1(joined.ipv4)) != destination
            && QHostAddress(QString::fromLatin1(joined.ipv6)) != destination)
            continue;
        for (const facts::DockerNetwork &network : *facts.networks) {
            if (network.name == joined.name)
                return network.bridge;
        }
    }
    return {};
}

config::Packet packetTo(const facts::Facts &facts,
                        const QByteArray &protocol,
                        quint16 port,
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
    packet.protocol = protocol;
    packet.destinationPort = port;
    if (facts.addresses) {
        for (const facts::InterfaceAddress &each : *facts.addresses)
            packet.localAddresses.push_back(each.address);
    }
    return packet;
}

config::PacketDecision decide(const facts::Facts &facts,
                              const PublishedPort &port,
                              const Doorway &door,
                              const QHostAddress &source)
{
    const config::Packet packet
        = packetTo(facts, port.binding.protocol, port.binding.hostPort, door, source);
    config::PacketDecision decision = facts.packetRules->decide(packet);
    if (decision.path != config::PacketPath::Forward)
        return decision;
    const QByteArray bridge = bridgeTo(facts, *port.container, decision.finalDestination);
    return bridge.isEmpty() ? decision : facts.packetRules->decide(packet, bridge);
}

/// Docker leads a published port on to the container's address of that family, where it has one.
/// Without root it cannot, and a process of its own listens.
bool mustBeTranslated(const facts::Facts &facts, const PublishedPort &port, const Doorway &door)
{
    if (facts.docker && (facts.docker->rootless || facts.docker->podman))
        return false;
    return door.address.protocol() == QAbstractSocket::IPv4Protocol
        || std::ranges::any_of(port.container->networks,
                               [](const auto &each) { return !each.ipv6.isEmpty(); });
}

/// Without translation a packet only arrives where some socket of the host takes it.
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
    for (const QHostAddress &source : sourcesFor(door)) {
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
    const bool here = decision.pathKnown && decision.path == config::PacketPath::Input;
    const bool nobody = decision.verdict == PacketVerdict::Dropped
        || (here && nobodyListens(facts, port.binding.protocol, decision.finalPort, door));
    if (!nobody)
        return decision.verdict == PacketVerdict::Accepted ? Verdict::Fail : Verdict::Unknown;
    // These rules are not the ones that Docker made: the real ones may lead past them.
    if (here && mustBeTranslated(facts, port, door))
        return Verdict::Unknown;
    // Whether the packet was led to a container or to the host itself decides which rules it met.
    if (!facts.addresses && decision.path == config::PacketPath::Forward)
        return Verdict::Unknown;
    return Verdict::Pass;
}

/// The doors behind an address seen from outside: the one that has it, or any behind a translation.
std::vector<Doorway> doorsBehind(const QString &seenAt, const Doorways &doors)
{
    const QHostAddress address(seenAt);
    std::vector<Doorway> found;
    for (const Doorway &door : doors.places) {
        if (door.address == address)
            return {door};
        if (door.address.protocol() == address.protocol())
            found.push_back(door);
    }
    return found;
}

/// Open from here although the rules drop the world may still be a rule that lets just us in. Us:
/// the address that the server sees, which is none of the private ones where it is a public server.
bool letsUsIn(const Context &context,
              const PublishedPort &port,
              const Doorways &doors,
              const PortObservation &seen)
{
    if (!context.facts.packetRules)
        return false;
    const std::vector<Doorway> met = doorsBehind(seen.address, doors);
    const auto isLetInBy = [&](const QHostAddress &source) {
        return !met.empty() && std::ranges::all_of(met, [&](const Doorway &door) {
            return source.protocol() == door.address.protocol()
                && decide(context.facts, port, door, source).verdict == PacketVerdict::Accepted;
        });
    };
    const bool publicTarget = !isPrivate(QHostAddress(seen.address));
    return std::ranges::any_of(context.facts.outside().vantage.addresses, [&](const QString &text) {
        const QHostAddress source(text);
        return !(publicTarget && isPrivate(source)) && isLetInBy(source);
    });
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
    // Where all addresses are known and none is a way in, nobody comes in.
    out.verdict = doors.complete ? Verdict::Pass : Verdict::Unknown;
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
    if (seen && out.verdict != Verdict::Fail && !letsUsIn(context, port, doors, *seen)) {
        out.verdict = Verdict::Fail;
        out.seen = seen;
        out.where = endpoint(seen->address, seen->port);
    }
    return out;
}

} // namespace checks
