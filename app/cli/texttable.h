#pragma once

#include "core/model/audit.h"

#include <QString>

#include <span>

namespace cli {

/// An audit for people: score, counts, findings with the worst first. Every text of a server is
/// made harmless for a terminal; `colour` adds escape sequences of our own.
QString auditText(const model::Audit &audit, std::span<const model::CheckInfo> checks, bool colour);

/// "Score 43 of 100, up to 67, coverage 82 %", or that there is not enough evidence.
QString scoreLine(const model::Score &score);

QString checksText(std::span<const model::CheckInfo> checks);

} // namespace cli
