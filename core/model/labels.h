#pragma once

#include "core/model/finding.h"

/// The English of what stands on screens and in reports, once for both. Translated by the caller in
/// the context "Label"; `word()` has the words of the formats.
namespace model {

const char *label(Verdict verdict);
/// As of the verdict, or "Fail: no effect".
const char *label(const Finding &finding);
const char *label(Severity severity);
const char *label(Area area);
const char *label(Reach reach);

} // namespace model
