#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QString>

#include <optional>
#include <utility>
#include <variant>

namespace facts {

/// Why something is not known. Every reading of a server ends in a value or in one of these, so
/// that "unknown" comes by construction.
enum class Gap {
    NotCollected, ///< nobody asked
    Denied, ///< permission
    Writable, ///< not looked at: several users can write where it lies
    ToolMissing,
    TimedOut,
    Failed, ///< the command failed
    Unparsable,
    Cut, ///< the stream ended before, or the section was too long
};

QString word(Gap gap);

/// Where a fact comes from.
struct Source
{
    QString section; ///< id with "@N" where it belongs to a deployment
    QByteArray command; ///< as the collector names it
    std::optional<int> exitStatus;
    QDateTime at; ///< UTC, the server's clock at collection
    QByteArray sha256; ///< hex, of the received bytes
};

/// A value with provenance, or the reason why there is none.
template <typename T>
class Fact
{
public:
    Fact()
        : m_content(Gap::NotCollected)
    { }
    Fact(T value, Source source)
        : m_content(std::move(value))
        , m_source(std::move(source))
    { }
    Fact(Gap gap, Source source)
        : m_content(gap)
        , m_source(std::move(source))
    { }

    bool known() const { return std::holds_alternative<T>(m_content); }
    explicit operator bool() const { return known(); }
    const T &value() const { return std::get<T>(m_content); }
    const T &operator*() const { return value(); }
    const T *operator->() const { return &value(); }
    /// Only where the value is not known.
    Gap gap() const { return std::get<Gap>(m_content); }
    const Source &source() const { return m_source; }

private:
    std::variant<T, Gap> m_content;
    Source m_source;
};

} // namespace facts
