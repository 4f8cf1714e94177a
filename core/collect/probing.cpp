#include "core/collect/probing.h"

#include <memory>

namespace collect {

base::Result<OutsideView>
prepareProbes(const probe::Plan &plan, const base::Clock &clock, const base::Interrupt &interrupt)
{
    base::Result<probe::Probes> prepared = probe::Probes::prepare(plan, clock, interrupt);
    if (!prepared)
        return base::fail(prepared);
    const auto probes = std::make_shared<probe::Probes>(std::move(*prepared));
    return OutsideView{
        [probes](const std::optional<std::vector<QString>> &names, const base::Interrupt &within) {
            return probes->observeWire(names, within);
        },
        [probes](const std::vector<quint16> &ports, const base::Interrupt &within) {
            return probes->observePorts(ports, within);
        }};
}

} // namespace collect
