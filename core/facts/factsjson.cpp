#include "core/base/json.h"
#include "core/facts/facts.h"
#include "core/facts/json.h"
#include "core/facts/outsidejson.h"
#include "core/facts/sectiontable.h"

#include <QCryptographicHash>
#include <QSet>

namespace facts {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype fileLimit = 32 * 1024 * 1024; ///< bytes
constexpr QLatin1StringView schema = "flowkeep.facts/1"_L1;
constexpr QLatin1StringView schemaFamily = "flowkeep.facts/"_L1;

QJsonObject fromSection(const Section &section)
{
    const std::optional<Gap> gap = gapOf(section);
    return {
        {u"id"_s, section.id},
        {u"deployment"_s, section.deployment},
        {u"command"_s, fromBytes(section.command)},
        {u"status"_s, word(section.status)},
        {u"rc"_s, section.exitStatus ? QJsonValue(*section.exitStatus) : QJsonValue()},
        {u"ms"_s, section.milliseconds},
        {u"bytes"_s, section.data.size()},
        {u"cut"_s, section.cut},
        {u"sha256"_s, fromBytes(section.sha256)},
        {u"reason"_s, gap ? QJsonValue(word(*gap)) : QJsonValue()},
        {u"data"_s, fromBytes(section.data)},
    };
}

Section toSection(const QJsonObject &object, const SectionId &id)
{
    Section section;
    section.deployment = id.deployment;
    section.command = id.info->command;
    FieldReader reader(object);
    reader.text("id", section.id);
    reader.choice("status", section.status, statusFromWord);
    if (!object.value("rc"_L1).isNull()) {
        int exitStatus = -1;
        reader.number("rc", exitStatus, 0, 255);
        if (exitStatus >= 0)
            section.exitStatus = exitStatus;
    }
    reader.number("ms", section.milliseconds, 0, 1'000'000'000'000);
    reader.flag("cut", section.cut);
    reader.bytes("sha256", section.sha256);
    reader.bytes("data", section.data);
    const QByteArray hash
        = QCryptographicHash::hash(section.data, QCryptographicHash::Sha256).toHex();
    if (!reader.ok() || section.sha256 != hash || section.data.size() > sectionLimit)
        section.status = Section::Status::Unparsable;
    return section;
}

void readSections(const QJsonArray &array, Snapshot &snapshot)
{
    QSet<QString> seen;
    qsizetype total = 0;
    for (const QJsonValue &value : array) {
        const QJsonObject object = value.toObject();
        const QString name = object.value("id"_L1).toString();
        const std::optional<SectionId> id = parseSectionId(name.toUtf8());
        if (!id || seen.contains(name))
            continue;
        seen.insert(name);
        Section section = toSection(object, *id);
        total += section.data.size();
        if (total > totalLimit) {
            snapshot.ended = false; // what is left out counts as cut
            return;
        }
        snapshot.sections.push_back(std::move(section));
    }
}

qint64 skewOf(const Snapshot &snapshot)
{
    return snapshot.startedAt.msecsTo(snapshot.serverClock);
}

} // namespace

QByteArray toJson(const Snapshot &snapshot)
{
    QJsonArray sections;
    for (const Section &section : snapshot.sections)
        sections.append(fromSection(section));
    const bool bothClocks = snapshot.startedAt.isValid() && snapshot.serverClock.isValid();
    const QJsonObject file{
        {u"schema"_s, QString(schema)},
        {u"collector"_s,
         QJsonObject{{u"version"_s, fromBytes(snapshot.collectorVersion)},
                     {u"sha256"_s, fromBytes(snapshot.collectorSha256)}}},
        {u"server"_s,
         QJsonObject{{u"name"_s, snapshot.connection.name},
                     {u"address"_s, snapshot.connection.address},
                     {u"port"_s, snapshot.connection.port},
                     {u"hostKey"_s, snapshot.connection.hostKey}}},
        {u"privilege"_s, model::word(snapshot.privilege)},
        {u"durationMs"_s, snapshot.durationMs},
        {u"clock"_s,
         QJsonObject{{u"client"_s, fromTime(snapshot.startedAt)},
                     {u"server"_s, fromTime(snapshot.serverClock)},
                     {u"skewMs"_s, bothClocks ? QJsonValue(skewOf(snapshot)) : QJsonValue()}}},
        {u"ended"_s, snapshot.ended},
        {u"sections"_s, sections},
        {u"vantage"_s, fromVantage(snapshot.outside.vantage)},
        {u"outsideAsked"_s, snapshot.outside.asked},
        {u"outside"_s, fromOutside(snapshot.outside)},
    };
    return base::jsonText(file);
}

base::Result<Snapshot> fromJson(const QByteArray &json)
{
    const auto bad = [](base::ErrorKind kind, const QString &detail) {
        return base::fail(kind, base::Stage::File, {}, detail);
    };
    if (json.size() > fileLimit)
        return bad(base::ErrorKind::TooLarge, u"facts files have at most 32 MiB"_s);
    const std::optional<QJsonObject> file = readObject(json);
    if (!file)
        return bad(base::ErrorKind::BadFormat, u"no JSON object, or nested too deeply"_s);
    const QString found = file->value("schema"_L1).toString();
    if (found != schema && found.startsWith(schemaFamily))
        return bad(base::ErrorKind::UnsupportedSchema, found.left(60));
    if (found != schema)
        return bad(base::ErrorKind::BadFormat, u"schema is not "_s + schema);

    // A wrong type out here leaves the field's default: the least privilege, no time, not ended.
    Snapshot snapshot;
    const QJsonObject collector = file->value("collector"_L1).toObject();
    FieldReader collectorFields(collector);
    collectorFields.bytes("version", snapshot.collectorVersion);
    collectorFields.bytes("sha256", snapshot.collectorSha256);
    const QJsonObject server = file->value("server"_L1).toObject();
    FieldReader serverFields(server);
    serverFields.text("name", snapshot.connection.name);
    serverFields.text("address", snapshot.connection.address);
    serverFields.number("port", snapshot.connection.port, 0, 65535);
    serverFields.text("hostKey", snapshot.connection.hostKey);
    FieldReader fields(*file);
    fields.choice("privilege", snapshot.privilege, model::privilegeFromWord);
    fields.number("durationMs", snapshot.durationMs, 0, 1'000'000'000'000);
    fields.flag("ended", snapshot.ended);
    const QJsonObject clock = file->value("clock"_L1).toObject();
    FieldReader clockFields(clock);
    clockFields.time("client", snapshot.startedAt);
    clockFields.time("server", snapshot.serverClock);
    readSections(file->value("sections"_L1).toArray(), snapshot);
    snapshot.outside = toOutside(*file);
    return snapshot;
}

} // namespace facts
