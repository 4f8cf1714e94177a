#pragma once

#include "core/checks/check.h"

#include <QString>

#include <optional>
#include <span>
#include <vector>

/// Which of the desktop's observations belong to a deployment.
namespace checks {

/// Ports of the host on which the deployment's proxy takes visitors.
struct ProxyPorts
{
    std::vector<quint16> tls;
    std::vector<quint16> plain;
    bool complete = true; ///< false: the configuration was not read whole, there may be more
};

/// Published ports of the proxy container, or what the host's nginx listens on for this deployment.
/// Loopback does not count. A port whose kind cannot be read counts as both. The list of containers
/// must be known.
ProxyPorts proxyPorts(const Context &context);

/// TLS observations of these ports under the deployment's name. Where none carries that name, those
/// that carry no other deployment's.
std::vector<const model::TlsObservation *> tlsSeen(const Context &context,
                                                   const std::vector<quint16> &ports);
std::vector<const model::HttpObservation *>
httpSeen(const Context &context, const QString &scheme, const std::vector<quint16> &ports);

/// What keeps a good answer from being a pass: a TLS port of the proxy that none of these looked
/// at, or a configuration that was not read whole, so that there may be one more.
std::optional<model::Sentence>
unseenTlsPort(const ProxyPorts &ports, const std::vector<const model::TlsObservation *> &seen);
std::optional<model::Sentence>
unseenTlsPort(const ProxyPorts &ports, const std::vector<const model::HttpObservation *> &seen);

/// Addresses that answered anything must have been asked for each of `paths`; the first that was
/// not.
std::optional<QString> unaskedPath(const std::vector<const model::HttpObservation *> &seen,
                                   std::span<const QLatin1StringView> paths);

/// True where something at this address and family answered from here, so that a refusal may be
/// believed.
bool answersFromHere(const Context &context, const QString &address);

/// Why nothing of the wire is known: probing off, no such port, refused by the probes, or not
/// reachable.
model::Sentence unseenSentence(const Context &context, bool anyPort);

} // namespace checks
