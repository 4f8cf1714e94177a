#pragma once

#include "core/model/observation.h"

#include <QByteArray>
#include <QString>

#include <array>
#include <optional>

namespace probe {

/// A numeric address. IPv4 mapped into IPv6 (::ffff:a.b.c.d) is read as the IPv4 address it is.
struct Address
{
    model::AddressFamily family = model::AddressFamily::IPv4;
    std::array<quint8, 16> bytes{}; ///< network order; IPv4 uses the first four
    quint32 scope = 0; ///< interface index of a link-local IPv6 address

    friend bool operator==(const Address &, const Address &) = default;
};

struct Endpoint
{
    Address address;
    quint16 port = 0;

    friend bool operator==(const Endpoint &, const Endpoint &) = default;
};

/// Strictly numeric ("192.0.2.1", "2001:db8::1", "fe80::1%eth0"); never asks a resolver.
std::optional<Address> parseAddress(const QString &text);
QString addressText(const Address &address);

/// Blocks that an outsider must not be sent into on somebody else's word.
enum class Range {
    Public,
    Loopback,
    LinkLocal,
    Private10,
    Private172,
    Private192,
    CarrierNat,
    UniqueLocal,
    SiteLocal,
    Special, ///< unspecified, multicast, broadcast, reserved, test nets: never a server
};

/// Looks through the IPv6 forms that carry an IPv4 address (mapped, compatible, NAT64, 6to4),
/// because the packets end there. RFC 6890, 6598, 4193, 3879, 6052, 3056.
Range rangeOf(const Address &address);

/// A DNS name as it may go into a ClientHello and a Host header: letters, digits, hyphen and
/// underscore in labels of 1 to 63, at most 253 in all, lower case, IDN in its ASCII form, no final
/// dot. Nothing for anything else, numeric addresses included.
std::optional<QByteArray> dnsName(const QString &text);

} // namespace probe
