#pragma once

#include "core/base/untrustedtext.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

#include <optional>
#include <vector>

/// What the desktop saw of a server from outside. Made by core/probe, kept in Facts, judged by
/// checks.
namespace model {

enum class AddressFamily { IPv4, IPv6 };

/// A TLS version on the wire. SSL 3 is asked for as well.
enum class TlsVersion : quint16 {
    Ssl3 = 0x0300,
    Tls10 = 0x0301,
    Tls11 = 0x0302,
    Tls12 = 0x0303,
    Tls13 = 0x0304,
};

/// Only an alert of the server is a refusal; every other failure is Unknown, never "off".
enum class Offer { Accepted, Refused, Unknown };

struct TlsVersionOffer
{
    TlsVersion version = TlsVersion::Tls12;
    Offer offer = Offer::Unknown;
    quint16 suite = 0; ///< chosen by the server, when accepted
    QString detail; ///< "alert protocol_version (70)", "connection reset", ...
    Offer witness = Offer::Unknown; ///< the same question asked with OpenSSL

    friend bool operator==(const TlsVersionOffer &, const TlsVersionOffer &) = default;
};

struct Certificate
{
    QByteArray der;
    QByteArray sha256; ///< hex, of der
    QByteArray spkiSha256; ///< hex
    base::UntrustedText subject;
    base::UntrustedText issuer;
    std::vector<base::UntrustedText> dnsNames; ///< from the subject alternative name only
    std::vector<base::UntrustedText> ipNames;
    QDateTime notBefore; ///< UTC
    QDateTime notAfter;
    bool selfSigned = false;
    QString keyType; ///< "RSA 2048", "EC P-256"

    friend bool operator==(const Certificate &, const Certificate &) = default;
};

struct ChainProblem
{
    int depth = 0;
    int code = 0; ///< X509_V_ERR_*
    QString text;

    friend bool operator==(const ChainProblem &, const ChainProblem &) = default;
};

/// Everything one port said about TLS, for one address and one server name.
struct TlsObservation
{
    QString address; ///< numeric, as connected
    quint16 port = 443;
    AddressFamily family = AddressFamily::IPv4;
    QString serverName; ///< SNI sent; empty for none
    QDateTime at; ///< UTC
    bool connected = false; ///< a TCP connection came to be
    QString detail; ///< why not
    std::vector<TlsVersionOffer> versions;
    std::vector<Certificate> chain; ///< leaf first, as sent
    bool chainRead = false;
    std::vector<ChainProblem> problems; ///< of the verification against the system's and given CAs
    bool nameMatches = false; ///< by subject alternative name, never by CN
    bool trustedByGivenCa = false; ///< the chain ends in a CA of --tls-ca and not of the system

    friend bool operator==(const TlsObservation &, const TlsObservation &) = default;
};

struct HttpHeader
{
    QByteArray name; ///< lower case
    base::UntrustedText value; ///< duplicates joined by ", "

    friend bool operator==(const HttpHeader &, const HttpHeader &) = default;
};

struct HttpObservation
{
    QString scheme; ///< http, https
    QString host; ///< the Host header
    QString path;
    QString address;
    quint16 port = 80;
    AddressFamily family = AddressFamily::IPv4;
    QDateTime at;
    enum class Outcome { Answered, Refused, TimedOut, Failed } outcome = Outcome::Failed;
    QString detail;
    int status = 0;
    std::vector<HttpHeader> headers;
    base::UntrustedText location; ///< of a redirect, as sent

    friend bool operator==(const HttpObservation &, const HttpObservation &) = default;
};

struct PortObservation
{
    QString address;
    quint16 port = 0;
    AddressFamily family = AddressFamily::IPv4;
    QDateTime at;
    enum class Outcome { Open, Refused, NoAnswer, Failed } outcome = Outcome::Failed;
    QString detail;
    /// Another port of this address and family answered from here, so "closed" may be believed.
    bool control = false;

    friend bool operator==(const PortObservation &, const PortObservation &) = default;
};

struct Vantage
{
    std::vector<QString> addresses; ///< our own that lead to the server, one of a family
    std::vector<AddressFamily> families; ///< those with a route
    QString route = QStringLiteral("unknown"); ///< direct, vpn, jump, unknown

    friend bool operator==(const Vantage &, const Vantage &) = default;
};

/// A place that was named for probing and not asked.
struct RefusedPlace
{
    base::UntrustedText name;
    QString address; ///< numeric; empty when the name itself is unusable
    QString reason; ///< "the address lies in a private range, ..."

    friend bool operator==(const RefusedPlace &, const RefusedPlace &) = default;
};

struct Outside
{
    Vantage vantage;
    bool asked = false; ///< probing was switched on
    std::vector<TlsObservation> tls;
    std::vector<HttpObservation> http;
    std::vector<PortObservation> ports;
    std::vector<RefusedPlace> refused;

    friend bool operator==(const Outside &, const Outside &) = default;
};

} // namespace model
