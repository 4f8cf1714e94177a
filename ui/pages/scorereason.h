#pragma once

#include "core/model/score.h"

#include <vector>

namespace ui {

/// What holds a score down, and what fixing it gives at least.
struct ScoreReason
{
    model::Severity severity = model::Severity::Info;
    std::vector<std::size_t> findings; ///< indexes into the audit's findings of those to fix
    bool unknown = false; ///< they are all unknown, not failed
    std::optional<int> after; ///< the score with them as passes and nothing else changed
};

/// Of the score of `deployment`, or of the server's worst one where it is empty: the findings that
/// set the cap (critical, then high); without a cap the open ones of most weight. No findings when
/// nothing is open.
ScoreReason reasonOf(const model::Audit &audit, const QString &deployment);

} // namespace ui
