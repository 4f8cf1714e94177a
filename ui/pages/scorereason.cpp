#include "ui/pages/scorereason.h"

#include <algorithm>

namespace ui {

namespace {

bool holdsDown(const model::Finding &finding)
{
    return finding.verdict == model::Verdict::Fail || finding.verdict == model::Verdict::Unknown;
}

} // namespace

ScoreReason reasonOf(const model::Audit &audit, const QString &deployment)
{
    ScoreReason reason;
    const model::DeploymentInfo *worst = model::worstDeployment(audit);
    const QString shown = deployment.isEmpty() && worst != nullptr ? worst->id : deployment;
    const auto holds = [&shown](const model::Finding &finding) {
        return holdsDown(finding) && model::countsIn(finding, shown);
    };
    for (const model::Finding &finding : audit.findings) {
        if (holds(finding))
            reason.severity = std::max(reason.severity, finding.baseSeverity);
    }
    if (reason.severity == model::Severity::Info)
        return reason;
    for (std::size_t i = 0; i < audit.findings.size(); ++i) {
        if (holds(audit.findings[i]) && audit.findings[i].baseSeverity == reason.severity)
            reason.findings.push_back(i);
    }
    reason.unknown = std::ranges::all_of(reason.findings, [&audit](std::size_t i) {
        return audit.findings[i].verdict == model::Verdict::Unknown;
    });
    reason.after = model::scoreWithPasses(audit, deployment, reason.findings);
    return reason;
}

} // namespace ui
