#pragma once

#include <QStringList>

/// One per source file; main() runs them one after the other and adds up the failures.
int runFileFormatTests(const QStringList &arguments);
int runKnownHostsTests(const QStringList &arguments);
int runLibssh2Tests(const QStringList &arguments);
int runHostKeyTests(const QStringList &arguments);
int runLoginTests(const QStringList &arguments);
int runPrivilegeTests(const QStringList &arguments);
int runTroubleTests(const QStringList &arguments);
