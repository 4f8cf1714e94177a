#include "core/probe/serverhello.h"

#include "core/probe/clienthello.h"
#include "core/probe/wire.h"

#include <algorithm>
#include <array>
#include <vector>

using namespace Qt::StringLiterals;

namespace probe {

using model::Offer;
using model::TlsVersion;

namespace {

constexpr qsizetype mostReceived = 20 * 1024;
constexpr qsizetype mostInRecord = 16384;
constexpr quint8 alertRecord = 21;
constexpr quint8 handshakeRecord = 22;
constexpr quint8 serverHelloMessage = 2;
constexpr quint8 warningLevel = 1;
constexpr quint8 fatalLevel = 2;
constexpr quint16 supportedVersions = 43;
constexpr quint8 internalError = 80;

/// SHA-256 of "HelloRetryRequest": the random value that marks one (RFC 8446 4.1.3).
constexpr unsigned char retryRandom[] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

bool isRetry(QByteArrayView random)
{
    return std::equal(
        random.begin(), random.end(), std::begin(retryRandom), std::end(retryRandom),
        [](char left, unsigned char right) { return static_cast<unsigned char>(left) == right; });
}

std::optional<TlsVersion> knownVersion(quint16 number)
{
    if (number < quint16(TlsVersion::Ssl3) || number > quint16(TlsVersion::Tls13))
        return std::nullopt;
    return static_cast<TlsVersion>(number);
}

/// The version in supported_versions, or `otherwise` when the extensions do not name one. Nothing
/// when they are malformed: a wrong length, or one extension twice.
std::optional<quint16> versionInExtensions(QByteArrayView bytes, quint16 otherwise)
{
    WireReader reader(bytes);
    std::vector<quint16> seen;
    quint16 version = otherwise;
    while (!reader.atEnd()) {
        const quint16 type = reader.u16();
        const QByteArrayView body = reader.take(reader.u16());
        if (reader.bad() || std::ranges::find(seen, type) != seen.end())
            return std::nullopt;
        seen.push_back(type);
        if (type != supportedVersions)
            continue;
        if (body.size() != 2)
            return std::nullopt;
        version = WireReader(body).u16();
        // Below 1.3 the extension must not be used to say the version.
        if (version < quint16(TlsVersion::Tls13))
            return std::nullopt;
    }
    return version;
}

ServerReply garbage(const QString &detail)
{
    ServerReply reply;
    reply.kind = ServerReply::Kind::Garbage;
    reply.detail = detail;
    return reply;
}

/// The collected handshake bytes, once they hold one message.
ServerReply readMessage(QByteArrayView handshake, quint8 warning)
{
    ServerReply reply;
    reply.alert = warning;
    if (handshake.isEmpty())
        return reply;
    if (static_cast<quint8>(handshake.front()) != serverHelloMessage)
        return garbage(u"a handshake message that is no ServerHello"_s);
    WireReader reader(handshake.sliced(1));
    const qsizetype length = reader.u24();
    if (reader.bad())
        return reply;
    if (length > mostInRecord)
        return garbage(u"a ServerHello longer than a record"_s);
    if (length > reader.remaining())
        return reply;
    const std::optional<ServerHello> hello = readServerHello(reader.take(length));
    if (!hello)
        return garbage(u"a malformed ServerHello"_s);
    reply.kind = ServerReply::Kind::Hello;
    reply.hello = *hello;
    return reply;
}

/// What a record header shows before its body is there. An empty text when nothing is wrong.
QString headerProblem(QByteArrayView header)
{
    const auto type = static_cast<quint8>(header.at(0));
    if (type != alertRecord && type != handshakeRecord)
        return u"bytes that are no TLS record"_s;
    if (header.size() > 1 && header.at(1) != 3)
        return u"a record of an unknown version"_s;
    return {};
}

} // namespace

std::optional<ServerHello> readServerHello(QByteArrayView body)
{
    WireReader reader(body);
    const quint16 legacyVersion = reader.u16();
    const QByteArrayView random = reader.take(32);
    const quint8 sessionIdSize = reader.u8();
    if (sessionIdSize > 32)
        return std::nullopt;
    reader.take(sessionIdSize);
    ServerHello hello;
    hello.suite = reader.u16();
    const quint8 compression = reader.u8();
    if (reader.bad() || compression != 0)
        return std::nullopt; // only "none" was offered

    quint16 number = legacyVersion;
    if (!reader.atEnd()) {
        const QByteArrayView extensionBytes = reader.take(reader.u16());
        if (reader.bad() || !reader.atEnd())
            return std::nullopt;
        const std::optional<quint16> named = versionInExtensions(extensionBytes, legacyVersion);
        if (!named)
            return std::nullopt;
        number = *named;
    }
    const std::optional<TlsVersion> version = knownVersion(number);
    // 1.3 is only ever named by the extension, behind the number of 1.2.
    if (!version || legacyVersion > quint16(TlsVersion::Tls12)
        || (*version == TlsVersion::Tls13 && legacyVersion != quint16(TlsVersion::Tls12)))
        return std::nullopt;
    hello.version = *version;
    hello.retry = isRetry(random);
    if (hello.retry && hello.version != TlsVersion::Tls13)
        return std::nullopt;
    return hello;
}

ServerReply readServerReply(QByteArrayView received)
{
    if (received.size() > mostReceived)
        received = received.first(mostReceived);
    QByteArray handshake;
    quint8 warning = 0;
    qsizetype at = 0;
    while (at < received.size()) {
        const QByteArrayView header
            = received.sliced(at, std::min<qsizetype>(5, received.size() - at));
        if (const QString problem = headerProblem(header); !problem.isEmpty())
            return garbage(problem);
        if (header.size() < 5)
            break;
        const qsizetype length = WireReader(header.sliced(3)).u16();
        if (length == 0 || length > mostInRecord)
            return garbage(u"a record of an impossible length"_s);
        const QByteArrayView rest = received.sliced(at + 5);
        const QByteArrayView fragment = rest.first(std::min(length, rest.size()));
        if (header.front() == char(handshakeRecord)) {
            // A message may run over several records, and its head is judged before its end is
            // there.
            handshake.append(fragment);
            const ServerReply reply = readMessage(handshake, warning);
            if (reply.kind != ServerReply::Kind::Incomplete)
                return reply;
        } else {
            if (length != 2 || !handshake.isEmpty())
                return garbage(u"a malformed alert"_s);
            if (fragment.size() < 2)
                break;
            const auto level = static_cast<quint8>(fragment.at(0));
            warning = static_cast<quint8>(fragment.at(1));
            if (level != warningLevel && level != fatalLevel)
                return garbage(u"a malformed alert"_s);
            if (level == fatalLevel) {
                ServerReply reply;
                reply.kind = ServerReply::Kind::Alert;
                reply.alert = warning;
                return reply;
            }
        }
        if (fragment.size() < length)
            break;
        at += 5 + length;
    }
    if (received.size() == mostReceived)
        return garbage(u"no ServerHello in the first 20 KiB"_s);
    ServerReply reply;
    reply.alert = warning;
    return reply;
}

VersionAnswer judgeReply(TlsVersion asked, const ServerReply &reply)
{
    VersionAnswer answer;
    switch (reply.kind) {
    case ServerReply::Kind::Incomplete:
        answer.detail = u"an incomplete answer"_s;
        return answer;
    case ServerReply::Kind::Garbage:
        answer.detail = reply.detail;
        return answer;
    case ServerReply::Kind::Alert:
        answer.detail = alertText(reply.alert);
        if (refusesVersion(reply.alert))
            answer.offer = Offer::Refused;
        answer.needsWitness = reply.alert == internalError;
        return answer;
    case ServerReply::Kind::Hello:
        break;
    }
    const TlsVersion chosen = reply.hello.version;
    if (chosen > asked) {
        answer.detail = u"answered with "_s + versionName(chosen) + u", which was not offered"_s;
        return answer;
    }
    if (std::ranges::find(offeredSuites(asked), reply.hello.suite) == offeredSuites(asked).end()) {
        answer.detail = u"answered with a cipher suite that was not offered"_s;
        return answer;
    }
    answer.suite = reply.hello.suite;
    if (chosen < asked) {
        answer.instead = chosen;
        answer.detail = u"answered with "_s + versionName(chosen);
        return answer;
    }
    answer.offer = Offer::Accepted;
    return answer;
}

bool refusesVersion(quint8 alert)
{
    constexpr quint8 handshakeFailure = 40;
    constexpr quint8 protocolVersion = 70;
    constexpr quint8 insufficientSecurity = 71;
    return alert == handshakeFailure || alert == protocolVersion || alert == insufficientSecurity
        || alert == internalError;
}

QString alertText(quint8 alert)
{
    struct Name
    {
        quint8 code;
        const char16_t *text;
    };
    static constexpr std::array<Name, 27> names{{
        {0, u"close_notify"},
        {10, u"unexpected_message"},
        {20, u"bad_record_mac"},
        {21, u"decryption_failed"},
        {22, u"record_overflow"},
        {30, u"decompression_failure"},
        {40, u"handshake_failure"},
        {41, u"no_certificate"},
        {42, u"bad_certificate"},
        {43, u"unsupported_certificate"},
        {44, u"certificate_revoked"},
        {45, u"certificate_expired"},
        {46, u"certificate_unknown"},
        {47, u"illegal_parameter"},
        {48, u"unknown_ca"},
        {49, u"access_denied"},
        {50, u"decode_error"},
        {51, u"decrypt_error"},
        {70, u"protocol_version"},
        {71, u"insufficient_security"},
        {80, u"internal_error"},
        {86, u"inappropriate_fallback"},
        {90, u"user_canceled"},
        {109, u"missing_extension"},
        {110, u"unsupported_extension"},
        {112, u"unrecognized_name"},
        {120, u"no_application_protocol"},
    }};
    const auto name = std::ranges::find(names, alert, &Name::code);
    const QString text = name == names.end() ? u"unknown"_s : QString::fromUtf16(name->text);
    return u"alert %1 (%2)"_s.arg(text).arg(alert);
}

} // namespace probe
