#pragma once

#include "core/collect/collect.h"
#include "core/probe/probe.h"

namespace collect {

/// Prepares the real probes for a server whose SSH address is known. Fails where the person's own
/// input cannot be used: a public name without address, a file of authorities that cannot be read.
base::Result<OutsideView>
prepareProbes(const probe::Plan &plan, const base::Clock &clock, const base::Interrupt &interrupt);

} // namespace collect
