#pragma once

#include <QByteArray>

#include <optional>

/// How GoTrue reads the text of its variables. It is written in Go and stops with an error on
/// anything else, so that a value that does not parse is never honoured.
namespace checks {

/// strconv.ParseInt with base 0: decimal, 0x, 0o or a leading 0 for octal, 0b; "_" between digits.
std::optional<qint64> goInt(QByteArrayView text);

/// strconv.ParseBool: 1 t T TRUE true True and their opposites.
std::optional<bool> goBool(QByteArrayView text);

} // namespace checks
