#pragma once

#include "core/engine/engine.h"
#include "core/transport/sshhost.h"

namespace engine {

/// SSH as a request wants it; takes the secrets out of the request.
transport::SshOptions sshOptions(AuditRequest &request, const QString &ownKnownHosts);

/// The failure with what dialogs show besides: the offered key, both sides' algorithms, prompts.
Failure failureOf(const base::Error &error, const transport::ConnectionDetails &details);

} // namespace engine
