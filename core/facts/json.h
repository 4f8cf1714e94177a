#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <optional>

/// Small tools for JSON of unknown origin.
namespace facts {

/// Levels of a file of ours or of an answer we read.
constexpr int jsonDepthLimit = 32;

/// True when brackets outside of strings nest no deeper. Asked before the parser, which recurses.
bool depthWithin(QByteArrayView json, int limit);

/// The top-level object; nullopt when it is no JSON object or nests deeper than jsonDepthLimit.
std::optional<QJsonObject> readObject(const QByteArray &json);

/// Bytes as a string where they are valid UTF-8 and base64 would not be shorter than what escaping
/// makes of them, otherwise {"encoding":"base64","data":"..."}: at most a third more, and 64 bytes.
QJsonValue fromBytes(const QByteArray &bytes);
std::optional<QByteArray> toBytes(const QJsonValue &value);

/// ISO 8601 with milliseconds in UTC; null for an invalid time.
QJsonValue fromTime(const QDateTime &time);

/// Reads fields of one object and remembers whether all had the right type. An absent field keeps
/// its default; a null is only allowed for times.
class FieldReader
{
public:
    explicit FieldReader(const QJsonObject &object)
        : m_object(object)
    { }

    bool ok() const { return m_ok; }
    void text(const char *name, QString &into);
    void bytes(const char *name, QByteArray &into);
    void flag(const char *name, bool &into);
    void time(const char *name, QDateTime &into);
    template <typename Number>
    void number(const char *name, Number &into, qint64 minimum, qint64 maximum)
    {
        if (const std::optional<qint64> value = whole(name, minimum, maximum))
            into = static_cast<Number>(*value);
    }
    /// `words` maps a string to a value, as std::optional.
    template <typename Value, typename Words>
    void choice(const char *name, Value &into, Words words)
    {
        QString word;
        text(name, word);
        if (word.isNull())
            return;
        const std::optional<Value> value = words(word);
        if (value)
            into = *value;
        else
            m_ok = false;
    }
    /// Calls `read` for each element of an array; it returns false for one that is malformed.
    template <typename Read>
    void each(const char *name, Read read)
    {
        for (const QJsonValue &element : array(name))
            m_ok = read(element) && m_ok;
    }

private:
    QJsonValue field(const char *name) const { return m_object.value(QLatin1String(name)); }
    std::optional<qint64> whole(const char *name, qint64 minimum, qint64 maximum);
    QJsonArray array(const char *name);

    const QJsonObject &m_object;
    bool m_ok = true;
};

} // namespace facts
