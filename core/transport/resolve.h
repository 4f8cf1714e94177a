#pragma once

#include "core/base/result.h"
#include "core/transport/waiter.h"

#include <QString>

#include <sys/socket.h>

#include <functional>
#include <vector>

namespace transport {

/// One numeric address with its port, ready for connect(2).
struct Address
{
    sockaddr_storage storage{};
    socklen_t length = 0;

    int family() const { return storage.ss_family; }
    /// "192.0.2.1", "2001:db8::1%eth0"; without the port.
    QString numeric() const;
};

struct LookupAnswer
{
    int status = 0; ///< of getaddrinfo(3)
    std::vector<Address> addresses;
};

/// Blocks as long as it likes.
using Lookup = std::function<LookupAnswer(const QByteArray &host, quint16 port)>;
LookupAnswer systemLookup(const QByteArray &host, quint16 port);

/// Name resolution cannot be interrupted, so it runs on a thread of its own that is left behind
/// when the person or the deadline does not wait for it. At most 8 addresses, families alternating.
base::Result<std::vector<Address>> resolve(const QString &host,
                                           quint16 port,
                                           const Waiter &waiter,
                                           const Lookup &lookup = systemLookup);

} // namespace transport
