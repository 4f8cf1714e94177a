#include "core/model/score.h"

#include <algorithm>
#include <array>

namespace model {

namespace {

/// Half points, so that a warning's 0.5 stays a whole number.
int doubledValue(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass:
        return 2;
    case Verdict::Warn:
        return 1;
    case Verdict::Fail:
    case Verdict::Unknown:
    case Verdict::Manual:
    case Verdict::NotApplicable:
        return 0;
    }
    return 0;
}

bool isJudged(Verdict verdict)
{
    return verdict == Verdict::Pass || verdict == Verdict::Fail || verdict == Verdict::Warn;
}

int capFor(Severity severity)
{
    if (severity == Severity::Critical)
        return 49;
    return severity == Severity::High ? 79 : 100;
}

void count(Score &score, Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass:
        ++score.pass;
        break;
    case Verdict::Fail:
        ++score.fail;
        break;
    case Verdict::Warn:
        ++score.warn;
        break;
    case Verdict::Unknown:
        ++score.unknown;
        break;
    case Verdict::Manual:
        ++score.manual;
        break;
    case Verdict::NotApplicable:
        ++score.notApplicable;
        break;
    }
}

/// "Not enough evidence" is below every number.
int rank(const Score &score)
{
    return score.score.value_or(-1);
}

} // namespace

int weightOf(Severity baseSeverity)
{
    switch (baseSeverity) {
    case Severity::Critical:
        return 10;
    case Severity::High:
        return 5;
    case Severity::Medium:
        return 2;
    case Severity::Low:
        return 1;
    case Severity::Info:
        return 0;
    }
    return 0;
}

void ScoreSum::add(Verdict verdict, Severity baseSeverity)
{
    count(m_counts, verdict);
    if (verdict == Verdict::NotApplicable)
        return;
    const int weight = weightOf(baseSeverity);
    m_total += weight;
    m_doubled += weight * doubledValue(verdict);
    if (isJudged(verdict))
        m_judged += weight;
    else
        m_open += weight;
    if (verdict == Verdict::Fail)
        m_capUpTo = std::min(m_capUpTo, capFor(baseSeverity));
    if (verdict == Verdict::Fail || verdict == Verdict::Unknown)
        m_cap = std::min(m_cap, capFor(baseSeverity));
}

Score ScoreSum::score(bool hasDeployment) const
{
    Score score = m_counts;
    if (m_total == 0)
        return score;
    score.coverage = 100 * m_judged / m_total;
    if (!hasDeployment || score.coverage < 50)
        return score;
    score.score = std::min(m_cap, 100 * m_doubled / (2 * m_total));
    score.scoreUpTo = std::min(m_capUpTo, 100 * (m_doubled + 2 * m_open) / (2 * m_total));
    return score;
}

Score scoreOf(std::span<const Finding> findings, bool hasDeployment)
{
    ScoreSum sum;
    for (const Finding &finding : findings)
        sum.add(finding.verdict, finding.baseSeverity);
    return sum.score(hasDeployment);
}

bool countsIn(const Finding &finding, const QString &deployment)
{
    return finding.deployment.isEmpty() || finding.deployment == deployment;
}

const DeploymentInfo *worstDeployment(const Audit &audit)
{
    const auto worst = std::ranges::min_element(
        audit.deployments, {}, [](const DeploymentInfo &each) { return rank(each.summary); });
    return worst == audit.deployments.end() ? nullptr : &*worst;
}

std::optional<int>
scoreWithPasses(const Audit &audit, const QString &deployment, std::span<const std::size_t> passes)
{
    std::optional<int> lowest;
    for (const DeploymentInfo &each : audit.deployments) {
        if (!deployment.isEmpty() && each.id != deployment)
            continue;
        ScoreSum sum;
        for (std::size_t i = 0; i < audit.findings.size(); ++i) {
            const Finding &finding = audit.findings[i];
            if (!countsIn(finding, each.id))
                continue;
            const bool better = finding.verdict != Verdict::NotApplicable
                && std::ranges::find(passes, i) != passes.end();
            sum.add(better ? Verdict::Pass : finding.verdict, finding.baseSeverity);
        }
        const std::optional<int> score = sum.score(true).score;
        if (!score)
            return std::nullopt; // without evidence is the worst a deployment can be
        lowest = std::min(lowest.value_or(100), *score);
    }
    return lowest;
}

std::optional<int> contributionOf(const Audit &audit, const QString &deployment, std::size_t index)
{
    const std::optional<int> now = scoreWithPasses(audit, deployment, {});
    const std::optional<int> then = scoreWithPasses(audit, deployment, std::array{index});
    if (!now || !then)
        return std::nullopt;
    return *now - *then;
}

void summarise(Audit &audit)
{
    for (DeploymentInfo &deployment : audit.deployments) {
        ScoreSum sum;
        for (const Finding &finding : audit.findings) {
            if (countsIn(finding, deployment.id))
                sum.add(finding.verdict, finding.baseSeverity);
        }
        deployment.summary = sum.score(true);
    }
    audit.summary = scoreOf(audit.findings, !audit.deployments.empty());
    if (const DeploymentInfo *worst = worstDeployment(audit)) {
        audit.summary.score = worst->summary.score;
        audit.summary.scoreUpTo = worst->summary.scoreUpTo;
        audit.summary.coverage = worst->summary.coverage;
    }
}

} // namespace model
