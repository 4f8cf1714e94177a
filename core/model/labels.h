#pragma once

#include "core/model/finding.h"

/// The English of what stands on screens and in reports, once for both, and its order. Translated
/// by the caller in the context "Label"; `word()` has the words of the formats.
namespace model {

const char *label(Verdict verdict);
/// As of the verdict, or "Fail: no effect".
const char *label(const Finding &finding);
const char *label(Severity severity);
const char *label(Area area);
const char *label(Reach reach);

/// Where a finding stands in a list: trouble first, then what a person has to look at, then what is
/// fine. 0 (fail) to 5.
int attentionRank(Verdict verdict);

} // namespace model
