#pragma once

#include "core/probe/address.h"

#include <QString>

#include <optional>
#include <vector>

namespace probe {

/// An address that a person named for a name and port ("--resolve NAME:PORT:ADDRESS").
struct PinnedName
{
    QString name;
    quint16 port = 0;
    QString address; ///< numeric
};

/// Everything that may name a place to probe, with whose word it is.
struct TargetWishes
{
    Address sshAddress; ///< where the SSH connection went, after its name was resolved
    QString sshHost; ///< as the person typed it: a name or an address
    QString publicName; ///< confirmed by the person; empty for none
    std::vector<Address> publicAddresses; ///< of publicName, resolved once
    std::vector<PinnedName> pinned; ///< given by the person
    /// Of the deployments' `.env`: the server's own word. They choose SNI and Host toward the SSH
    /// address and nothing else, and are never resolved.
    std::vector<QString> deploymentNames;
};

/// A place that may be asked: connections go to this address, whatever the name resolves to
/// elsewhere.
struct Target
{
    Address address;
    QByteArray serverName; ///< SNI and Host; empty for the bare address
    std::optional<quint16> port; ///< only this one

    friend bool operator==(const Target &, const Target &) = default;
};

/// A wish that was not granted, for the method page and the log.
struct RefusedTarget
{
    QString name;
    QString address; ///< empty when the name itself is unusable
    QString reason;

    friend bool operator==(const RefusedTarget &, const RefusedTarget &) = default;
};

struct Targets
{
    std::vector<Target> allowed; ///< each once
    std::vector<RefusedTarget> refused;
};

/// Decides what may be probed:
/// - the SSH address, under every name known (the deployments', else a confirmed name that leads
/// there,
///   else the SSH host's, else none);
/// - addresses of names that the person confirmed, unless they lie in a loopback, link-local or
///   private range that the SSH address does not lie in as well, or in a range that is never a
///   server's. A server's `.env` or a name server must not steer a scan of the person's own
///   network.
/// At most 8 names of deployments and 8 addresses of a name are taken.
Targets chooseTargets(const TargetWishes &wishes);

} // namespace probe
