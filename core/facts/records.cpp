#include "core/facts/records.h"

#include <QList>

#include <algorithm>

namespace facts {

namespace {

std::optional<QByteArray> unescaped(QByteArrayView field)
{
    QByteArray out;
    out.reserve(field.size());
    for (qsizetype i = 0; i < field.size(); ++i) {
        if (field[i] != '\\') {
            out += field[i];
            continue;
        }
        if (++i == field.size())
            return std::nullopt;
        switch (field[i]) {
        case '\\':
            out += '\\';
            break;
        case 't':
            out += '\t';
            break;
        case 'r':
            out += '\r';
            break;
        case 'n':
            out += '\n';
            break;
        default:
            return std::nullopt;
        }
    }
    return out;
}

std::optional<Record> readRecord(QByteArrayView line)
{
    std::vector<QByteArray> fields;
    for (;;) {
        const qsizetype tab = line.indexOf('\t');
        std::optional<QByteArray> field = unescaped(tab < 0 ? line : line.first(tab));
        if (!field)
            return std::nullopt;
        fields.push_back(std::move(*field));
        if (tab < 0)
            return Record(std::move(fields));
        line = line.sliced(tab + 1);
    }
}

} // namespace

QByteArray Record::field(std::size_t index) const
{
    return index < m_fields.size() ? m_fields[index] : QByteArray();
}

std::optional<bool> Record::flag(std::size_t index) const
{
    const QByteArray text = field(index);
    if (text != "0" && text != "1")
        return std::nullopt;
    return text == "1";
}

std::optional<int> Record::number(std::size_t index, int maximum) const
{
    const QByteArray text = field(index);
    const bool digits
        = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    bool fits = false;
    const int value = text.toInt(&fits);
    if (!digits || !fits || value > maximum)
        return std::nullopt;
    return value;
}

std::optional<RedactedValue> Record::value(std::size_t index) const
{
    return redactedFromWire(field(index));
}

std::vector<QByteArray> Record::list(std::size_t index) const
{
    std::vector<QByteArray> parts;
    for (const QByteArray &part : field(index).split(',')) {
        if (!part.isEmpty())
            parts.push_back(part);
    }
    return parts;
}

std::optional<std::vector<Record>> readRecords(QByteArrayView data)
{
    std::vector<Record> records;
    while (!data.isEmpty()) {
        const qsizetype newline = data.indexOf('\n');
        const QByteArrayView line = newline < 0 ? data : data.first(newline);
        data = newline < 0 ? QByteArrayView() : data.sliced(newline + 1);
        if (line.isEmpty())
            continue;
        std::optional<Record> record = readRecord(line);
        if (!record || records.size() == recordLimit)
            return std::nullopt;
        records.push_back(std::move(*record));
    }
    return records;
}

} // namespace facts
