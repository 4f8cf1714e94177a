#pragma once

#include <QStringList>

/// One per source file; main() runs them one after the other and adds up the failures.
int runSshHostTests(const QStringList &arguments);
