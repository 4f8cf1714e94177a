#include "core/checks/support/exposure.h"

#include <algorithm>
#include <array>

namespace checks {

namespace {

bool isContainerSide(const QByteArray &interface)
{
    return interface == "lo" || interface.startsWith("docker") || interface.startsWith("br-")
        || interface.startsWith("veth");
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
            && !each.address.isLinkLocal() && !isContainerSide(each.interface);
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

bool isProxy(const facts::Container &container)
{
    constexpr std::array<QByteArrayView, 8> names{"nginx",   "caddy",     "traefik",
                                                  "haproxy", "openresty", "nginx-proxy-manager",
                                                  "swag",    "envoy"};
    // registry.example:5000/library/nginx:1.27@sha256:... -> nginx
    const QByteArray reference = container.image.split('@').front();
    const QByteArray name = reference.mid(reference.lastIndexOf('/') + 1).split(':').front();
    return std::ranges::find(names, QByteArrayView(name)) != names.end();
}

} // namespace checks
