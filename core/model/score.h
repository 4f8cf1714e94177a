#pragma once

#include "core/model/audit.h"

#include <span>

namespace model {

/// Weight of a base severity: critical 10, high 5, medium 2, low 1, info 0.
int weightOf(Severity baseSeverity);

/// Score, "up to", coverage and counts over one deployment's findings together with the host-wide
/// ones. `hasDeployment` false (nothing found on the server) or coverage under 50 % gives no score.
/// Caps: a critical fail or unknown 49, a high one 79; scoreUpTo ignores the caps of unknowns.
Score scoreOf(std::span<const Finding> findings, bool hasDeployment);

/// How many points `finding` costs or brings: the score with it as it is, minus with it as a pass.
/// 0 or negative; nullopt where there is no score.
std::optional<int> contributionOf(std::span<const Finding> findings, std::size_t index);

/// Fills summaries of deployments and server: a host-wide finding counts in every deployment, the
/// server's summary is that of its worst deployment (counts: of all findings).
void summarise(Audit &audit);

} // namespace model
