#pragma once

#include "core/engine/engine.h"

namespace engine {

/// One audit from the name to the verdicts, on the calling thread.
AuditOutcome runAudit(const Environment &environment,
                      AuditRequest request,
                      const std::stop_token &stop,
                      const ProgressSink &progress);

/// Connects, logs in, becomes root where it may, and reads nothing.
ConnectionReport runConnectionTest(const Environment &environment,
                                   AuditRequest request,
                                   const std::stop_token &stop,
                                   const ProgressSink &progress);

/// Flowkeep's own file of host keys.
QString ownKnownHostsFile(const Environment &environment);

} // namespace engine
