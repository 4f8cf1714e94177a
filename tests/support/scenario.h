#pragma once

#include "core/base/result.h"
#include "core/facts/facts.h"

#include <QString>

namespace support {

/// Reads a scenario: a base snapshot and what differs from it. The format is explained in
/// tests/checks/README.md. The error's `detail` says file, line and what is wrong.
base::Result<facts::Snapshot> loadScenario(const QString &path);

/// A snapshot of tests/support/base by name: NAME.facts.json (a real collection) where there is
/// one, else NAME.facts (written by hand).
base::Result<facts::Snapshot> loadBase(const QString &name);

} // namespace support
