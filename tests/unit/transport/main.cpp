#include "suites.h"

#include <QCoreApplication>
#include <QStringList>

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    int failed = 0;
    for (const auto suite : {runSshHostTests})
        failed += suite(arguments);
    return failed;
}
