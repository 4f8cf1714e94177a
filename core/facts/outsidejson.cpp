#include "core/facts/outsidejson.h"

#include "core/facts/json.h"

#include <array>
#include <limits>
#include <utility>

namespace facts {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 portLimit = 65535;

template <typename Value, std::size_t size>
QString wordFor(const std::array<std::pair<Value, QLatin1StringView>, size> &words, Value value)
{
    for (const auto &[known, word] : words) {
        if (known == value)
            return word;
    }
    return {};
}

template <typename Value, std::size_t size>
auto valueFor(const std::array<std::pair<Value, QLatin1StringView>, size> &words)
{
    return [&words](QStringView text) -> std::optional<Value> {
        for (const auto &[value, word] : words) {
            if (text == word)
                return value;
        }
        return std::nullopt;
    };
}

template <typename Value, std::size_t size>
using Words = std::array<std::pair<Value, QLatin1StringView>, size>;

constexpr Words<model::AddressFamily, 2> families{{
    {model::AddressFamily::IPv4, "ipv4"_L1},
    {model::AddressFamily::IPv6, "ipv6"_L1},
}};
constexpr Words<model::TlsVersion, 5> tlsVersions{{
    {model::TlsVersion::Ssl3, "SSLv3"_L1},
    {model::TlsVersion::Tls10, "TLSv1.0"_L1},
    {model::TlsVersion::Tls11, "TLSv1.1"_L1},
    {model::TlsVersion::Tls12, "TLSv1.2"_L1},
    {model::TlsVersion::Tls13, "TLSv1.3"_L1},
}};
constexpr Words<model::Offer, 3> offers{{
    {model::Offer::Accepted, "accepted"_L1},
    {model::Offer::Refused, "refused"_L1},
    {model::Offer::Unknown, "unknown"_L1},
}};
constexpr Words<model::HttpObservation::Outcome, 4> httpOutcomes{{
    {model::HttpObservation::Outcome::Answered, "answered"_L1},
    {model::HttpObservation::Outcome::Refused, "refused"_L1},
    {model::HttpObservation::Outcome::TimedOut, "timeout"_L1},
    {model::HttpObservation::Outcome::Failed, "failed"_L1},
}};
constexpr Words<model::PortObservation::Outcome, 4> portOutcomes{{
    {model::PortObservation::Outcome::Open, "open"_L1},
    {model::PortObservation::Outcome::Refused, "refused"_L1},
    {model::PortObservation::Outcome::NoAnswer, "no-answer"_L1},
    {model::PortObservation::Outcome::Failed, "failed"_L1},
}};

QJsonValue fromText(const base::UntrustedText &text)
{
    return fromBytes(text.bytes());
}

QJsonArray fromTexts(const std::vector<base::UntrustedText> &texts)
{
    QJsonArray array;
    for (const base::UntrustedText &text : texts)
        array.append(fromText(text));
    return array;
}

void readText(FieldReader &reader, const char *name, base::UntrustedText &into)
{
    QByteArray bytes;
    reader.bytes(name, bytes);
    into = base::UntrustedText(std::move(bytes));
}

void readTexts(FieldReader &reader, const char *name, std::vector<base::UntrustedText> &into)
{
    reader.each(name, [&](const QJsonValue &element) {
        std::optional<QByteArray> bytes = toBytes(element);
        if (bytes)
            into.emplace_back(std::move(*bytes));
        return bytes.has_value();
    });
}

/// What every kind of observation has.
template <typename Observation>
QJsonObject common(QLatin1StringView kind, const Observation &seen)
{
    return {
        {u"kind"_s, kind},
        {u"family"_s, wordFor(families, seen.family)},
        {u"address"_s, seen.address},
        {u"port"_s, seen.port},
        {u"at"_s, fromTime(seen.at)},
        {u"detail"_s, seen.detail},
    };
}

template <typename Observation>
void readCommon(FieldReader &reader, Observation &seen)
{
    reader.choice("family", seen.family, valueFor(families));
    reader.text("address", seen.address);
    reader.number("port", seen.port, 0, portLimit);
    reader.time("at", seen.at);
    reader.text("detail", seen.detail);
}

QJsonObject fromCertificate(const model::Certificate &certificate)
{
    return {
        {u"der"_s, QString::fromLatin1(certificate.der.toBase64())},
        {u"sha256"_s, fromBytes(certificate.sha256)},
        {u"spkiSha256"_s, fromBytes(certificate.spkiSha256)},
        {u"subject"_s, fromText(certificate.subject)},
        {u"issuer"_s, fromText(certificate.issuer)},
        {u"dnsNames"_s, fromTexts(certificate.dnsNames)},
        {u"ipNames"_s, fromTexts(certificate.ipNames)},
        {u"notBefore"_s, fromTime(certificate.notBefore)},
        {u"notAfter"_s, fromTime(certificate.notAfter)},
        {u"selfSigned"_s, certificate.selfSigned},
        {u"keyType"_s, certificate.keyType},
    };
}

bool readCertificate(const QJsonValue &value, std::vector<model::Certificate> &into)
{
    const QJsonObject object = value.toObject();
    FieldReader reader(object);
    model::Certificate &certificate = into.emplace_back();
    QString der;
    reader.text("der", der);
    const auto decoded
        = QByteArray::fromBase64Encoding(der.toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    certificate.der = decoded ? *decoded : QByteArray();
    reader.bytes("sha256", certificate.sha256);
    reader.bytes("spkiSha256", certificate.spkiSha256);
    readText(reader, "subject", certificate.subject);
    readText(reader, "issuer", certificate.issuer);
    readTexts(reader, "dnsNames", certificate.dnsNames);
    readTexts(reader, "ipNames", certificate.ipNames);
    reader.time("notBefore", certificate.notBefore);
    reader.time("notAfter", certificate.notAfter);
    reader.flag("selfSigned", certificate.selfSigned);
    reader.text("keyType", certificate.keyType);
    return value.isObject() && reader.ok() && bool(decoded);
}

QJsonObject fromTls(const model::TlsObservation &seen)
{
    QJsonArray versions;
    for (const model::TlsVersionOffer &offer : seen.versions) {
        versions.append(QJsonObject{
            {u"version"_s, wordFor(tlsVersions, offer.version)},
            {u"offer"_s, wordFor(offers, offer.offer)},
            {u"suite"_s, offer.suite},
            {u"detail"_s, offer.detail},
            {u"witness"_s, wordFor(offers, offer.witness)},
        });
    }
    QJsonArray chain;
    for (const model::Certificate &certificate : seen.chain)
        chain.append(fromCertificate(certificate));
    QJsonArray problems;
    for (const model::ChainProblem &problem : seen.problems) {
        problems.append(QJsonObject{
            {u"depth"_s, problem.depth}, {u"code"_s, problem.code}, {u"text"_s, problem.text}});
    }
    QJsonObject object = common("tls"_L1, seen);
    object[u"name"_s] = seen.serverName;
    object[u"status"_s] = seen.connected ? u"connected"_s : u"failed"_s;
    object[u"data"_s] = QJsonObject{
        {u"versions"_s, versions},
        {u"chain"_s, chain},
        {u"chainRead"_s, seen.chainRead},
        {u"problems"_s, problems},
        {u"nameMatches"_s, seen.nameMatches},
        {u"trustedByGivenCa"_s, seen.trustedByGivenCa},
    };
    return object;
}

bool readVersion(const QJsonValue &value, std::vector<model::TlsVersionOffer> &into)
{
    const QJsonObject object = value.toObject();
    FieldReader reader(object);
    model::TlsVersionOffer &offer = into.emplace_back();
    reader.choice("version", offer.version, valueFor(tlsVersions));
    reader.choice("offer", offer.offer, valueFor(offers));
    reader.number("suite", offer.suite, 0, 0xffff);
    reader.text("detail", offer.detail);
    reader.choice("witness", offer.witness, valueFor(offers));
    return object.contains("version"_L1) && reader.ok();
}

bool readProblem(const QJsonValue &value, std::vector<model::ChainProblem> &into)
{
    const QJsonObject object = value.toObject();
    FieldReader reader(object);
    model::ChainProblem &problem = into.emplace_back();
    reader.number("depth", problem.depth, 0, 1000);
    reader.number("code", problem.code, 0, 100'000);
    reader.text("text", problem.text);
    return value.isObject() && reader.ok();
}

bool readTls(const QJsonObject &object, model::Outside &outside)
{
    FieldReader reader(object);
    model::TlsObservation &seen = outside.tls.emplace_back();
    readCommon(reader, seen);
    reader.text("name", seen.serverName);
    const auto status = [](QStringView word) -> std::optional<bool> {
        if (word != u"connected" && word != u"failed")
            return std::nullopt;
        return word == u"connected";
    };
    reader.choice("status", seen.connected, status);
    const QJsonObject data = object.value("data"_L1).toObject();
    FieldReader inner(data);
    inner.each("versions",
               [&](const QJsonValue &value) { return readVersion(value, seen.versions); });
    inner.each("chain",
               [&](const QJsonValue &value) { return readCertificate(value, seen.chain); });
    inner.flag("chainRead", seen.chainRead);
    inner.each("problems",
               [&](const QJsonValue &value) { return readProblem(value, seen.problems); });
    inner.flag("nameMatches", seen.nameMatches);
    inner.flag("trustedByGivenCa", seen.trustedByGivenCa);
    return reader.ok() && inner.ok();
}

QJsonObject fromHttp(const model::HttpObservation &seen)
{
    QJsonArray headers;
    for (const model::HttpHeader &header : seen.headers)
        headers.append(QJsonArray{fromBytes(header.name), fromText(header.value)});
    QJsonObject object = common("http"_L1, seen);
    object[u"name"_s] = seen.host;
    object[u"status"_s] = wordFor(httpOutcomes, seen.outcome);
    object[u"data"_s] = QJsonObject{
        {u"scheme"_s, seen.scheme},
        {u"path"_s, seen.path},
        {u"status"_s, seen.status},
        {u"headers"_s, headers},
        {u"location"_s, fromText(seen.location)},
    };
    return object;
}

bool readHeader(const QJsonValue &value, std::vector<model::HttpHeader> &into)
{
    const QJsonArray pair = value.toArray();
    if (pair.size() != 2)
        return false;
    std::optional<QByteArray> name = toBytes(pair[0]);
    std::optional<QByteArray> text = toBytes(pair[1]);
    if (!name || !text)
        return false;
    into.push_back({std::move(*name), base::UntrustedText(std::move(*text))});
    return true;
}

bool readHttp(const QJsonObject &object, model::Outside &outside)
{
    FieldReader reader(object);
    model::HttpObservation &seen = outside.http.emplace_back();
    readCommon(reader, seen);
    reader.text("name", seen.host);
    reader.choice("status", seen.outcome, valueFor(httpOutcomes));
    const QJsonObject data = object.value("data"_L1).toObject();
    FieldReader inner(data);
    inner.text("scheme", seen.scheme);
    inner.text("path", seen.path);
    inner.number("status", seen.status, 0, 999);
    inner.each("headers", [&](const QJsonValue &value) { return readHeader(value, seen.headers); });
    readText(inner, "location", seen.location);
    return reader.ok() && inner.ok();
}

QJsonObject fromPort(const model::PortObservation &seen)
{
    QJsonObject object = common("port"_L1, seen);
    object[u"status"_s] = wordFor(portOutcomes, seen.outcome);
    object[u"data"_s] = QJsonObject{{u"control"_s, seen.control}};
    return object;
}

bool readPort(const QJsonObject &object, model::Outside &outside)
{
    FieldReader reader(object);
    model::PortObservation &seen = outside.ports.emplace_back();
    readCommon(reader, seen);
    reader.choice("status", seen.outcome, valueFor(portOutcomes));
    const QJsonObject data = object.value("data"_L1).toObject();
    FieldReader inner(data);
    inner.flag("control", seen.control);
    return reader.ok() && inner.ok();
}

constexpr std::size_t vantageLimit = 64; ///< addresses of one desktop

QJsonObject fromRefused(const model::RefusedPlace &place)
{
    return {{u"kind"_s, u"refused"_s},
            {u"name"_s, fromText(place.name)},
            {u"address"_s, place.address},
            {u"detail"_s, place.reason}};
}

bool readRefused(const QJsonObject &object, model::Outside &outside)
{
    FieldReader reader(object);
    model::RefusedPlace &place = outside.refused.emplace_back();
    readText(reader, "name", place.name);
    reader.text("address", place.address);
    reader.text("detail", place.reason);
    return reader.ok();
}

model::Vantage toVantage(const QJsonObject &object)
{
    model::Vantage vantage;
    FieldReader reader(object);
    reader.each("addresses", [&](const QJsonValue &value) {
        if (value.isString() && vantage.addresses.size() < vantageLimit)
            vantage.addresses.push_back(value.toString());
        return true;
    });
    reader.each("families", [&](const QJsonValue &value) {
        const auto family = valueFor(families)(value.toString());
        if (family && std::ranges::find(vantage.families, *family) == vantage.families.end())
            vantage.families.push_back(*family);
        return true;
    });
    reader.text("route", vantage.route);
    return vantage;
}

} // namespace

/// Far above what the probes see; a file with more was not written by them.
constexpr qsizetype observationLimit = 4096;

QJsonObject fromVantage(const model::Vantage &vantage)
{
    QJsonArray addresses;
    for (const QString &address : vantage.addresses)
        addresses.append(address);
    QJsonArray known;
    for (const model::AddressFamily family : vantage.families)
        known.append(wordFor(families, family));
    return {{u"addresses"_s, addresses}, {u"families"_s, known}, {u"route"_s, vantage.route}};
}

QJsonArray fromOutside(const model::Outside &outside)
{
    QJsonArray array;
    for (const model::TlsObservation &seen : outside.tls)
        array.append(fromTls(seen));
    for (const model::HttpObservation &seen : outside.http)
        array.append(fromHttp(seen));
    for (const model::PortObservation &seen : outside.ports)
        array.append(fromPort(seen));
    for (const model::RefusedPlace &place : outside.refused)
        array.append(fromRefused(place));
    return array;
}

model::Outside toOutside(const QJsonObject &file)
{
    model::Outside outside;
    outside.vantage = toVantage(file.value("vantage"_L1).toObject());
    outside.asked = file.value("outsideAsked"_L1).toBool(false);
    bool tls = true;
    bool http = true;
    bool ports = true;
    bool refused = true;
    if (file.value("outside"_L1).toArray().size() > observationLimit) {
        outside.asked = false;
        return outside;
    }
    for (const QJsonValue &value : file.value("outside"_L1).toArray()) {
        const QJsonObject object = value.toObject();
        const QString kind = object.value("kind"_L1).toString();
        if (kind == u"tls"_s)
            tls = readTls(object, outside) && tls;
        else if (kind == u"http"_s)
            http = readHttp(object, outside) && http;
        else if (kind == u"port"_s)
            ports = readPort(object, outside) && ports;
        else if (kind == u"refused"_s)
            refused = readRefused(object, outside) && refused;
    }
    if (!tls)
        outside.tls.clear();
    if (!http)
        outside.http.clear();
    if (!ports)
        outside.ports.clear();
    if (!refused)
        outside.refused.clear();
    return outside;
}

} // namespace facts
