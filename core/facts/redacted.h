#pragma once

#include <QByteArray>

#include <optional>
#include <vector>

namespace facts {

/// Length of a value that may not travel.
enum class LengthBucket { Empty, From1To7, From8To11, From12To15, From16To31, From32To63, From64 };

/// What the server lets us know of one value: the value itself where its key is on the collector's
/// allow-list, otherwise only these properties.
struct RedactedValue
{
    std::optional<QByteArray> text; ///< the value, for allow-listed keys
    LengthBucket length = LengthBucket::Empty;
    bool lower = false; ///< character classes present
    bool upper = false;
    bool digit = false;
    bool other = false;
    bool knownDefault = false; ///< equals a factory value everybody can read
    QByteArray group; ///< values with the same letters are equal (within one collection)

    bool isEmpty() const { return length == LengthBucket::Empty; }
    int classes() const { return int(lower) + int(upper) + int(digit) + int(other); }
    /// Equal in this collection; nullopt where the collector made no statement.
    std::optional<bool> equals(const RedactedValue &other) const;

    friend bool operator==(const RedactedValue &, const RedactedValue &) = default;
};

/// The properties of a value that may travel, `=TEXT` or `~LEN,CLASSES,DEFAULT,GROUP`, with TEXT
/// already unescaped; nullopt when it is neither.
std::optional<RedactedValue> redactedFromWire(QByteArrayView field);

/// One KEY=value of a file, a rendered service or a process.
struct EnvEntry
{
    QByteArray key;
    RedactedValue value;
    int line = 0; ///< 1-based in a file, 0 elsewhere

    friend bool operator==(const EnvEntry &, const EnvEntry &) = default;
};

/// The last entry with this key wins, as for compose and for execve.
const EnvEntry *find(const std::vector<EnvEntry> &entries, QByteArrayView key);

} // namespace facts
