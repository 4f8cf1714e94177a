#include "core/model/score.h"

#include <algorithm>

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

Score scoreOf(std::span<const Finding> findings, bool hasDeployment)
{
    Score score;
    int total = 0;
    int doubled = 0;
    int open = 0;
    int judged = 0;
    int cap = 100;
    int capUpTo = 100;
    for (const Finding &finding : findings) {
        count(score, finding.verdict);
        if (finding.verdict == Verdict::NotApplicable)
            continue;
        const int weight = weightOf(finding.baseSeverity);
        total += weight;
        doubled += weight * doubledValue(finding.verdict);
        if (isJudged(finding.verdict))
            judged += weight;
        else
            open += weight;
        if (finding.verdict == Verdict::Fail)
            capUpTo = std::min(capUpTo, capFor(finding.baseSeverity));
        if (finding.verdict == Verdict::Fail || finding.verdict == Verdict::Unknown)
            cap = std::min(cap, capFor(finding.baseSeverity));
    }
    if (total == 0)
        return score;
    score.coverage = 100 * judged / total;
    if (!hasDeployment || score.coverage < 50)
        return score;
    score.score = std::min(cap, 100 * doubled / (2 * total));
    score.scoreUpTo = std::min(capUpTo, 100 * (doubled + 2 * open) / (2 * total));
    return score;
}

std::optional<int> contributionOf(std::span<const Finding> findings, std::size_t index)
{
    const Score now = scoreOf(findings, true);
    std::vector<Finding> better(findings.begin(), findings.end());
    // What does not apply has no weight to bring.
    if (better[index].verdict != Verdict::NotApplicable)
        better[index].verdict = Verdict::Pass;
    const Score then = scoreOf(better, true);
    if (!now.score || !then.score)
        return std::nullopt;
    return *now.score - *then.score;
}

void summarise(Audit &audit)
{
    const bool hasDeployment = !audit.deployments.empty();
    audit.summary = scoreOf(audit.findings, hasDeployment);
    const auto rank = [](const Score &score) { return score.score.value_or(-1); };
    for (std::size_t i = 0; i < audit.deployments.size(); ++i) {
        DeploymentInfo &deployment = audit.deployments[i];
        std::vector<Finding> own;
        std::ranges::copy_if(audit.findings, std::back_inserter(own), [&](const Finding &finding) {
            return finding.deployment.isEmpty() || finding.deployment == deployment.id;
        });
        deployment.summary = scoreOf(own, true);
        if (i == 0 || rank(deployment.summary) < rank(audit.summary)) {
            audit.summary.score = deployment.summary.score;
            audit.summary.scoreUpTo = deployment.summary.scoreUpTo;
            audit.summary.coverage = deployment.summary.coverage;
        }
    }
}

} // namespace model
