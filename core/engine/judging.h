#pragma once

#include "core/base/deadline.h"
#include "core/engine/engine.h"

namespace engine {

/// Parses and judges with the checks and the knowledge of this version. Pure but for the audit's
/// id, which is made from `now`.
base::Result<AuditRun>
judged(facts::Snapshot snapshot, const QDateTime &now, const std::stop_token &stop = {});

/// Leaves one deployment and what concerns the host. UnknownName where there is no such deployment.
base::Result<void> restrictTo(model::Audit &audit, const QString &deployment);

/// The built-in server.
base::Result<facts::Snapshot> demoSnapshot();

} // namespace engine
