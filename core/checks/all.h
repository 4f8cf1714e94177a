#pragma once

#include "core/checks/check.h"

/// Every check, one function and one file each. catalogue.cpp calls them once, in this order.
namespace checks {

// inventory
Check runningEqualsFiles(); ///< INV-02
Check noInertKeys(); ///< INV-03
// tls
Check certificateValid(); ///< TLS-01
Check certificateMargin(); ///< TLS-03
Check httpsEnforced(); ///< TLS-06
Check modernTlsOnly(); ///< TLS-07
// headers
Check nosniffSent(); ///< HDR-02
// authentication
Check passwordLength(); ///< AUTH-01
Check jwtSecretStrong(); ///< AUTH-04
Check registrationRestricted(); ///< AUTH-10
// data
Check credentialsNotDefault(); ///< DATA-08
// network
Check publishedPortsFiltered(); ///< NET-05

} // namespace checks
