#pragma once

#include "core/model/observation.h"
#include "core/probe/address.h"

#include <QByteArrayView>

namespace probe {

/// Where the desktop looks from: the address it would send to `target` from and the one of the
/// other family (loopback left out), the families it has a route for, and whether the way to
/// `target` leaves by a tunnel ("vpn") or not ("direct"). Sends nothing. `viaJump` says that the
/// SSH connection used a jump host: "jump".
model::Vantage lookAround(const Address &target, bool viaJump);

/// True for names of interfaces that tunnels have: tun0, tap1, wg0, ppp0, tailscale0, utun3, ...
bool isTunnelName(QByteArrayView interface);

} // namespace probe
