#pragma once

#include "core/base/deadline.h"
#include "core/model/observation.h"
#include "core/probe/address.h"

#include <vector>

namespace probe {

/// Tries a TCP connection to each endpoint, at most four at once, and closes it at once. One
/// observation per endpoint, in their order; `control` is still false.
std::vector<model::PortObservation> observePorts(const std::vector<Endpoint> &endpoints,
                                                 const base::Clock &clock,
                                                 const base::Interrupt &interrupt);

/// Sets `control` where another port of the same address is known to take connections from here: an
/// open one among the observations, or one of `answered` (the SSH connection, TLS and HTTP).
/// Without it "no answer" may be our own network's doing.
void markControls(std::vector<model::PortObservation> &observations,
                  const std::vector<Endpoint> &answered);

} // namespace probe
