#include "tests/support/outsideedit.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace support {

using namespace Qt::StringLiterals;

namespace {

bool selected(const QJsonObject &seen, const QStringList &selector)
{
    if (seen[u"kind"_s].toString() != selector.first())
        return false;
    const QJsonObject data = seen[u"data"_s].toObject();
    const QStringList words{seen[u"family"_s].toString(), QString::number(seen[u"port"_s].toInt()),
                            seen[u"name"_s].toString(),   seen[u"address"_s].toString(),
                            data[u"scheme"_s].toString(), data[u"path"_s].toString()};
    return std::all_of(selector.begin() + 1, selector.end(),
                       [&](const QString &word) { return words.contains(word); });
}

/// Index of the element that `key` names: a pair [key, value], an object with that version, a
/// number.
qsizetype indexOf(const QJsonArray &array, const QString &key)
{
    for (qsizetype i = 0; i < array.size(); ++i) {
        if (array[i].toArray().first().toString() == key
            || array[i].toObject()[u"version"_s].toString() == key)
            return i;
    }
    bool isNumber = false;
    const int index = key.toInt(&isNumber);
    return isNumber && index < array.size() ? index : -1;
}

/// `to` is undefined to drop. False when the path leads nowhere.
bool change(QJsonValue &value, const QStringList &path, const QJsonValue &to)
{
    if (path.isEmpty()) {
        value = to;
        return true;
    }
    const QStringList rest = path.sliced(1);
    if (value.isObject()) {
        QJsonObject object = value.toObject();
        QJsonValue inner = object.value(path.first());
        const bool known = !inner.isUndefined();
        if (!known || !change(inner, rest, to))
            return false;
        if (inner.isUndefined())
            object.remove(path.first());
        else
            object[path.first()] = inner;
        value = object;
        return true;
    }
    QJsonArray array = value.toArray();
    const qsizetype index = indexOf(array, path.first());
    const bool pairs = index >= 0 ? array[index].isArray() : !to.isUndefined() && rest.isEmpty();
    if (!value.isArray() || (index < 0 && !pairs))
        return false;
    if (pairs && index < 0) {
        array.append(QJsonArray{path.first(), to});
    } else if (rest.isEmpty() && to.isUndefined()) {
        array.removeAt(index);
    } else if (pairs) {
        array[index] = QJsonArray{path.first(), to};
    } else {
        QJsonValue inner = array[index];
        if (!change(inner, rest, to))
            return false;
        array[index] = inner;
    }
    value = array;
    return true;
}

/// Dots separate, except inside version names.
QStringList pathOf(QString text)
{
    text.replace(QRegularExpression(u"TLSv1\\.([0-3])"_s), u"TLSv1\u0001\\1"_s);
    QStringList parts = text.split(u'.', Qt::SkipEmptyParts);
    parts.replaceInStrings(u"\u0001"_s, u"."_s);
    return parts;
}

} // namespace

std::optional<QString> editOutside(const QByteArray &line, QJsonArray &outside)
{
    static const QRegularExpression gap(u" {2,}|\t+"_s);
    const QString shown = QString::fromUtf8(line.trimmed());
    const QStringList fields = shown.split(gap);
    const bool set = fields.first() == u"set"_s;
    if ((set && fields.size() != 4) || (!set && (fields.first() != u"drop"_s || fields.size() > 3)))
        return u"not understood: "_s + shown;
    QJsonValue to(QJsonValue::Undefined);
    if (set) {
        const QByteArray json = '[' + fields[3].toUtf8() + ']';
        const QJsonArray read = QJsonDocument::fromJson(json).array();
        if (read.size() != 1)
            return u"no JSON value: "_s + fields[3];
        to = read.first();
    }
    const QStringList selector = fields.value(1).split(u' ', Qt::SkipEmptyParts);
    bool found = false;
    for (qsizetype i = outside.size() - 1; i >= 0; --i) {
        if (selector.isEmpty() || !selected(outside[i].toObject(), selector))
            continue;
        found = true;
        if (fields.size() == 2) {
            outside.removeAt(i);
            continue;
        }
        QJsonValue seen = outside[i];
        if (!change(seen, pathOf(fields[2]), to))
            return u"no such field: "_s + shown;
        outside[i] = seen;
    }
    return found ? std::nullopt : std::optional(u"no such observation: "_s + shown);
}

} // namespace support
