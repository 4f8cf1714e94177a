#pragma once

#include "core/checks/check.h"

#include <QByteArray>
#include <QHostAddress>

#include <vector>

/// Where a published port can be reached.
namespace checks {

/// 127.0.0.0/8 or ::1, in text; no other form is one.
bool isLoopback(const QByteArray &hostAddress);

/// A place of this host where a published port listens for others.
struct Doorway
{
    QHostAddress address;
    QByteArray interface; ///< that holds the address; empty where it is not known
};

struct Doorways
{
    std::vector<Doorway> places;
    /// False: there are others, or none was found where one must be.
    bool complete = true;
};

/// The addresses behind a binding: one, or for "all addresses" every one of the host that is
/// neither loopback nor link-local nor of a bridge that Docker made.
Doorways doorways(const Context &context, const QByteArray &hostAddress);

/// No socket of the host and no container takes this TCP port from others. Docker may lead packets
/// to a container without a socket of the host. False where that is not known.
bool nobodyTakes(const facts::Facts &facts, quint16 port);

/// A rule of the kernel leads this TCP port to another place, or could. True where the rules are
/// not known.
bool mayLeadElsewhere(const Context &context, quint16 port);

/// True for addresses that are translated on their way into the internet: RFC 1918, 6598, 4193,
/// loopback and link-local.
bool isPrivate(const QHostAddress &address);

/// True for containers that take the site's visitors: nginx and its relatives.
bool isProxy(const facts::Container &container);

} // namespace checks
