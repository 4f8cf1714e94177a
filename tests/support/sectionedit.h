#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace support {

/// One line of an "edit" block of a scenario, applied to a section's text on the wire. `record`
/// names the container (by service, else by name) or the rendered service the line is about; empty
/// for sections without records. Returns what is wrong, or nothing.
///
///     set   env  GOTRUE_JWT_EXP  =3600      replaces the line of that key, or adds it
///     add   port  5432/tcp  0.0.0.0  5432   adds a line
///     drop  env  GOTRUE_JWT_EXP             removes every line that starts so; `*` is any field
///     replace  server_tokens on; => server_tokens off;    everywhere; `\n` is a line end
std::optional<QString>
editSection(const QString &id, const QByteArray &record, const QByteArray &line, QByteArray &text);

} // namespace support
