#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QDate>
#include <QJsonObject>
#include <QString>

#include <vector>

namespace knowledge {

/// One data file, taken apart: its own date, its sources, and its list of entries.
struct DataFile
{
    QDate reviewed;
    std::vector<QJsonObject> sources;
    std::vector<QJsonObject> entries;
};

/// Reads `json` of this schema whose entries are in the list `list`.
base::Result<DataFile>
readDataFile(const QByteArray &json, const QString &schema, const QString &list);

/// Strict members: the failure of the whole file is remembered in `ok`, which is only ever cleared.
QString text(const QJsonObject &object, const QString &name, bool &ok);
QString optionalText(const QJsonObject &object, const QString &name, bool &ok);
bool flag(const QJsonObject &object, const QString &name, bool &ok);
int positive(const QJsonObject &object, const QString &name, bool &ok);
QDate date(const QJsonObject &object, const QString &name, bool &ok);

} // namespace knowledge
