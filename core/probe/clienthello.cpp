#include "core/probe/clienthello.h"

#include "core/probe/wire.h"

#include <QRandomGenerator>

#include <array>

using namespace Qt::StringLiterals;

namespace probe {

using model::TlsVersion;

namespace {

constexpr unsigned handshakeRecord = 22;
constexpr unsigned clientHelloMessage = 1;
constexpr unsigned x25519 = 29;
constexpr unsigned renegotiationScsv = 0x00ff;

enum Extension : unsigned {
    ServerName = 0,
    SupportedGroups = 10,
    PointFormats = 11,
    SignatureAlgorithms = 13,
    Alpn = 16,
    Padding = 21,
    ExtendedMasterSecret = 23,
    SupportedVersions = 43,
    PskModes = 45,
    KeyShare = 51,
};

void putExtension(QByteArray &out, Extension type, QByteArrayView body)
{
    put16(out, type);
    putVector(out, 2, body);
}

QByteArray listOf16(std::initializer_list<unsigned> values)
{
    QByteArray list;
    for (const unsigned value : values)
        put16(list, value);
    return list;
}

QByteArray behindLength(int lengthBytes, QByteArrayView body)
{
    QByteArray out;
    putVector(out, lengthBytes, body);
    return out;
}

QByteArray serverNameBody(const QByteArray &name)
{
    QByteArray entry;
    put8(entry, 0); // host_name
    putVector(entry, 2, name);
    return behindLength(2, entry);
}

QByteArray groupsBody(TlsVersion version)
{
    // X25519, P-256, P-384, P-521, X448, then the rest that a server of that age may insist on.
    QByteArray groups = listOf16({29, 23, 24, 25, 30});
    if (version == TlsVersion::Tls13)
        groups += listOf16({0x11ec, 256, 257, 258, 259, 260}); // X25519MLKEM768, ffdhe2048 to 8192
    else
        groups
            += listOf16({22, 26, 27, 28, 21, 19, 9, 10, 11, 12, 13, 14}); // secp, brainpool, sect
    return behindLength(2, groups);
}

QByteArray signaturesBody(TlsVersion version)
{
    // ECDSA, EdDSA, PSS, then PKCS #1; below them what only TLS 1.2 may use: SHA-1, DSA, MD5.
    QByteArray schemes = listOf16({0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b,
                                   0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0201, 0x0203});
    if (version == TlsVersion::Tls12)
        schemes += listOf16({0x0301, 0x0303, 0x0402, 0x0502, 0x0602, 0x0302, 0x0202, 0x0101});
    return behindLength(2, schemes);
}

QByteArray alpnBody(const std::vector<QByteArray> &protocols)
{
    QByteArray list;
    for (const QByteArray &protocol : protocols)
        putVector(list, 1, protocol);
    return behindLength(2, list);
}

QByteArray keyShareBody(const QByteArray &share)
{
    QByteArray entry;
    put16(entry, x25519);
    putVector(entry, 2, share);
    return behindLength(2, entry);
}

QByteArray extensions(const ClientHello &hello)
{
    QByteArray out;
    if (!hello.serverName.isEmpty())
        putExtension(out, ServerName, serverNameBody(hello.serverName));
    putExtension(out, SupportedGroups, groupsBody(hello.version));
    if (hello.version < TlsVersion::Tls13) {
        putExtension(out, PointFormats, behindLength(1, QByteArray(1, '\0')));
        putExtension(out, ExtendedMasterSecret, {});
    }
    if (hello.version >= TlsVersion::Tls12)
        putExtension(out, SignatureAlgorithms, signaturesBody(hello.version));
    if (!hello.protocols.empty())
        putExtension(out, Alpn, alpnBody(hello.protocols));
    if (hello.version == TlsVersion::Tls13) {
        // The only version listed: a server without it must refuse, not choose a lower one.
        putExtension(out, SupportedVersions, behindLength(1, listOf16({0x0304})));
        putExtension(out, PskModes, behindLength(1, QByteArray(1, '\1')));
        putExtension(out, KeyShare, keyShareBody(hello.keyShare));
    }
    return out;
}

/// Some load balancers stall on a hello of 256 to 511 bytes (RFC 7685); padding lifts it over.
void pad(QByteArray &extensionBytes, qsizetype bodyWithoutExtensions)
{
    constexpr qsizetype messageHeader = 4;
    constexpr qsizetype extensionHeader = 4;
    const qsizetype size = messageHeader + bodyWithoutExtensions + 2 + extensionBytes.size();
    if (size < 256 || size >= 512)
        return;
    const qsizetype filler = std::max<qsizetype>(1, 512 - size - extensionHeader);
    putExtension(extensionBytes, Padding, QByteArray(filler, '\0'));
}

QByteArray helloBody(const ClientHello &hello)
{
    QByteArray body;
    // TLS 1.3 hides behind the number of 1.2 and says its own in supported_versions.
    put16(body, static_cast<unsigned>(std::min(hello.version, TlsVersion::Tls12)));
    body += hello.random;
    putVector(body, 1, hello.sessionId);

    QByteArray suites;
    for (const quint16 suite : offeredSuites(hello.version))
        put16(suites, suite);
    if (hello.version < TlsVersion::Tls13)
        put16(suites, renegotiationScsv); // secure renegotiation, so that no server turns away
    putVector(body, 2, suites);
    putVector(body, 1, QByteArray(1, '\0')); // no compression

    if (hello.version == TlsVersion::Ssl3)
        return body; // SSL 3 knows no extensions, and some of its servers fail over them
    QByteArray extensionBytes = extensions(hello);
    pad(extensionBytes, body.size());
    putVector(body, 2, extensionBytes);
    return body;
}

QByteArray randomBytes(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (char &byte : bytes)
        byte = static_cast<char>(QRandomGenerator::system()->bounded(256));
    return bytes;
}

} // namespace

ClientHello freshHello(TlsVersion version, const QByteArray &serverName)
{
    ClientHello hello;
    hello.version = version;
    hello.random = randomBytes(32);
    hello.serverName = serverName;
    if (version == TlsVersion::Tls13) {
        hello.sessionId = randomBytes(32);
        hello.keyShare = randomBytes(32);
    }
    return hello;
}

QByteArray writeClientHello(const ClientHello &hello)
{
    QByteArray message;
    put8(message, clientHelloMessage);
    putVector(message, 3, helloBody(hello));

    QByteArray record;
    put8(record, handshakeRecord);
    // The record number of a first hello is 3.0 for SSL 3 and 3.1 for every later version: servers
    // of all ages take it (RFC 5246 E.1, RFC 8446 5.1), and some old ones drop anything above.
    put16(record, hello.version == TlsVersion::Ssl3 ? 0x0300 : 0x0301);
    putVector(record, 2, message);
    return record;
}

QString versionName(TlsVersion version)
{
    switch (version) {
    case TlsVersion::Ssl3:
        return u"SSL 3.0"_s;
    case TlsVersion::Tls10:
        return u"TLS 1.0"_s;
    case TlsVersion::Tls11:
        return u"TLS 1.1"_s;
    case TlsVersion::Tls12:
        return u"TLS 1.2"_s;
    case TlsVersion::Tls13:
        return u"TLS 1.3"_s;
    }
    return u"TLS"_s;
}

} // namespace probe
