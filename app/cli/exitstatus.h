#pragma once

#include "core/base/error.h"
#include "core/model/audit.h"

#include <optional>
#include <span>

namespace cli {

/// The exit statuses of flowkeep-cli; docs/cli.md tells people.
enum ExitStatus {
    Done = 0,
    Failed = 1, ///< a proven fail at or above --fail-on
    Usage = 2, ///< usage, input or local file
    NotConnected = 3, ///< could not connect, host key, authentication
    Reverted = 4,
    StateUnknown = 5,
    Refused = 6,
    Inconclusive = 7, ///< coverage too small, or a check at or above --fail-on is unknown
    Interrupted = 130, ///< cancelled by a person
};

/// What turns findings into an exit status.
struct Gate
{
    std::optional<model::Severity> failOn; ///< this severity and worse
    bool warnsCount = false;
    std::optional<int> minimumCoverage; ///< percent
};

ExitStatus statusOf(const model::Audit &audit, const Gate &gate);
ExitStatus statusOf(const base::Error &error);

/// One status for several targets: 130, then 5, 4, 3, 6, 2, 1, 7, 0. A proven fail beats
/// inconclusive.
ExitStatus worst(std::span<const ExitStatus> statuses);

} // namespace cli
