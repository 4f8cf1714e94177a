#include "core/facts/redacted.h"

#include <QList>

#include <algorithm>
#include <array>
#include <utility>

namespace facts {

namespace {

constexpr std::array<std::pair<const char *, LengthBucket>, 7> buckets{{
    {"0", LengthBucket::Empty},
    {"1-7", LengthBucket::From1To7},
    {"8-11", LengthBucket::From8To11},
    {"12-15", LengthBucket::From12To15},
    {"16-31", LengthBucket::From16To31},
    {"32-63", LengthBucket::From32To63},
    {"64+", LengthBucket::From64},
}};

LengthBucket bucketOf(qsizetype bytes)
{
    if (bytes == 0)
        return LengthBucket::Empty;
    if (bytes < 8)
        return LengthBucket::From1To7;
    if (bytes < 12)
        return LengthBucket::From8To11;
    if (bytes < 16)
        return LengthBucket::From12To15;
    if (bytes < 32)
        return LengthBucket::From16To31;
    return bytes < 64 ? LengthBucket::From32To63 : LengthBucket::From64;
}

RedactedValue ofText(QByteArrayView text)
{
    RedactedValue value;
    value.text = text.toByteArray();
    value.length = bucketOf(text.size());
    for (const char c : text) {
        if (c >= 'a' && c <= 'z')
            value.lower = true;
        else if (c >= 'A' && c <= 'Z')
            value.upper = true;
        else if (c >= '0' && c <= '9')
            value.digit = true;
        else
            value.other = true;
    }
    return value;
}

bool readClasses(QByteArrayView letters, RedactedValue &value)
{
    if (letters == "-")
        return true;
    for (const char c : letters) {
        bool *known = c == 'l' ? &value.lower
            : c == 'u'         ? &value.upper
            : c == 'd'         ? &value.digit
            : c == 's'         ? &value.other
                               : nullptr;
        if (!known)
            return false;
        *known = true;
    }
    return true;
}

} // namespace

std::optional<bool> RedactedValue::equals(const RedactedValue &that) const
{
    if (text && that.text)
        return *text == *that.text;
    if (isEmpty() && that.isEmpty())
        return true;
    if (length != that.length || lower != that.lower || upper != that.upper || digit != that.digit
        || other != that.other)
        return false;
    if (group.isEmpty() || that.group.isEmpty())
        return std::nullopt;
    return group == that.group;
}

std::optional<RedactedValue> redactedFromWire(QByteArrayView field)
{
    if (field.startsWith('='))
        return ofText(field.sliced(1));
    if (!field.startsWith('~'))
        return std::nullopt;
    const QList<QByteArray> parts = field.sliced(1).toByteArray().split(',');
    if (parts.size() != 4)
        return std::nullopt;
    RedactedValue value;
    const auto bucket = std::find_if(buckets.begin(), buckets.end(),
                                     [&](const auto &known) { return parts[0] == known.first; });
    if (bucket == buckets.end() || !readClasses(parts[1], value))
        return std::nullopt;
    if (parts[2] != "0" && parts[2] != "1")
        return std::nullopt;
    if (!std::all_of(parts[3].begin(), parts[3].end(), [](char c) { return c >= 'a' && c <= 'z'; }))
        return std::nullopt;
    value.length = bucket->second;
    value.knownDefault = parts[2] == "1";
    value.group = parts[3];
    return value;
}

const EnvEntry *find(const std::vector<EnvEntry> &entries, QByteArrayView key)
{
    const auto found = std::find_if(entries.rbegin(), entries.rend(),
                                    [&](const EnvEntry &entry) { return entry.key == key; });
    return found == entries.rend() ? nullptr : &*found;
}

} // namespace facts
