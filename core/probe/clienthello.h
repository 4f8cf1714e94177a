#pragma once

#include "core/model/observation.h"

#include <QByteArray>

#include <vector>

namespace probe {

/// One question to a TLS server: "do you speak this version?". Written by hand because the TLS
/// libraries at hand refuse old versions and suites by themselves, which would read as "off".
struct ClientHello
{
    model::TlsVersion version = model::TlsVersion::Tls12;
    QByteArray random; ///< 32 bytes
    QByteArray sessionId; ///< at most 32 bytes; TLS 1.3 sends one for the sake of middleboxes
    QByteArray keyShare; ///< 32 bytes, TLS 1.3 only: any bytes are a valid X25519 public value
    QByteArray serverName; ///< a DNS name in ASCII; empty for none. SSL 3 has no place for it
    std::vector<QByteArray> protocols; ///< ALPN, e.g. "h2"; empty for none
};

/// A hello for that version and no other, with random parts from the system's generator.
ClientHello freshHello(model::TlsVersion version, const QByteArray &serverName);

/// The suites offered for a version: everything it can speak, the broken ones included, because a
/// server that only has RC4 must still be found. TLS 1.3 offers its own suites alone, so that a
/// server without TLS 1.3 has nothing to choose and refuses by an alert.
const std::vector<quint16> &offeredSuites(model::TlsVersion version);

/// The record with the hello, as it goes over the wire. At most 2 KiB.
/// RFC 6101, 2246, 4346, 5246, 8446; padding by RFC 7685.
QByteArray writeClientHello(const ClientHello &hello);

/// "SSL 3.0", "TLS 1.2".
QString versionName(model::TlsVersion version);

} // namespace probe
