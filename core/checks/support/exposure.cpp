#include "core/checks/support/exposure.h"

#include <algorithm>
#include <array>

namespace checks {

namespace {

/// Docker's side of its bridges, by the list of networks. "br-lan" and "br-ex" are names that
/// people give to bridges which hold the host's own addresses. Without the list only the names that
/// nobody but Docker gives.
bool isContainerSide(const facts::Facts &facts, const facts::InterfaceAddress &own)
{
    const QByteArray &interface = own.interface;
    const auto isGateway = [&](const facts::DockerNetwork &network) {
        return network.bridge
            == interface && std::ranges::any_of(network.subnets, [&](const QByteArray &subnet) {
                   return own.address.isInSubnet(
                       QHostAddress::parseSubnet(QString::fromLatin1(subnet)));
               });
    };
    if (facts.networks)
        return std::ranges::any_of(*facts.networks, isGateway);
    constexpr qsizetype idLength = 12;
    const QByteArray id = interface.startsWith("br-") ? interface.sliced(3) : QByteArray();
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return interface == "docker0" || interface == "docker_gwbridge"
        || (id.size() == idLength && std::ranges::all_of(id, isHex));
}

void addAll(const Context &context, QAbstractSocket::NetworkLayerProtocol family, Doorways &out)
{
    const facts::Facts &facts = context.facts;
    const QHostAddress ours(facts.snapshot.connection.address);
    const bool cameIn = ours.protocol() == family && !ours.isLoopback();
    if (!facts.addresses) {
        out.complete = false;
        // The address that the audit came in by is one of them at least.
        if (cameIn)
            out.places.push_back({ours, {}});
        return;
    }
    bool found = false;
    bool guessed = false;
    for (const facts::InterfaceAddress &each : *facts.addresses) {
        if (each.address.protocol() != family || each.address.isLoopback()
            || each.address.isLinkLocal())
            continue;
        if (isContainerSide(facts, each)) {
            guessed = guessed || !facts.networks;
            continue;
        }
        // What is addressed to an address of "lo" comes in by another interface.
        out.places.push_back(
            {each.address, each.interface == "lo" ? QByteArray() : each.interface});
        found = true;
    }
    out.complete = out.complete && (found || (!cameIn && !guessed));
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

bool isPrivate(const QHostAddress &address)
{
    static const std::array ranges{
        QHostAddress::parseSubnet(QStringLiteral("10.0.0.0/8")),
        QHostAddress::parseSubnet(QStringLiteral("100.64.0.0/10")),
        QHostAddress::parseSubnet(QStringLiteral("172.16.0.0/12")),
        QHostAddress::parseSubnet(QStringLiteral("192.168.0.0/16")),
        QHostAddress::parseSubnet(QStringLiteral("fc00::/7")),
    };
    return address.isLoopback() || address.isLinkLocal()
        || std::ranges::any_of(ranges,
                               [&](const auto &range) { return address.isInSubnet(range); });
}

bool isProxy(const facts::Container &container)
{
    constexpr std::array<QByteArrayView, 8> names{"nginx",   "caddy",     "traefik",
                                                  "haproxy", "openresty", "nginx-proxy-manager",
                                                  "swag",    "envoy"};
    return std::ranges::find(names, QByteArrayView(container.imageName())) != names.end();
}

} // namespace checks
