#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QString>

#include <optional>

namespace support {

/// One line of an `[outside edit]` block, applied to the array `outside` of a facts file. A
/// selector is a kind and any words that must equal its family, port, name, address, scheme or
/// path. Returns what is wrong, or nothing.
///
///     set   http https /    data.headers.x-frame-options   "DENY"
///     set   tls ipv6        data.versions.TLSv1.0.offer    "accepted"
///     set   tls             data.chain.0.notAfter          "2024-03-14T00:00:00.000Z"
///     drop  http https /    data.headers.x-frame-options
///     drop  tls ipv6
std::optional<QString> editOutside(const QByteArray &line, QJsonArray &outside);

} // namespace support
