#include "core/checks/support/evidence.h"

namespace checks {

using namespace Qt::StringLiterals;

namespace {

QByteArray lengthOf(facts::LengthBucket bucket)
{
    switch (bucket) {
    case facts::LengthBucket::Empty:
        return "empty";
    case facts::LengthBucket::From1To7:
        return "1 to 7 characters";
    case facts::LengthBucket::From8To11:
        return "8 to 11 characters";
    case facts::LengthBucket::From12To15:
        return "12 to 15 characters";
    case facts::LengthBucket::From16To31:
        return "16 to 31 characters";
    case facts::LengthBucket::From32To63:
        return "32 to 63 characters";
    case facts::LengthBucket::From64:
        return "64 characters or more";
    }
    return {};
}

QByteArray classesOf(const facts::RedactedValue &value)
{
    std::vector<QByteArray> classes;
    if (value.lower)
        classes.emplace_back("lower case");
    if (value.upper)
        classes.emplace_back("upper case");
    if (value.digit)
        classes.emplace_back("digits");
    if (value.other)
        classes.emplace_back("other characters");
    return join(classes, ", ");
}

model::Evidence fromOutside(const QString &section,
                            const QByteArray &command,
                            const QDateTime &at,
                            const QByteArray &excerpt)
{
    model::Evidence out;
    out.section = section;
    out.command = base::UntrustedText(command);
    out.at = at;
    out.excerpt = base::UntrustedText(excerpt);
    return out;
}

} // namespace

model::Evidence evidence(const facts::Source &source, const QByteArray &excerpt)
{
    return {.section = source.section,
            .command = base::UntrustedText(source.command),
            .exitStatus = source.exitStatus,
            .at = source.at,
            .excerpt = base::UntrustedText(excerpt),
            .sha256 = source.sha256};
}

model::Evidence evidence(const model::TlsObservation &seen, const QByteArray &excerpt)
{
    const QByteArray name = seen.serverName.isEmpty() ? "no name" : seen.serverName.toUtf8();
    const QByteArray command
        = "TLS to " + endpoint(seen.address, seen.port) + ", server name " + name;
    return fromOutside(u"outside.tls"_s, command, seen.at, excerpt);
}

model::Evidence evidence(const model::HttpObservation &seen, const QByteArray &excerpt)
{
    const QByteArray command = "GET " + seen.scheme.toUtf8() + "://" + seen.host.toUtf8()
        + seen.path.toUtf8() + " at " + endpoint(seen.address, seen.port);
    return fromOutside(u"outside.http"_s, command, seen.at, excerpt);
}

model::Evidence evidence(const model::PortObservation &seen, const QByteArray &excerpt)
{
    const QByteArray command = "connect to " + endpoint(seen.address, seen.port);
    return fromOutside(u"outside.port"_s, command, seen.at, excerpt);
}

QByteArray describe(const facts::RedactedValue &value)
{
    if (value.text)
        return "=" + *value.text;
    QByteArray out = lengthOf(value.length);
    const QByteArray classes = classesOf(value);
    if (!classes.isEmpty())
        out += ", " + classes;
    if (value.knownDefault)
        out += ", a factory value";
    return out;
}

QByteArray describe(const facts::EnvEntry &entry)
{
    const QByteArray value = describe(entry.value);
    const QByteArray between = entry.value.text ? "" : ": ";
    return entry.key + between + value;
}

QByteArray describe(const facts::PortBinding &binding)
{
    const QByteArray address = binding.hostAddress.isEmpty() ? "*" : binding.hostAddress;
    return endpoint(QString::fromLatin1(address), binding.hostPort) + " -> "
        + QByteArray::number(binding.containerPort) + "/" + binding.protocol;
}

QByteArray endpoint(const QString &address, quint16 port)
{
    const QByteArray host
        = address.contains(u':') ? "[" + address.toUtf8() + "]" : address.toUtf8();
    return host + ":" + QByteArray::number(port);
}

QByteArray join(const std::vector<QByteArray> &parts, const QByteArray &separator)
{
    QByteArray out;
    for (const QByteArray &part : parts)
        out += out.isEmpty() ? part : separator + part;
    return out;
}

} // namespace checks
