#include "app/cli/exitstatus.h"

#include <algorithm>
#include <array>

namespace cli {

using base::ErrorKind;
using model::Verdict;

namespace {

constexpr int coverageWithFailOn = 50;

} // namespace

ExitStatus statusOf(const model::Audit &audit, const Gate &gate)
{
    bool unknown = false;
    if (gate.failOn) {
        for (const model::Finding &finding : audit.findings) {
            if (finding.severity < *gate.failOn)
                continue;
            if (finding.verdict == Verdict::Fail
                || (gate.warnsCount && finding.verdict == Verdict::Warn))
                return Failed;
            unknown = unknown || finding.verdict == Verdict::Unknown;
        }
    }
    const int wanted = gate.minimumCoverage.value_or(gate.failOn ? coverageWithFailOn : 0);
    return unknown || audit.summary.coverage < wanted ? Inconclusive : Done;
}

ExitStatus statusOf(const base::Error &error)
{
    switch (error.kind) {
    case ErrorKind::Cancelled:
        return Interrupted;
    case ErrorKind::FileNotFound:
    case ErrorKind::FileUnreadable:
    case ErrorKind::FileUnwritable:
    case ErrorKind::FileExists:
    case ErrorKind::BadFormat:
    case ErrorKind::UnsupportedSchema:
    case ErrorKind::TooLarge:
    case ErrorKind::BadInput:
    case ErrorKind::UnknownName:
    case ErrorKind::NotInThisVersion:
    case ErrorKind::DatabaseDamaged:
    case ErrorKind::DatabaseNewer:
    case ErrorKind::DatabaseBusy:
    case ErrorKind::BadPassword:
    case ErrorKind::KeyFileUnreadable:
    case ErrorKind::Internal:
        return Usage;
    case ErrorKind::TimedOut:
        return error.stage == base::Stage::File ? Usage : NotConnected;
    case ErrorKind::NothingCollected:
        return error.stage == base::Stage::Parse ? Usage : NotConnected;
    default:
        return NotConnected;
    }
}

ExitStatus worst(std::span<const ExitStatus> statuses)
{
    constexpr std::array order{Interrupted, StateUnknown, Reverted, NotConnected,
                               Refused,     Usage,        Failed,   Inconclusive};
    for (const ExitStatus status : order) {
        if (std::ranges::find(statuses, status) != statuses.end())
            return status;
    }
    return Done;
}

} // namespace cli
