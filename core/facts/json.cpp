#include "core/facts/json.h"

#include <QJsonDocument>

#include <cmath>

namespace facts {

using namespace Qt::StringLiterals;

bool depthWithin(QByteArrayView json, int limit)
{
    int depth = 0;
    bool inString = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth > limit)
                return false;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return true;
}

std::optional<QJsonObject> readObject(const QByteArray &json)
{
    if (!depthWithin(json, jsonDepthLimit))
        return std::nullopt;
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isObject())
        return std::nullopt;
    return document.object();
}

namespace {

/// Bytes that JSON needs for this valid UTF-8.
qsizetype escapedSize(const QByteArray &bytes)
{
    qsizetype size = bytes.size();
    for (const char c : bytes) {
        if (c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v'))
            size += 1;
        else if (c >= 0 && c < ' ')
            size += 5; // \u0001
    }
    return size;
}

} // namespace

QJsonValue fromBytes(const QByteArray &bytes)
{
    constexpr qsizetype slack = 64; // short texts stay readable
    QString text = QString::fromUtf8(bytes);
    // Also catches what decoding drops silently, such as a byte order mark.
    if (text.toUtf8() == bytes && escapedSize(bytes) <= bytes.size() / 3 * 4 + slack)
        return text;
    return QJsonObject{{u"encoding"_s, u"base64"_s},
                       {u"data"_s, QString::fromLatin1(bytes.toBase64())}};
}

std::optional<QByteArray> toBytes(const QJsonValue &value)
{
    if (value.isString())
        return value.toString().toUtf8();
    const QJsonObject object = value.toObject();
    if (object.value("encoding"_L1) != u"base64"_s || !object.value("data"_L1).isString())
        return std::nullopt;
    const auto decoded = QByteArray::fromBase64Encoding(
        object.value("data"_L1).toString().toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return std::nullopt;
    return *decoded;
}

QJsonValue fromTime(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

void FieldReader::text(const char *name, QString &into)
{
    const QJsonValue value = field(name);
    if (value.isString())
        into = value.toString();
    else if (!value.isUndefined())
        m_ok = false;
}

void FieldReader::bytes(const char *name, QByteArray &into)
{
    const QJsonValue value = field(name);
    if (value.isUndefined())
        return;
    if (std::optional<QByteArray> decoded = toBytes(value))
        into = std::move(*decoded);
    else
        m_ok = false;
}

void FieldReader::flag(const char *name, bool &into)
{
    const QJsonValue value = field(name);
    if (value.isBool())
        into = value.toBool();
    else if (!value.isUndefined())
        m_ok = false;
}

void FieldReader::time(const char *name, QDateTime &into)
{
    const QJsonValue value = field(name);
    if (value.isUndefined() || value.isNull())
        return;
    const QDateTime read = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    if (value.isString() && read.isValid())
        into = read.toUTC();
    else
        m_ok = false;
}

std::optional<qint64> FieldReader::whole(const char *name, qint64 minimum, qint64 maximum)
{
    const QJsonValue value = field(name);
    if (value.isUndefined())
        return std::nullopt;
    const double number = value.toDouble(std::nan(""));
    // Written so that NaN fails too.
    if (!(number >= static_cast<double>(minimum) && number <= static_cast<double>(maximum))
        || number != std::floor(number)) {
        m_ok = false;
        return std::nullopt;
    }
    return static_cast<qint64>(number);
}

QJsonArray FieldReader::array(const char *name)
{
    const QJsonValue value = field(name);
    if (!value.isArray() && !value.isUndefined())
        m_ok = false;
    return value.toArray();
}

} // namespace facts
