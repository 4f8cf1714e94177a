#include "ui/pages/scorereason.h"

#include <algorithm>

namespace ui {

namespace {

bool holdsDown(const model::Finding &finding)
{
    return finding.verdict == model::Verdict::Fail || finding.verdict == model::Verdict::Unknown;
}

} // namespace

ScoreReason reasonOf(std::span<const model::Finding> findings)
{
    ScoreReason reason;
    for (const model::Finding &finding : findings) {
        if (holdsDown(finding))
            reason.severity = std::max(reason.severity, finding.baseSeverity);
    }
    if (reason.severity == model::Severity::Info)
        return reason;
    std::vector<model::Finding> fixed(findings.begin(), findings.end());
    for (std::size_t i = 0; i < findings.size(); ++i) {
        if (!holdsDown(findings[i]) || findings[i].baseSeverity != reason.severity)
            continue;
        reason.findings.push_back(i);
        fixed[i].verdict = model::Verdict::Pass;
    }
    reason.unknown = std::ranges::all_of(reason.findings, [&findings](std::size_t i) {
        return findings[i].verdict == model::Verdict::Unknown;
    });
    reason.after = model::scoreOf(fixed, true).score;
    return reason;
}

} // namespace ui
