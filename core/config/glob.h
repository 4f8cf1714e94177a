#pragma once

#include <QByteArray>

namespace config {

/// glob(7) over one path: `*`, `?` and `[...]` stay inside a path component and never match a
/// leading dot. `budget` is counted down by the work done; at 0 nothing matches any more, so that
/// hostile patterns cost a bounded time.
bool globMatches(QByteArrayView pattern, QByteArrayView path, qint64 &budget);

} // namespace config
