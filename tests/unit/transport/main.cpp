#include "suites.h"

#include <QCoreApplication>
#include <QStringList>

#include <array>

/// Without arguments all suites run; `tst_transport Login [function...]` runs one.
int main(int argc, char **argv)
{
    struct Suite
    {
        const char *name;
        int (*run)(const QStringList &);
    };
    constexpr std::array<Suite, 7> suites{{{"FileFormat", runFileFormatTests},
                                           {"KnownHosts", runKnownHostsTests},
                                           {"Libssh2", runLibssh2Tests},
                                           {"HostKey", runHostKeyTests},
                                           {"Login", runLoginTests},
                                           {"Privilege", runPrivilegeTests},
                                           {"Trouble", runTroubleTests}}};
    const QCoreApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments();
    for (const Suite &suite : suites) {
        if (arguments.value(1) == QLatin1StringView(suite.name)) {
            arguments.removeAt(1);
            return suite.run(arguments);
        }
    }
    int failed = 0;
    for (const Suite &suite : suites)
        failed += suite.run(arguments);
    return failed;
}
