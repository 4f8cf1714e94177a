#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace base {

/// All bytes to a descriptor; false when it takes no more, with errno set.
bool writeAll(int descriptor, QByteArrayView bytes);

enum class Existing { Keep, Replace };

/// Writes a whole file with mode 0600, or leaves what was there. Follows no link: links, devices
/// and pipes are refused also where a file may be replaced. FileExists, FileUnwritable.
Result<void> writeFile(const QString &path, QByteArrayView bytes, Existing existing);

} // namespace base
