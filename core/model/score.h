#pragma once

#include "core/model/audit.h"

#include <span>

namespace model {

/// Weight of a base severity: critical 10, high 5, medium 2, low 1, info 0.
int weightOf(Severity baseSeverity);

/// Adds findings up to a score, one by one.
class ScoreSum
{
public:
    void add(Verdict verdict, Severity baseSeverity);
    /// `hasDeployment` false (nothing found on the server) or coverage under 50 % gives no score.
    /// Caps: a critical fail or unknown 49, a high one 79; scoreUpTo ignores the caps of unknowns.
    Score score(bool hasDeployment) const;

private:
    Score m_counts;
    int m_total = 0;
    int m_doubled = 0; ///< of points, so that a warning's half stays whole
    int m_open = 0;
    int m_judged = 0;
    int m_cap = 100;
    int m_capUpTo = 100;
};

/// Score, "up to", coverage and counts over one deployment's findings together with the host-wide
/// ones.
Score scoreOf(std::span<const Finding> findings, bool hasDeployment);

/// A host-wide finding counts in every deployment.
bool countsIn(const Finding &finding, const QString &deployment);

/// The deployment whose score is the server's: the first of the worst; nullptr where there is none.
const DeploymentInfo *worstDeployment(const Audit &audit);

/// What the score of a deployment, or of the server where `deployment` is empty, would be with the
/// findings at these indexes turned into passes. What does not apply has no weight to bring.
/// nullopt where there is no score.
std::optional<int>
scoreWithPasses(const Audit &audit, const QString &deployment, std::span<const std::size_t> passes);

/// How many points the finding at `index` costs or brings: that score with it as it is, minus with
/// it as a pass. 0 or negative; nullopt where there is no score.
std::optional<int> contributionOf(const Audit &audit, const QString &deployment, std::size_t index);

/// Fills summaries of deployments and server: the server's summary is that of its worst deployment
/// (counts: of all findings).
void summarise(Audit &audit);

} // namespace model
