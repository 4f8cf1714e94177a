#pragma once

#include "core/facts/deployment.h"

#include <QByteArrayView>

#include <optional>

/// Parsers of what the running sign-in server and its database answer: nullopt = unparsable.
namespace facts {

std::optional<GotrueSchema> parseGotrueSchema(QByteArrayView data);
std::optional<GotrueSettings> parseGotrueSettings(QByteArrayView data);
std::optional<PasswordProbe> parsePasswordProbe(QByteArrayView data);
std::optional<DatabaseRole> parseDatabaseRole(QByteArrayView data);
std::optional<SignupWhitelist> parseWhitelist(QByteArrayView data);

} // namespace facts
