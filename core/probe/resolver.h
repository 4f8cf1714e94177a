#pragma once

#include "core/base/deadline.h"
#include "core/base/result.h"
#include "core/probe/address.h"

#include <vector>

namespace probe {

/// Every address of a DNS name, both families, in the resolver's order, each once. Asked on a
/// thread of its own that is left behind when the interrupt comes first: getaddrinfo cannot be
/// stopped. NameNotFound, TimedOut, Cancelled.
base::Result<std::vector<Address>> resolveName(const QByteArray &name,
                                               const base::Interrupt &interrupt);

} // namespace probe
