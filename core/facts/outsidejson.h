#pragma once

#include "core/model/observation.h"

#include <QJsonArray>
#include <QJsonObject>

/// Observations from outside in facts files.
namespace facts {

QJsonObject fromVantage(const model::Vantage &vantage);
QJsonArray fromOutside(const model::Outside &outside);

/// Reads `vantage`, `outside` and `outsideAsked` of a facts file. One malformed observation drops
/// all of its kind: a partial view could hide the address that fails.
model::Outside toOutside(const QJsonObject &file);

} // namespace facts
