#pragma once

#include <QByteArray>

#include <optional>
#include <vector>

/// A lossless model of a `.env` file as docker compose reads it: every byte is kept, edits touch
/// the span of one key.
namespace config {

/// KEY=value, or KEY alone (inherited from the caller's environment).
struct EnvAssignment
{
    QByteArray key;
    /// Quotes removed and escapes resolved; `${...}` and `$NAME` still as written. A dollar that is
    /// meant literally stands as "$$".
    QByteArray value;
    enum class Quote { None, Single, Double } quote = Quote::None;
    bool inherited = false; ///< no "=": the value is the caller's
    bool exported = false; ///< "export KEY=..."
    int line = 0; ///< 1-based, of the key
    qsizetype begin = 0; ///< first byte of "export" or of the key
    qsizetype end = 0; ///< one past the value and its closing quote; comment and line end excluded
    qsizetype valueBegin = 0; ///< including the opening quote
    qsizetype valueEnd = 0;

    /// Compose would replace variables in it.
    bool interpolates() const;
};

struct EnvDocument
{
    QByteArray text;
    std::vector<EnvAssignment> assignments; ///< in file order, duplicates kept
    std::optional<int> errorLine; ///< compose refuses the file here; later lines are not read

    /// The assignment that counts: the last one. nullptr where there is none.
    const EnvAssignment *find(QByteArrayView key) const;
};

/// Never fails: `errorLine` says where compose would.
EnvDocument parseEnv(const QByteArray &text);

/// The text with `key` set to the literal `value` (dollars are data). Changes the last assignment
/// of the key in place, or adds a line at the end. nullopt where the key is no name, the value
/// holds a NUL, the file is one that compose refuses, or the result would not read back as
/// intended.
std::optional<QByteArray>
withValue(const EnvDocument &document, const QByteArray &key, const QByteArray &value);

/// The text without any assignment of `key`: their whole lines where nothing else but a comment
/// stands on them. nullopt as for `withValue`.
std::optional<QByteArray> withoutKey(const EnvDocument &document, const QByteArray &key);

} // namespace config
