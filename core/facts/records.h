#pragma once

#include "core/facts/redacted.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace facts {

/// One line of a section that is not raw: fields separated by TAB, with `\\ \t \r \n` resolved.
class Record
{
public:
    explicit Record(std::vector<QByteArray> fields)
        : m_fields(std::move(fields))
    { }

    const QByteArray &word() const { return m_fields.front(); }
    std::size_t size() const { return m_fields.size(); }
    /// Empty where the line has fewer fields.
    QByteArray field(std::size_t index) const;
    /// 0 or 1; nullopt for anything else.
    std::optional<bool> flag(std::size_t index) const;
    /// Decimal, not negative, at most `maximum`.
    std::optional<int> number(std::size_t index, int maximum) const;
    std::optional<RedactedValue> value(std::size_t index) const;
    /// Comma-separated, empty parts left out.
    std::vector<QByteArray> list(std::size_t index) const;

private:
    std::vector<QByteArray> m_fields; // never empty
};

/// Far above what a server has; keeps what a hostile one can cost within a moment.
constexpr std::size_t recordLimit = 20000;

/// nullopt when some field has an escape that does not exist, or for more than recordLimit lines.
/// Empty lines are skipped.
std::optional<std::vector<Record>> readRecords(QByteArrayView data);

} // namespace facts
