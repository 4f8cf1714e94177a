#pragma once

#include "core/checks/check.h"

/// Whether the world reaches a published port, on the way that its packets really take.
namespace checks {

struct PublishedPort
{
    const facts::Container *container = nullptr;
    facts::PortBinding binding;
};

struct PortFinding
{
    PublishedPort port;
    model::Verdict verdict = model::Verdict::Unknown;
    QByteArray where; ///< the address that decided, with its port
    config::PacketDecision decision; ///< for that address
    const model::PortObservation *seen = nullptr; ///< open from this desktop, against the rules
};

/// Fail where any address behind the binding lets any part of the world in. What the desktop saw
/// may only turn to fail. Unknown without rules, without the host's addresses, by a rule nobody can
/// read, or where the translation that Docker makes for the port is not among the rules.
PortFinding judgePort(const Context &context, const PublishedPort &port);

} // namespace checks
