#include "core/transport/sshhost.h"
#include "helpers.h"
#include "testsshd.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::SecretBytes;
using transport::RanAs;
using transport::RunAs;
using transport::SshHost;
using transport::SshOptions;

namespace {

QString lab()
{
    return QStringLiteral(FLOWKEEP_SOURCE_DIR "/tests/lab/lab");
}

QByteArray labSays(const QStringList &arguments)
{
    QProcess process;
    process.start(lab(), arguments);
    process.waitForFinished(1800000);
    return process.readAllStandardOutput().trimmed();
}

} // namespace

/// A real Debian server with the real sudo: tests/lab/README.md.
class TransportLabTests : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();

    void logsIn_data();
    void logsIn();
    void becomesRoot_data();
    void becomesRoot();
    void passwordIsNoCommandForNopasswd();
    void wrongSudoPasswordCostsOneTry();
    void passwordLeavesNoTrace();
    void roundTrips();

private:
    SshOptions options(const QString &user) const;

    const QString m_name = u"fk-transport-%1"_s.arg(QCoreApplication::applicationPid());
    QString m_address;
    QString m_keys;
};

void TransportLabTests::initTestCase()
{
    QProcess check;
    check.start(lab(), {u"check"_s});
    check.waitForFinished(60000);
    if (check.exitCode() != 0)
        QSKIP("no lab here; tests/lab/lab check says what is missing");
    m_keys = qEnvironmentVariable("FLOWKEEP_LAB_CACHE");
    if (m_keys.isEmpty())
        m_keys = qEnvironmentVariable("XDG_CACHE_HOME", QDir::homePath() + u"/.cache"_s)
            + u"/flowkeep-lab"_s;
    m_keys += u"/keys/"_s;
    QVERIFY(succeeds(lab(), {u"up"_s, m_name, u"bare"_s}, 1800000));
    m_address = QString::fromUtf8(labSays({u"ip"_s, m_name}));
    QVERIFY(!m_address.isEmpty());
}

void TransportLabTests::cleanupTestCase()
{
    if (!m_address.isEmpty())
        labSays({u"down"_s, m_name});
}

SshOptions TransportLabTests::options(const QString &user) const
{
    SshOptions options;
    options.host = m_address;
    options.login.user = user;
    options.login.keyFiles = {m_keys + u"ed25519"_s};
    options.login.useAgent = false;
    options.hostKeys.acceptNew = true;
    return options;
}

void TransportLabTests::logsIn_data()
{
    QTest::addColumn<QString>("key"); // empty: with the password
    for (const QString &key : {u"ed25519"_s, u"ecdsa"_s, u"rsa"_s, QString()})
        QTest::newRow(qPrintable(key.isEmpty() ? u"password"_s : key)) << key;
}

void TransportLabTests::logsIn()
{
    QFETCH(QString, key);
    SshOptions with = options(u"limited"_s);
    with.login.keyFiles = key.isEmpty() ? QStringList() : QStringList{m_keys + key};
    if (key.isEmpty())
        with.login.password = SecretBytes("lab-limited");
    with.login.useDefaultKeyFiles = false;
    SshHost host(std::move(with));
    const auto connected = host.connect(patience());
    QVERIFY2(connected, qPrintable(told(connected)));
}

void TransportLabTests::becomesRoot_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<int>("as");
    QTest::addColumn<int>("otherwise"); // the failure where an ordinary user will not do
    const auto row = [](const char *name, const char *user, const char *password, RanAs as,
                        ErrorKind otherwise) {
        QTest::newRow(name) << QString::fromLatin1(user) << QByteArray(password)
                            << static_cast<int>(as) << static_cast<int>(otherwise);
    };
    row("root", "root", "", RanAs::Root, ErrorKind::Internal);
    row("NOPASSWD", "admin", "", RanAs::Sudo, ErrorKind::Internal);
    row("NOPASSWD with a password", "admin", "lab-admin", RanAs::Sudo, ErrorKind::Internal);
    row("password", "opsword", "lab-opsword", RanAs::Sudo, ErrorKind::Internal);
    row("password not given", "opsword", "", RanAs::User, ErrorKind::SudoPasswordNeeded);
    row("no sudo", "limited", "", RanAs::User, ErrorKind::SudoPasswordNeeded);
    row("no sudo, password given", "limited", "lab-limited", RanAs::User, ErrorKind::SudoRefused);
}

void TransportLabTests::becomesRoot()
{
    QFETCH(QString, user);
    QFETCH(QByteArray, password);
    QFETCH(int, as);
    QFETCH(int, otherwise);
    for (const RunAs runAs : {RunAs::RootOrUser, RunAs::Root}) {
        SshOptions with = options(user);
        with.sudoPassword = SecretBytes(password);
        SshHost host(std::move(with));
        const auto connected = host.connect(patience());
        QVERIFY2(connected, qPrintable(told(connected)));
        const Ran ran = runScript(host, "id -u; echo oops >&2; exit 5\n", runAs);
        if (runAs == RunAs::Root && static_cast<ErrorKind>(otherwise) != ErrorKind::Internal) {
            COMPARE_KIND(ran.result, static_cast<ErrorKind>(otherwise));
            QVERIFY(ran.output.isEmpty());
            continue;
        }
        QVERIFY2(ran.result, qPrintable(told(ran.result)));
        QCOMPARE(static_cast<int>(ran.result->ranAs), as);
        QCOMPARE(ran.output == "0\n", static_cast<RanAs>(as) != RanAs::User);
        QCOMPARE(ran.result->errors, "oops\n");
        QCOMPARE(ran.result->exitStatus, 5);
        QCOMPARE(runScript(host, "echo again\n", runAs).output, "again\n");
    }
}

void TransportLabTests::passwordIsNoCommandForNopasswd()
{
    SshOptions with = options(u"admin"_s);
    with.sudoPassword = SecretBytes("touch /tmp/flowkeep-trap;#");
    SshHost host(std::move(with));
    QVERIFY(host.connect(patience()));
    const Ran ran = runScript(host, "ls /tmp/flowkeep-trap 2>/dev/null; echo end\n");
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QCOMPARE(ran.output, "end\n");
}

void TransportLabTests::wrongSudoPasswordCostsOneTry()
{
    SshHost root(options(u"root"_s));
    QVERIFY(root.connect(patience()));
    // What PAM counts is what faillock and fail2ban read.
    const QByteArray count
        = "journalctl --no-pager -o cat _COMM=sudo | grep -c 'authentication failure'\n";
    const int before = runScript(root, count).output.trimmed().toInt();
    SshOptions with = options(u"opsword"_s);
    with.sudoPassword = SecretBytes("wrong");
    SshHost host(std::move(with));
    QVERIFY(host.connect(patience()));
    COMPARE_KIND(runScript(host, "id -u\n", transport::RunAs::RootOrUser).result,
                 ErrorKind::SudoPasswordWrong);
    COMPARE_KIND(runScript(host, "id -u\n", transport::RunAs::RootOrUser).result,
                 ErrorKind::SudoPasswordWrong);
    QTest::qWait(3000);
    QCOMPARE(runScript(root, count).output.trimmed().toInt(), before + 1);
}

void TransportLabTests::passwordLeavesNoTrace()
{
    SshOptions with = options(u"opsword"_s);
    with.sudoPassword = SecretBytes("lab-opsword");
    SshHost host(std::move(with));
    QVERIFY(host.connect(patience()));
    const Ran ran
        = runScript(host,
                    "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'\n"
                    "journalctl --no-pager -o cat; cat /var/log/auth.log 2>/dev/null\n");
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QVERIFY(ran.output.contains("sshd"));
    QVERIFY(!ran.output.contains("lab-opsword"));
    QVERIFY(!ran.result->errors.contains("lab-opsword"));
}

/// Measured, with wide limits: connect, log in, run one script, against ssh doing the same.
void TransportLabTests::roundTrips()
{
    if (!succeeds(lab(), {u"delay"_s, u"on"_s, m_name, u"50"_s}, 1800000))
        QSKIP("no delay queue here");
    const auto ours = [&] {
        QElapsedTimer timer;
        timer.start();
        SshHost host(options(u"admin"_s));
        if (!host.connect(patience()) || !runScript(host, "echo x\n").result)
            return qint64(-1);
        return timer.elapsed();
    };
    const auto theirs = [&] {
        QElapsedTimer timer;
        timer.start();
        const bool done
            = succeeds(u"ssh"_s,
                       {u"-i"_s, m_keys + u"ed25519"_s, u"-oIdentitiesOnly=yes"_s,
                        u"-oStrictHostKeyChecking=no"_s, u"-oUserKnownHostsFile=/dev/null"_s,
                        u"admin@"_s + m_address, u"sudo -n sh -s </dev/null"_s});
        return done ? timer.elapsed() : -1;
    };
    const qint64 delayedOurs = qMin(ours(), ours());
    const qint64 delayedTheirs = qMin(theirs(), theirs());
    QVERIFY(succeeds(lab(), {u"delay"_s, u"off"_s, m_name}, 1800000));
    const qint64 plainOurs = qMin(ours(), ours());
    const qint64 plainTheirs = qMin(theirs(), theirs());
    QVERIFY(plainOurs > 0 && plainTheirs > 0 && delayedOurs > 0 && delayedTheirs > 0);
    qInfo("connect, login, sudo, script: %lld ms, ssh %lld ms; with 50 ms: %lld and %lld ms",
          plainOurs, plainTheirs, delayedOurs, delayedTheirs);
    qInfo("round trips: %.1f, ssh %.1f", static_cast<double>(delayedOurs - plainOurs) / 50,
          static_cast<double>(delayedTheirs - plainTheirs) / 50);
    QVERIFY(delayedOurs - plainOurs < 50 * 20);
}

QTEST_GUILESS_MAIN(TransportLabTests)

#include "tst_lab.moc"
