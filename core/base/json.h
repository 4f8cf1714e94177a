#pragma once

#include <QByteArray>
#include <QJsonObject>

namespace base {

/// The text of a JSON file, indented. Characters that could move, hide or reorder text on a
/// terminal are written as \uXXXX: no reader sees a difference, and no terminal does either.
QByteArray jsonText(const QJsonObject &object);

} // namespace base
