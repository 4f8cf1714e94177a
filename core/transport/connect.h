#pragma once

#include "core/base/result.h"
#include "core/base/uniquefd.h"
#include "core/transport/resolve.h"
#include "core/transport/waiter.h"

#include <QString>

#include <vector>

namespace transport {

/// A connected, non-blocking TCP socket.
struct Connected
{
    base::UniqueFd socket;
    QString peerAddress;
    QString localAddress;
};

/// Tries the addresses a quarter of a second apart and takes the first that answers.
base::Result<Connected>
connectToAny(const std::vector<Address> &addresses, const QString &host, const Waiter &waiter);

} // namespace transport
