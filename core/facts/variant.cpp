#include "core/facts/variant.h"

#include "core/config/nginxquery.h"
#include "core/facts/deployments.h"

#include <QList>
#include <QSet>

#include <algorithm>

namespace facts {

using namespace Qt::StringLiterals;

namespace {

bool publishes(const Container &container)
{
    return !container.ports.empty() || !container.wantedPorts.empty();
}

/// Platforms keep the compose files they generate in places of their own.
bool fromPlatform(const Deployment &deployment)
{
    const auto ofPlatform = [](const QByteArray &path) {
        return path.contains("/coolify/") || path.startsWith("/data/compose/")
            || path.contains("/compose.manager/") || path.contains("/dokploy/")
            || path.contains("/casaos/");
    };
    return ofPlatform(deployment.directory + '/')
        || std::any_of(deployment.configFiles.begin(), deployment.configFiles.end(), ofPlatform);
}

/// v1 is the compose file of the open repository, v2 that of the commercial one: told apart by
/// where nginx.conf is mounted from, then by images and file names, then by the directory's name.
QString generationOf(const Deployment &deployment, const Container *nginx)
{
    if (nginx) {
        for (const Mount &mount : nginx->mounts) {
            if (mount.destination == "/etc/nginx/nginx.conf"
                && mount.source.endsWith("/nginx/nginx.conf"))
                return mount.source.endsWith("/docker/nginx/nginx.conf") ? u"v2"_s : u"v1"_s;
        }
    }
    for (const Container &container : *deployment.containers) {
        const QByteArray name = container.imageName();
        if (container.service == "appflowy_backup" || name == "appflowy_cloud_premium"
            || container.image.contains("appflowyinc/minio"))
            return u"v2"_s;
    }
    for (const QByteArray &file : deployment.configFiles) {
        if (file.endsWith("/docker-compose.backup.yml"))
            return u"v2"_s;
    }
    if (deployment.directory.contains("AppFlowy-SelfHost-Commercial"))
        return u"v2"_s;
    if (deployment.directory.contains("AppFlowy-Cloud"))
        return u"v1"_s;
    return u"unknown"_s;
}

bool hasCloudflared(const Deployment &deployment)
{
    return std::any_of(deployment.containers->begin(), deployment.containers->end(),
                       [](const Container &container) {
                           return container.isRunning() && container.imageName() == "cloudflared";
                       });
}

QString proxyKind(const Container &container)
{
    const QByteArray name = container.imageName();
    if (name == "cloudflared")
        return u"tunnel"_s;
    if (name.contains("traefik") || name.contains("caddy")) {
        if (container.name.contains("coolify"))
            return u"coolify"_s;
        return name.contains("traefik") ? u"traefik"_s : u"caddy"_s;
    }
    if (name == "nginx-proxy-manager")
        return u"npm"_s;
    return {};
}

bool publishesWeb(const Container &container)
{
    return std::any_of(container.ports.begin(), container.ports.end(), [](const PortBinding &port) {
        return port.hostPort == 80 || port.hostPort == 443;
    });
}

QSet<QByteArray> networksOf(const Deployment &deployment)
{
    QSet<QByteArray> names;
    for (const Container &container : *deployment.containers) {
        for (const ContainerNetwork &network : container.networks)
            names.insert(network.name);
    }
    return names;
}

/// Stands between the world and the deployment: shares a network with it, or holds the web ports.
bool isInFront(const Container &proxy, const QSet<QByteArray> &networks)
{
    return publishesWeb(proxy) || proxy.networkMode == "host"
        || std::any_of(proxy.networks.begin(), proxy.networks.end(),
                       [&](const auto &network) { return networks.contains(network.name); });
}

bool behindCloudflare(const model::Outside &outside, const QByteArray &host)
{
    return std::any_of(outside.http.begin(), outside.http.end(), [&](const auto &answer) {
        return answer.host.toLatin1() == host
            && std::any_of(answer.headers.begin(), answer.headers.end(),
                           [](const auto &header) { return header.name == "cf-ray"; });
    });
}

QString hostProxy(const std::vector<ListeningSocket> &sockets)
{
    for (const ListeningSocket &socket : sockets) {
        if (socket.protocol != "tcp" || (socket.port != 80 && socket.port != 443))
            continue;
        if (socket.process == "caddy" || socket.process == "traefik")
            return QString::fromLatin1(socket.process);
        if (socket.process == "haproxy" || socket.process == "apache2" || socket.process == "httpd"
            || socket.process == "envoy" || socket.process == "lighttpd")
            return u"other"_s;
    }
    return {};
}

bool isLoopback(const QByteArray &host)
{
    QHostAddress address;
    return host == "localhost"
        || (address.setAddress(QString::fromLatin1(host)) && address.isLoopback());
}

} // namespace

const Container *bundledNginx(const Deployment &deployment)
{
    if (const Container *named = deployment.container("nginx"))
        return named;
    if (!deployment.containers)
        return nullptr;
    for (const Container &container : *deployment.containers) {
        if (container.isRunning() && container.imageName() == "nginx")
            return &container;
    }
    return nullptr;
}

QString variantOf(const Deployment &deployment)
{
    if (!deployment.containers || deployment.containers->empty())
        return u"unknown"_s;
    if (fromPlatform(deployment) || !deployment.container("gotrue")
        || !deployment.container("appflowy_cloud"))
        return u"third-party"_s;
    const Container *nginx = bundledNginx(deployment);
    if ((!nginx || !publishes(*nginx)) && hasCloudflared(deployment))
        return u"tunnel"_s;
    if (nginx)
        return generationOf(deployment, nginx);
    const bool published
        = std::any_of(deployment.containers->begin(), deployment.containers->end(), publishes);
    return published ? u"host-proxy"_s : u"third-party"_s;
}

QString edgeOf(const Deployment &deployment, const Facts &facts)
{
    if (!deployment.containers || !facts.containers)
        return u"unknown"_s;
    const QByteArray host = deployment.fqdn();
    if (!host.isEmpty() && behindCloudflare(facts.outside(), host))
        return u"cloudflare"_s;
    const QSet<QByteArray> networks = networksOf(deployment);
    for (const Container &container : *facts.containers) {
        const QString kind = container.isRunning() ? proxyKind(container) : QString();
        if (!kind.isEmpty() && isInFront(container, networks))
            return kind;
    }
    const Container *nginx = bundledNginx(deployment);
    if (nginx && publishesWeb(*nginx))
        return u"none"_s;
    if (!facts.listening)
        return u"unknown"_s;
    const QString process = hostProxy(*facts.listening);
    return process.isEmpty() ? u"none"_s : process;
}

bool proxiesTo(const config::NginxDump &nginx, const Deployment &deployment)
{
    if (!deployment.containers)
        return false;
    QSet<quint16> published;
    QSet<QByteArray> inside;
    for (const Container &container : *deployment.containers) {
        for (const PortBinding &port : container.ports)
            published.insert(port.hostPort);
        for (const ContainerNetwork &network : container.networks)
            inside << network.ipv4 << network.ipv6;
    }
    inside.remove({});
    const config::NginxView view(nginx);
    const std::vector<config::NginxProxyTarget> targets = view.proxyTargets();
    return std::any_of(targets.begin(), targets.end(), [&](const config::NginxProxyTarget &target) {
        return inside.contains(target.host)
            || (published.contains(target.port) && isLoopback(target.host));
    });
}

} // namespace facts
