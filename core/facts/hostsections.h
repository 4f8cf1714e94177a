#pragma once

#include "core/facts/facts.h"

#include <QByteArrayView>

#include <optional>
#include <vector>

/// Parsers of the host-wide sections: nullopt = unparsable.
namespace facts {

struct Meta
{
    QByteArray collectorVersion;
    HostFacts host;
};
std::optional<Meta> parseMeta(QByteArrayView data);

std::optional<OsRelease> parseOsRelease(QByteArrayView data);
std::optional<DockerInfo> parseDockerInfo(QByteArrayView data);
/// `ss -H -l -n -t -u -p`.
std::optional<std::vector<ListeningSocket>> parseListening(QByteArrayView data);
/// `ip -o addr show`.
std::optional<std::vector<InterfaceAddress>> parseAddresses(QByteArrayView data);
std::optional<std::vector<DockerNetwork>> parseNetworks(QByteArrayView data);
/// `ufw status verbose`.
std::optional<UfwStatus> parseUfw(QByteArrayView data);

} // namespace facts
