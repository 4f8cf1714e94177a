#include "core/checks/support/exposure.h"

#include <algorithm>
#include <array>

namespace checks {

namespace {

/// Docker's side of its bridges. "br-lan" and "br-ex" are names that people give to bridges which
/// hold the host's own addresses.
bool isContainerSide(const facts::Facts &facts, const facts::InterfaceAddress &own)
{
    const QByteArray &interface = own.interface;
    constexpr qsizetype idLength = 12;
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    const QByteArray id = interface.startsWith("br-") ? interface.sliced(3) : QByteArray();
    const auto isGateway = [&](const facts::DockerNetwork &network) {
        return network.bridge
            == interface && std::ranges::any_of(network.subnets, [&](const QByteArray &subnet) {
                   return own.address.isInSubnet(
                       QHostAddress::parseSubnet(QString::fromLatin1(subnet)));
               });
    };
    return (facts.networks && std::ranges::any_of(*facts.networks, isGateway)) || interface == "lo"
        || interface == "docker0" || interface == "docker_gwbridge" || interface.startsWith("veth")
        || (id.size() == idLength && std::ranges::all_of(id, isHex));
}

void addAll(const Context &context, QAbstractSocket::NetworkLayerProtocol family, Doorways &out)
{
    const facts::Facts &facts = context.facts;
    if (!facts.addresses) {
        out.complete = false;
        // The address that the audit came in by is one of them at least.
        const QHostAddress ours(facts.snapshot.connection.address);
        if (ours.protocol() == family)
            out.places.push_back({ours, {}});
        return;
    }
    for (const facts::InterfaceAddress &each : *facts.addresses) {
        const bool usable = each.address.protocol() == family && !each.address.isLoopback()
            && !each.address.isLinkLocal() && !isContainerSide(facts, each);
        if (usable)
            out.places.push_back({each.address, each.interface});
    }
}

} // namespace

bool isLoopback(const QByteArray &hostAddress)
{
    QHostAddress address;
    return address.setAddress(QString::fromLatin1(hostAddress)) && address.isLoopback();
}

Doorways doorways(const Context &context, const QByteArray &hostAddress)
{
    Doorways out;
    const bool everyFamily = hostAddress.isEmpty();
    if (everyFamily || hostAddress == "0.0.0.0")
        addAll(context, QAbstractSocket::IPv4Protocol, out);
    if (everyFamily || hostAddress == "::")
        addAll(context, QAbstractSocket::IPv6Protocol, out);
    if (everyFamily || hostAddress == "0.0.0.0" || hostAddress == "::")
        return out;

    const QHostAddress address(QString::fromLatin1(hostAddress));
    if (address.isLoopback())
        return out;
    Doorway place{address, {}};
    if (context.facts.addresses) {
        for (const facts::InterfaceAddress &each : *context.facts.addresses) {
            if (each.address == address)
                place.interface = each.interface;
        }
    }
    out.places.push_back(place);
    return out;
}

bool nobodyTakes(const facts::Facts &facts, quint16 port)
{
    if (!facts.listening || !facts.containers)
        return false;
    const auto listens = [&](const facts::ListeningSocket &socket) {
        return socket.protocol == "tcp" && socket.port == port && !socket.address.isLoopback();
    };
    const auto publishes = [&](const facts::Container &container) {
        return container.isRunning()
            && std::ranges::any_of(container.ports, [&](const facts::PortBinding &binding) {
                   return binding.hostPort == port && !isLoopback(binding.hostAddress);
               });
    };
    return std::ranges::none_of(*facts.listening, listens)
        && std::ranges::none_of(*facts.containers, publishes);
}

bool mayLeadElsewhere(const Context &context, quint16 port)
{
    if (!context.facts.packetRules)
        return true;
    const Doorways doors = doorways(context, {});
    return !doors.complete || std::ranges::any_of(doors.places, [&](const Doorway &door) {
        const bool six = door.address.protocol() == QAbstractSocket::IPv6Protocol;
        config::Packet packet;
        packet.family = six ? config::PacketFamily::IPv6 : config::PacketFamily::IPv4;
        packet.source = QHostAddress(six ? QLatin1StringView("2606:4700:4700::1111")
                                         : QLatin1StringView("1.1.1.1"));
        packet.destination = door.address;
        packet.inInterface = door.interface;
        packet.destinationPort = port;
        const config::PacketDecision decision = context.facts.packetRules->decide(packet);
        return decision.path == config::PacketPath::Forward || decision.finalPort != port
            || decision.verdict == config::PacketVerdict::Undecided;
    });
}

bool isProxy(const facts::Container &container)
{
    constexpr std::array<QByteArrayView, 8> names{"nginx",   "caddy",     "traefik",
                                                  "haproxy", "openresty", "nginx-proxy-manager",
                                                  "swag",    "envoy"};
    return std::ranges::find(names, QByteArrayView(container.imageName())) != names.end();
}

} // namespace checks
