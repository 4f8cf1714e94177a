#include "core/transport/sshhost.h"
#include "suites.h"
#include "testsshd.h"

#include <QTest>

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Stage;
using transport::RanAs;
using transport::SshHost;

namespace {

base::Interrupt patience()
{
    return {{}, base::Deadline::after(std::chrono::seconds(30))};
}

} // namespace

class SshHostTests : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_sshd = TestSshd::start();
        QVERIFY2(m_sshd, qPrintable(TestSshd::why()));
    }
    void cleanup() { m_sshd.reset(); }

    void connectsAndRunsAScript()
    {
        SshHost host(m_sshd->options());
        QList<Stage> stages;
        const auto connected = host.connect(patience(), [&](Stage stage) { stages.append(stage); });
        QVERIFY2(connected,
                 qPrintable(connected ? QString()
                                      : base::kindName(connected.error().kind)
                                    + connected.error().detail));
        QCOMPARE(stages,
                 (QList{Stage::Name, Stage::Tcp, Stage::Banner, Stage::Kex, Stage::HostKey,
                        Stage::Authentication}));
        QByteArray output;
        const auto ran = host.runScript(
            "echo hello; echo oops >&2; exit 3\n", true,
            [&](QByteArrayView bytes) {
                output += bytes;
                return true;
            },
            patience());
        QVERIFY2(ran,
                 qPrintable(ran ? QString()
                                : base::kindName(ran.error().kind) + u' ' + ran.error().detail));
        QCOMPARE(output, "hello\n");
        QCOMPARE(ran->errors, "oops\n");
        QCOMPARE(ran->exitStatus, 3);
    }

private:
    std::unique_ptr<TestSshd> m_sshd;
};

int runSshHostTests(const QStringList &arguments)
{
    SshHostTests tests;
    return QTest::qExec(&tests, arguments);
}

#include "tst_sshhost.moc"
