#include "core/checks/all.h"

#include <algorithm>

namespace checks {

std::span<const Check> catalogue()
{
    static const std::vector<Check> checks{
        runningEqualsFiles(),    noInertKeys(),
        certificateValid(),      certificateMargin(),
        httpsEnforced(),         modernTlsOnly(),
        nosniffSent(),           passwordLength(),
        jwtSecretStrong(),       registrationRestricted(),
        credentialsNotDefault(), publishedPortsFiltered(),
    };
    return checks;
}

const Check *find(QStringView id)
{
    const std::span<const Check> all = catalogue();
    const auto found
        = std::ranges::find_if(all, [&](const Check &check) { return check.info.id == id; });
    return found == all.end() ? nullptr : &*found;
}

QString catalogueVersion()
{
    const std::span<const Check> all = catalogue();
    return std::ranges::max_element(all, {}, [](const Check &check) { return check.info.reviewed; })
        ->info.reviewed;
}

} // namespace checks
