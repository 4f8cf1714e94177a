#include "core/checks/support/wire.h"

#include "core/checks/support/exposure.h"
#include "core/config/nginxquery.h"

#include <algorithm>

namespace checks {

using namespace Qt::StringLiterals;
using model::arg;
using model::say;

namespace {

void add(std::vector<quint16> &ports, quint16 port)
{
    if (std::ranges::find(ports, port) == ports.end())
        ports.push_back(port);
}

/// Listens of the servers for this deployment's name; of all where none names it.
std::vector<config::NginxListen> listensFor(const facts::Deployment &deployment)
{
    const config::NginxView view(*deployment.nginx);
    const QByteArray name = deployment.fqdn();
    std::vector<config::NginxListen> named;
    std::vector<config::NginxListen> all;
    for (const config::NginxServer &server : view.servers()) {
        all.insert(all.end(), server.listens.begin(), server.listens.end());
        if (!name.isEmpty() && std::ranges::find(server.names, name) != server.names.end())
            named.insert(named.end(), server.listens.begin(), server.listens.end());
    }
    return named.empty() ? all : named;
}

enum class PortKind { Tls, Plain, Open };

PortKind kindOf(const facts::Deployment &deployment, quint16 containerPort)
{
    if (!deployment.nginx) {
        if (containerPort == 443)
            return PortKind::Tls;
        return containerPort == 80 ? PortKind::Plain : PortKind::Open;
    }
    for (const config::NginxListen &listen : listensFor(deployment)) {
        if (listen.port == containerPort)
            return listen.ssl ? PortKind::Tls : PortKind::Plain;
    }
    return PortKind::Open;
}

void addKind(ProxyPorts &out, quint16 port, PortKind kind)
{
    if (kind != PortKind::Plain)
        add(out.tls, port);
    if (kind != PortKind::Tls)
        add(out.plain, port);
}

void addPublished(const facts::Deployment &deployment,
                  const facts::Container &proxy,
                  ProxyPorts &out)
{
    for (const facts::PortBinding &binding : proxy.ports) {
        if (binding.protocol == "tcp" && !isLoopback(binding.hostAddress))
            addKind(out, binding.hostPort, kindOf(deployment, binding.containerPort));
    }
}

void addListens(const facts::Deployment &deployment, ProxyPorts &out)
{
    for (const config::NginxListen &listen : listensFor(deployment)) {
        const QByteArray host = listen.address.startsWith('[')
            ? listen.address.mid(1, listen.address.size() - 2)
            : listen.address;
        if (listen.port != 0 && !isLoopback(host))
            addKind(out, listen.port, listen.ssl ? PortKind::Tls : PortKind::Plain);
    }
    out.complete = config::NginxView(*deployment.nginx).complete();
}

bool isNameOfAnother(const Context &context, const QString &name)
{
    return std::ranges::any_of(context.facts.deployments, [&](const facts::Deployment &each) {
        return &each != context.deployment
            && name.compare(QString::fromUtf8(each.fqdn()), Qt::CaseInsensitive) == 0;
    });
}

QString nameOf(const model::TlsObservation &seen)
{
    return seen.serverName;
}

/// The Host header without its port.
QString nameOf(const model::HttpObservation &seen)
{
    const QString port = u":%1"_s.arg(seen.port);
    return seen.host.endsWith(port) ? seen.host.chopped(port.size()) : seen.host;
}

/// Keeps what carries the deployment's own name, else what carries nobody else's.
template <typename Observation>
std::vector<const Observation *> ours(const Context &context,
                                      const std::vector<const Observation *> &seen)
{
    const QString fqdn = QString::fromUtf8(context.deployment->fqdn());
    std::vector<const Observation *> named;
    std::vector<const Observation *> unclaimed;
    for (const Observation *each : seen) {
        const QString name = nameOf(*each);
        if (!fqdn.isEmpty() && name.compare(fqdn, Qt::CaseInsensitive) == 0)
            named.push_back(each);
        else if (!isNameOfAnother(context, name))
            unclaimed.push_back(each);
    }
    return named.empty() ? unclaimed : named;
}

template <typename Observation>
std::optional<model::Sentence> unseenPort(const ProxyPorts &ports,
                                          const std::vector<const Observation *> &seen)
{
    if (!ports.complete) {
        return say(QT_TRANSLATE_NOOP("Sentence",
                                     "The configuration of nginx was not read whole: there may be "
                                     "another TLS port"));
    }
    for (const quint16 port : ports.tls) {
        if (std::ranges::none_of(seen, [&](const auto *each) { return each->port == port; })) {
            return say(QT_TRANSLATE_NOOP("Sentence",
                                         "Port %1 is published too, but did not answer TLS from "
                                         "this desktop"),
                       {model::arg(port)});
        }
    }
    return std::nullopt;
}

/// A place that was named for probing and refused, unless it is another deployment's.
const model::RefusedPlace *refusedPlace(const Context &context)
{
    for (const model::RefusedPlace &place : context.facts.outside().refused) {
        if (!isNameOfAnother(context, QString::fromUtf8(place.name.bytes())))
            return &place;
    }
    return nullptr;
}

} // namespace

ProxyPorts proxyPorts(const Context &context)
{
    const facts::Deployment &deployment = *context.deployment;
    ProxyPorts out;
    bool onHost = deployment.hostNginx;
    for (const facts::Container &container : *deployment.containers) {
        if (!container.isRunning() || !isProxy(container))
            continue;
        addPublished(deployment, container, out);
        onHost = onHost || container.networkMode == "host";
    }
    if (onHost && deployment.nginx)
        addListens(deployment, out);
    else if (onHost)
        out.complete = false;
    return out;
}

std::vector<const model::TlsObservation *> tlsSeen(const Context &context,
                                                   const std::vector<quint16> &ports)
{
    std::vector<const model::TlsObservation *> seen;
    for (const model::TlsObservation &each : context.facts.outside().tls) {
        if (each.connected && std::ranges::find(ports, each.port) != ports.end())
            seen.push_back(&each);
    }
    return ours(context, seen);
}

std::vector<const model::HttpObservation *>
httpSeen(const Context &context, const QString &scheme, const std::vector<quint16> &ports)
{
    std::vector<const model::HttpObservation *> seen;
    for (const model::HttpObservation &each : context.facts.outside().http) {
        if (each.scheme == scheme && std::ranges::find(ports, each.port) != ports.end())
            seen.push_back(&each);
    }
    return ours(context, seen);
}

std::optional<model::Sentence> unseenTlsPort(const ProxyPorts &ports,
                                             const std::vector<const model::TlsObservation *> &seen)
{
    return unseenPort(ports, seen);
}

std::optional<model::Sentence>
unseenTlsPort(const ProxyPorts &ports, const std::vector<const model::HttpObservation *> &seen)
{
    return unseenPort(ports, seen);
}

std::optional<QString> unaskedPath(const std::vector<const model::HttpObservation *> &seen,
                                   std::span<const QLatin1StringView> paths)
{
    for (const model::HttpObservation *first : seen) {
        for (const QLatin1StringView path : paths) {
            const bool asked = std::ranges::any_of(seen, [&](const auto *each) {
                return each->address == first->address && each->port == first->port
                    && each->host == first->host && each->path == path;
            });
            if (!asked)
                return path;
        }
    }
    return std::nullopt;
}

bool answersFromHere(const Context &context, const QString &address)
{
    const model::Outside &outside = context.facts.outside();
    return std::ranges::any_of(
               outside.tls,
               [&](const auto &each) { return each.connected && each.address == address; })
        || std::ranges::any_of(outside.http,
                               [&](const auto &each) {
                                   return each.outcome == model::HttpObservation::Outcome::Answered
                                       && each.address == address;
                               })
        || std::ranges::any_of(outside.ports, [&](const auto &each) {
               return each.outcome == model::PortObservation::Outcome::Open
                   && each.address == address;
           });
}

model::Sentence unseenSentence(const Context &context, bool anyPort)
{
    if (!context.facts.outside().asked) {
        return say(
            QT_TRANSLATE_NOOP("Sentence", "Nothing was probed from outside: audit with probes on"));
    }
    if (!anyPort) {
        return say(
            QT_TRANSLATE_NOOP("Sentence",
                              "The deployment publishes no such port itself: audit the place "
                              "that takes its visitors"));
    }
    if (const model::RefusedPlace *place = refusedPlace(context)) {
        return say(QT_TRANSLATE_NOOP("Sentence", "%1 was not asked from outside: %2"),
                   {place->name, arg(place->reason)});
    }
    return say(QT_TRANSLATE_NOOP(
        "Sentence", "Not reachable from this desktop: audit from a network that reaches it"));
}

} // namespace checks
