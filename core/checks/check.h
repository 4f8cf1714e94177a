#pragma once

#include "core/facts/facts.h"
#include "core/knowledge/knowledge.h"
#include "core/model/audit.h"
#include "core/model/finding.h"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace checks {

/// What a check may look at. `deployment` is nullptr for host-wide checks only.
struct Context
{
    const facts::Facts &facts;
    const facts::Deployment *deployment = nullptr;
    const knowledge::Knowledge &knowledge;
};

/// A check's answer; everything a Finding has beyond the check's own constants.
struct Evaluation
{
    model::Verdict verdict = model::Verdict::Unknown;
    std::optional<model::Reach> reach;
    std::vector<model::ReachStep> reachChain;
    std::optional<model::Severity> severity; ///< where it differs from the base severity
    model::Sentence summary;
    model::Sentence expected;
    model::Sentence actual;
    std::vector<base::UntrustedText> subjects;
    std::vector<model::Evidence> evidence;
};

struct Check
{
    model::CheckInfo info;
    Evaluation (*evaluate)(const Context &context) = nullptr;
};

/// Every check, in the order of the posture page. An explicit list: core/checks/catalogue.cpp.
std::span<const Check> catalogue();
const Check *find(QStringView id);

/// The date of the newest review among all checks; names the catalogue in audits and plans.
QString catalogueVersion();

/// Judges facts with every check (or `only` these ids): findings in catalogue order, deployment by
/// deployment, summaries filled. `toolVersion`, `id` and the profile are the caller's. After a stop
/// the answer is not complete and good for nothing.
model::Audit judge(const facts::Facts &facts,
                   const knowledge::Knowledge &knowledge,
                   const QStringList &only = {},
                   const std::stop_token &stop = {});

} // namespace checks
