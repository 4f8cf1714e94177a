#pragma once

#include "core/engine/engine.h"
#include "core/model/audit.h"

#include <span>
#include <vector>

/// Hand-made audits for the tests of the window: every verdict, every reach, several areas.
namespace sample {

std::span<const model::CheckInfo> checks();

/// A believable server: passes, fails, a key without effect, an unknown, one deployment.
engine::AuditRun ordinary();
/// The same with a second deployment, whose findings are other ones.
engine::AuditRun twoDeployments();
engine::AuditRun many(std::size_t count = 500);
/// Two deployments with a finding of every check each: TLS-03 fails in both, GOV-01 in the second.
engine::AuditRun worseSecond();
/// Every text a server can choose is markup, escape sequences, bidi, 3 MB or broken UTF-8.
engine::AuditRun hostile();
/// Everything passes.
engine::AuditRun clean();

model::Server server(const QString &name, const QString &group = {});
engine::HostKeyOffer hostKey();

} // namespace sample
