#include "tests/support/factsbuilder.h"

#include "core/facts/sectiontable.h"

#include <QCryptographicHash>
#include <QList>
#include <QRegularExpression>

#include <algorithm>

namespace support {

using namespace Qt::StringLiterals;
using facts::Section;

namespace {

/// Sections that are the plain output of a tool.
bool isRaw(QByteArrayView name)
{
    static const QList<QByteArray> raw{
        "os",        "listening",       "addresses",        "nft", "iptables",
        "ip6tables", "iptables-legacy", "ip6tables-legacy", "ufw", "nginx-host",
        "nginx"};
    return raw.contains(name);
}

/// Answers of the sign-in server: one line with fields, then a raw body.
bool isAnswer(QByteArrayView name)
{
    return name == "gotrue-settings" || name == "password-probe";
}

QByteArray wireLine(const QByteArray &line)
{
    if (line.contains('\t'))
        return line;
    static const QRegularExpression gap(u" {2,}"_s);
    QStringList fields = QString::fromUtf8(line.trimmed()).split(gap);
    fields.replaceInStrings(QRegularExpression(u"^''$"_s), QString());
    return fields.join(u'\t').toUtf8();
}

} // namespace

QByteArray wireText(const QString &id, const QByteArray &readable)
{
    const QByteArray name = id.section(u'@', 0, 0).toLatin1();
    if (isRaw(name))
        return readable;
    QList<QByteArray> lines = readable.split('\n');
    const qsizetype count = isAnswer(name) ? std::min<qsizetype>(1, lines.size()) : lines.size();
    for (qsizetype i = 0; i < count; ++i)
        lines[i] = wireLine(lines[i]);
    return lines.join('\n');
}

facts::Snapshot SnapshotBuilder::fresh()
{
    facts::Snapshot snapshot;
    snapshot.ended = true;
    return snapshot;
}

SnapshotBuilder &SnapshotBuilder::section(const QString &id, const QByteArray &text, Status status)
{
    const std::optional<facts::SectionId> known = facts::parseSectionId(id.toUtf8());
    if (!known)
        qFatal("no such section: %s", qPrintable(id));
    Section section;
    section.id = id;
    section.deployment = known->deployment;
    section.command = known->info->command;
    section.status = status;
    section.exitStatus = status == Status::Ok ? 0 : 1;
    section.milliseconds = 10;
    section.data = wireText(id, text);
    auto &sections = m_snapshot.sections;
    const auto old = std::find_if(sections.begin(), sections.end(),
                                  [&](const Section &each) { return each.id == id; });
    if (old == sections.end())
        sections.push_back(std::move(section));
    else
        *old = std::move(section);
    return *this;
}

SnapshotBuilder &SnapshotBuilder::without(const QString &id)
{
    std::erase_if(m_snapshot.sections, [&](const Section &section) { return section.id == id; });
    return *this;
}

SnapshotBuilder &SnapshotBuilder::cutStream()
{
    m_snapshot.ended = false;
    return *this;
}

SnapshotBuilder &SnapshotBuilder::outsideHttp(const QString &scheme,
                                              const QString &host,
                                              const QString &path,
                                              int status,
                                              const std::vector<Header> &headers,
                                              const QByteArray &location)
{
    m_snapshot.outside.asked = true;
    model::HttpObservation &seen = m_snapshot.outside.http.emplace_back();
    seen.scheme = scheme;
    seen.host = host;
    seen.path = path;
    seen.address = u"203.0.113.10"_s;
    seen.port = scheme == u"https"_s ? 443 : 80;
    seen.outcome = model::HttpObservation::Outcome::Answered;
    seen.status = status;
    for (const Header &header : headers)
        seen.headers.push_back({header.name.toLower(), base::UntrustedText(header.value)});
    seen.location = base::UntrustedText(location);
    return *this;
}

SnapshotBuilder &SnapshotBuilder::outsidePort(quint16 port,
                                              model::PortObservation::Outcome outcome,
                                              model::AddressFamily family)
{
    m_snapshot.outside.asked = true;
    model::PortObservation &seen = m_snapshot.outside.ports.emplace_back();
    seen.address = family == model::AddressFamily::IPv4 ? u"203.0.113.10"_s : u"2001:db8::10"_s;
    seen.port = port;
    seen.family = family;
    seen.outcome = outcome;
    seen.control = true;
    return *this;
}

facts::Snapshot SnapshotBuilder::build() const
{
    facts::Snapshot snapshot = m_snapshot;
    for (Section &section : snapshot.sections)
        section.sha256 = QCryptographicHash::hash(section.data, QCryptographicHash::Sha256).toHex();
    facts::readMeta(snapshot);
    if (!snapshot.startedAt.isValid())
        snapshot.startedAt = snapshot.serverClock;
    return snapshot;
}

} // namespace support
