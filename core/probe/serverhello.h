#pragma once

#include "core/model/observation.h"

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace probe {

/// The server's choice. For TLS 1.3 the version is the one of supported_versions.
struct ServerHello
{
    model::TlsVersion version = model::TlsVersion::Tls12;
    quint16 suite = 0;
    bool retry = false; ///< a HelloRetryRequest: the version and suite are chosen all the same

    friend bool operator==(const ServerHello &, const ServerHello &) = default;
};

/// What the first bytes of a server mean. Warning alerts before the hello are skipped.
struct ServerReply
{
    enum class Kind {
        Incomplete, ///< well formed so far; read on
        Hello,
        Alert, ///< fatal
        Garbage, ///< not TLS, or TLS that breaks its own rules
    };
    Kind kind = Kind::Incomplete;
    ServerHello hello; ///< of Hello
    quint8 alert = 0; ///< of Alert, or of the last warning skipped
    QString detail; ///< of Garbage: which rule was broken

    friend bool operator==(const ServerReply &, const ServerReply &) = default;
};

/// Reads everything received so far; hostile bytes. Never reads past 20 KiB: a server that needs
/// more before its hello is garbage. RFC 5246 6.2 and 7.4.1.3, RFC 8446 4.1.3 and 5.1.
ServerReply readServerReply(QByteArrayView received);

/// The body of one ServerHello message, without the four bytes of its header. Nothing when
/// malformed.
std::optional<ServerHello> readServerHello(QByteArrayView body);

/// What one answer says about the version asked.
struct VersionAnswer
{
    model::Offer offer = model::Offer::Unknown;
    quint16 suite = 0;
    QString detail;
    /// A lower version the server chose instead: that one is on.
    std::optional<model::TlsVersion> instead;
    /// Refused by internal_error. OpenSSL 3 answers so where a version stands in the configuration
    /// but its security level forbids it (measured); a server in trouble answers so too. It counts
    /// only when a second client, asking otherwise, is turned away as well.
    bool needsWitness = false;
};

/// Judges the answer to one hello.
/// - A ServerHello of the version asked accepts it.
/// - A ServerHello of a lower version proves that the lower one is on. It is no refusal of what was
///   asked, because only an alert is: the version asked stays unknown.
/// - A fatal alert about versions or algorithms refuses, internal_error with a reservation. An
/// alert
///   about something else (the server name, the form of our hello, an access rule) says nothing
///   about the version: unknown.
/// - Everything else is unknown.
VersionAnswer judgeReply(model::TlsVersion asked, const ServerReply &reply);

/// True for alerts by which a server turns a version or its algorithms away.
bool refusesVersion(quint8 alert);

/// "alert protocol_version (70)".
QString alertText(quint8 alert);

} // namespace probe
