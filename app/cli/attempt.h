#pragma once

#include "app/cli/session.h"

namespace cli {

/// Passwords of --password-stdin and --sudo-password-stdin, read once for all targets.
base::Result<engine::Credentials> readCredentials(const Session &session);

/// A saved server's name, user@host[:port] or a host name as a request.
base::Result<engine::AuditRequest>
requestFor(const Session &session, const QString &target, const engine::Credentials &credentials);

/// One audit of one server. Where somebody sits at the terminal, unknown host keys and missing
/// passwords are asked for; a wrong one is not asked for again.
engine::AuditOutcome attempt(const Session &session, engine::AuditRequest request);

} // namespace cli
