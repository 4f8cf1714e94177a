#include "tests/unit/probe/suite.h"

#include <QCoreApplication>
#include <QtTest>

#include <memory>

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    int failures = 0;
    for (const auto &make :
         {makeAddressTest, makeTargetsTest, makeClientHelloTest, makeServerHelloTest,
          makeHttpHeadTest, makeCertificateTest, makeTlsProbeTest, makeHttpProbeTest,
          makePortProbeTest, makeProbesTest}) {
        const std::unique_ptr<QObject> test(make());
        failures += QTest::qExec(test.get(), argc, argv);
    }
    return failures;
}
