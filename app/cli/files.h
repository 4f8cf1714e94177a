#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace cli {

/// The largest facts or frames file that is read.
constexpr qint64 largestInput = 32 * 1024 * 1024;

/// Reads a file, or the standard input for "-".
base::Result<QByteArray> readInput(const QString &path, qint64 maximum = largestInput);

/// Says before long work that an output file will not be written: it exists and `force` is not
/// given.
base::Result<void> checkOutput(const QString &path, bool force);

/// Writes a new file with mode 0600 and follows no link; "-" is the standard output. With `force` a
/// regular file is replaced as a whole; links and devices never are.
base::Result<void> writeOutput(const QString &path, const QByteArray &bytes, bool force);

} // namespace cli
