#pragma once

#include "core/facts/deployment.h"

#include <QByteArrayView>

#include <optional>
#include <vector>

/// Parsers of what runs, what compose renders and what the settings file says: nullopt =
/// unparsable.
namespace facts {

std::optional<std::vector<Container>> parseContainers(QByteArrayView data);
std::optional<std::vector<RenderedService>> parseRendered(QByteArrayView data);
std::optional<EnvFile> parseEnvFile(QByteArrayView data);

} // namespace facts
