#pragma once

#include "core/base/result.h"
#include "core/transport/options.h"
#include "core/transport/session.h"
#include "core/transport/waiter.h"

namespace transport {

/// Logs in: keys first, then one try of the password. `details` receives the methods and prompts of
/// the server. The host key must have been accepted before.
base::Result<void> logIn(Session &session,
                         const LoginOptions &login,
                         const Waiter &waiter,
                         ConnectionDetails &details);

} // namespace transport
