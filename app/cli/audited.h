#pragma once

#include "app/cli/jsonoutput.h"
#include "app/cli/session.h"

#include <optional>
#include <vector>

namespace cli {

/// An audit of one target, however it went.
struct Audited
{
    QString target;
    std::optional<engine::AuditRun> run;
    engine::Failure failure;
    model::Server server;
    ExitStatus status = Done;
};

/// Audits a saved server, a host or the demo server.
Audited
auditOne(const Session &session, const QString &target, const engine::Credentials &credentials);
/// Several, --parallel at a time; in the order of the targets.
std::vector<Audited> auditAll(const Session &session,
                              const QStringList &targets,
                              const engine::Credentials &credentials);
/// Narrows a run to --deployment and gives it its exit status.
Audited judgedRun(const Session &session, Audited audited, base::Result<engine::AuditRun> run);

/// Its answer in JSON.
TargetAnswer answerOf(const Audited &audited);
/// The error line, with the host key where that was the reason.
void tellFailure(const Session &session, const Audited &audited);
/// The line, and with --json the target's error on standard output; for commands of one target.
ExitStatus refuse(const Session &session, const Audited &audited);

} // namespace cli
