#include "core/knowledge/reading.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonParseError>

namespace knowledge {

using namespace Qt::StringLiterals;

namespace {

bool objectsOf(const QJsonValue &value, std::vector<QJsonObject> &out)
{
    if (!value.isArray())
        return false;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &each : array) {
        if (!each.isObject())
            return false;
        out.push_back(each.toObject());
    }
    return !out.empty();
}

} // namespace

base::Result<DataFile>
readDataFile(const QByteArray &json, const QString &schema, const QString &list)
{
    QJsonParseError error;
    const QJsonObject root = QJsonDocument::fromJson(json, &error).object();
    if (error.error != QJsonParseError::NoError)
        return base::fail(base::ErrorKind::BadFormat, base::Stage::File, schema,
                          error.errorString());
    bool ok = root.value(u"schema"_s).toString() == schema;
    DataFile file;
    file.reviewed = date(root, u"reviewed"_s, ok);
    ok = ok && objectsOf(root.value(u"sources"_s), file.sources)
        && objectsOf(root.value(list), file.entries);
    if (!ok)
        return base::fail(base::ErrorKind::BadFormat, base::Stage::File, schema);
    return file;
}

QString text(const QJsonObject &object, const QString &name, bool &ok)
{
    const QString found = object.value(name).toString();
    ok = ok && !found.isEmpty();
    return found;
}

QString optionalText(const QJsonObject &object, const QString &name, bool &ok)
{
    const QJsonValue found = object.value(name);
    ok = ok && (found.isUndefined() || found.isString());
    return found.toString();
}

bool flag(const QJsonObject &object, const QString &name, bool &ok)
{
    const QJsonValue found = object.value(name);
    ok = ok && found.isBool();
    return found.toBool();
}

int positive(const QJsonObject &object, const QString &name, bool &ok)
{
    const int found = object.value(name).toInt();
    ok = ok && found > 0;
    return found;
}

QDate date(const QJsonObject &object, const QString &name, bool &ok)
{
    const QDate found = QDate::fromString(object.value(name).toString(), Qt::ISODate);
    ok = ok && found.isValid();
    return found;
}

} // namespace knowledge
