#include "core/transport/sshhost.h"
#include "helpers.h"
#include "suites.h"
#include "testsshd.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::SecretBytes;
using base::Stage;
using transport::RanAs;
using transport::RunAs;
using transport::SshHost;

/// Becoming root with a scripted sudo in the server's PATH; tests/lab has the real one.
class PrivilegeTests : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { m_sshd.reset(); }

    void withoutPassword();
    void withPassword();
    void thePasswordLeavesNoCopy();
    void rememberedWay();
    void passwordIsNoCommandWhereSudoDoesNotAsk_data();
    void passwordIsNoCommandWhereSudoDoesNotAsk();
    void wrongPasswordCostsOneTry();
    void wrongPasswordSeenInOneRead();
    void promptInTwoPieces();
    void foreignWords();
    void passwordMissing();
    void plainUserInstead_data();
    void plainUserInstead();
    void neverSudo_data();
    void neverSudo();
    void refusals_data();
    void refusals();
    void ownPromptIsNotAnswered();
    void floodOfErrorsEnds();
    void passwordThatIsNoLine();
    void noisyLoginShell();
    void accountWithoutShell();
    void rootNeedsNoSudo();
    void bigScriptAndOutput();
    void sinkEndsTheCommand();
    void scriptLearnsThatNobodyListens_data();
    void scriptLearnsThatNobodyListens();
    void errorsAreCapped();
    void signalIsNoStatus();

private:
    void start(const QByteArray &mode, const QString &shell = u"/bin/sh"_s);
    void setMode(const QByteArray &mode) { m_sshd->write(u"bin/mode"_s, mode); }
    SshHost host(const QByteArray &sudoPassword = {}, const QString &user = {});
    QByteArray log() const { return m_sshd->read(u"bin/log"_s); }

    std::unique_ptr<TestSshd> m_sshd;
};

void PrivilegeTests::start(const QByteArray &mode, const QString &shell)
{
    // The folder's name is only known afterwards, so the server's PATH goes through a fixed link.
    m_sshd.reset();
    QTemporaryDir place;
    place.setAutoRemove(false);
    const QString link = place.path() + u".bin"_s;
    QDir(place.path()).removeRecursively();
    m_sshd
        = TestSshd::start({{u"ed25519"_s}, {u"SetEnv PATH=%1:/usr/bin:/bin"_s.arg(link)}, shell});
    QVERIFY2(m_sshd, qPrintable(TestSshd::why()));
    QVERIFY(QDir().mkpath(m_sshd->file(u"bin"_s)));
    QVERIFY(QFile::link(m_sshd->file(u"bin"_s), link));
    m_sshd->atEnd([link] { QFile::remove(link); });
    QFile script(QStringLiteral(FLOWKEEP_SOURCE_DIR "/tests/unit/transport/fakesudo.sh"));
    QVERIFY(script.open(QIODevice::ReadOnly));
    m_sshd->write(u"bin/sudo"_s, script.readAll(), 0755);
    m_sshd->write(u"bin/log"_s, {}, 0666);
    setMode(mode);
}

SshHost PrivilegeTests::host(const QByteArray &sudoPassword, const QString &user)
{
    transport::SshOptions options = m_sshd->options();
    options.sudoPassword = SecretBytes(sudoPassword);
    if (!user.isEmpty())
        options.login.user = user;
    return SshHost(std::move(options));
}

#define CONNECT(HOST)                                                                              \
    do {                                                                                           \
        const auto connected = (HOST).connect(patience());                                         \
        QVERIFY2(connected, qPrintable(told(connected)));                                          \
    } while (false)

void PrivilegeTests::withoutPassword()
{
    start("nopasswd");
    SshHost remote = host();
    CONNECT(remote);
    const Ran ran = runScript(remote, "echo one\necho two\n");
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QCOMPARE(ran.output, "one\ntwo\n");
    QCOMPARE(ran.result->ranAs, RanAs::Sudo);
    QCOMPARE(log(), "called: -n sh -s\n");
}

void PrivilegeTests::withPassword()
{
    start("asks");
    SshHost remote = host("right");
    CONNECT(remote);
    const Ran ran = runScript(remote, "echo one; echo oops >&2; exit 4\n");
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QCOMPARE(ran.output, "one\n");
    QCOMPARE(ran.result->errors, "oops\n");
    QCOMPARE(ran.result->exitStatus, 4);
    QCOMPARE(ran.result->ranAs, RanAs::Sudo);
    QCOMPARE(log().count("password: "), 1);
    QVERIFY(log().contains("password: right\n"));
    // The only words that vary in the command are hex.
    const QByteArray called = log().split('\n').at(1);
    static const QRegularExpression form(
        u"^called: -k -S -p [0-9a-f]{32} sh -c echo [0-9a-f]{32}; exec sh -s$"_s);
    QVERIFY2(form.match(QString::fromUtf8(called)).hasMatch(), called.constData());
}

void PrivilegeTests::thePasswordLeavesNoCopy()
{
    start("asks");
    // Long, because a short piece of freed memory is soon another's; and not on the heap itself.
    std::array<char, 3200> password;
    for (std::size_t i = 0; i < password.size(); ++i)
        password[i] = "canary-0123456789-"[i % 18];
    {
        transport::SshOptions options = m_sshd->options();
        options.sudoPassword = SecretBytes(QByteArrayView(password.data(), password.size()));
        SshHost remote(std::move(options));
        CONNECT(remote);
        QVERIFY(heapHolds(turnedOver("canary-0123456789")));
        COMPARE_KIND(runScript(remote, "echo one\n").result, ErrorKind::SudoPasswordWrong);
    }
    QVERIFY(!heapHolds(turnedOver("canary-0123456789")));
}

void PrivilegeTests::rememberedWay()
{
    start("asks");
    SshHost remote = host("right");
    CONNECT(remote);
    QVERIFY(runScript(remote, "true\n").result);
    QVERIFY(runScript(remote, "true\n").result);
    QCOMPARE(log().count("called: -n"), 1);
    QCOMPARE(log().count("called: -k"), 2);
}

void PrivilegeTests::passwordIsNoCommandWhereSudoDoesNotAsk_data()
{
    QTest::addColumn<QByteArray>("mode");
    QTest::newRow("NOPASSWD") << "nopasswd"_ba;
    QTest::newRow("asked for nothing after all") << "never-asks"_ba;
}

void PrivilegeTests::passwordIsNoCommandWhereSudoDoesNotAsk()
{
    QFETCH(QByteArray, mode);
    start(mode);
    const QString trap = m_sshd->file(u"home/trap"_s);
    SshHost remote = host("touch " + trap.toUtf8() + ";#");
    CONNECT(remote);
    const Ran ran = runScript(remote, "echo fine\n");
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QCOMPARE(ran.output, "fine\n");
    QVERIFY(!QFile::exists(trap));
    QVERIFY(!log().contains("trap"));
}

void PrivilegeTests::wrongPasswordCostsOneTry()
{
    start("asks");
    SshHost remote = host("wrong");
    CONNECT(remote);
    const Ran ran = runScript(remote, "echo one\n", RunAs::RootOrUser);
    COMPARE_KIND(ran.result, ErrorKind::SudoPasswordWrong);
    QCOMPARE(ran.result.error().stage, Stage::Sudo);
    QVERIFY(ran.output.isEmpty());
    // Nor is it sent again by the same person's click.
    COMPARE_KIND(runScript(remote, "echo two\n", RunAs::RootOrUser).result,
                 ErrorKind::SudoPasswordWrong);
    QTest::qWait(200);
    QCOMPARE(log().count("password: "), 1);
    QVERIFY(!log().contains("echo one") && !log().contains("echo two"));
}

void PrivilegeTests::wrongPasswordSeenInOneRead()
{
    start("two-at-once");
    SshHost remote = host("right");
    CONNECT(remote);
    COMPARE_KIND(runScript(remote, "echo one\n").result, ErrorKind::SudoPasswordWrong);
    QTest::qWait(200);
    QVERIFY(!log().contains("right"));
}

void PrivilegeTests::promptInTwoPieces()
{
    start("split");
    SshHost remote = host("right");
    CONNECT(remote);
    const Ran ran = runScript(remote, "echo one\n");
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QCOMPARE(ran.output, "one\n");
}

void PrivilegeTests::foreignWords()
{
    start("foreign-words");
    SshHost remote = host("right");
    CONNECT(remote);
    QCOMPARE(runScript(remote, "echo one\n").output, "one\n");
}

void PrivilegeTests::passwordMissing()
{
    start("asks");
    SshHost remote = host();
    CONNECT(remote);
    const Ran ran = runScript(remote, "echo one\n");
    COMPARE_KIND(ran.result, ErrorKind::SudoPasswordNeeded);
    QVERIFY(remote.isConnected());
    QVERIFY(ran.output.isEmpty());
}

void PrivilegeTests::plainUserInstead_data()
{
    QTest::addColumn<QByteArray>("mode");
    QTest::addColumn<QByteArray>("password");
    for (const QByteArray &mode : {"missing"_ba, "tty"_ba, "asks"_ba})
        QTest::newRow(mode.constData()) << mode << QByteArray();
    QTest::newRow("not in sudoers") << "not-allowed"_ba << "right"_ba;
}

void PrivilegeTests::plainUserInstead()
{
    QFETCH(QByteArray, mode);
    QFETCH(QByteArray, password);
    start(mode);
    SshHost remote = host(password);
    CONNECT(remote);
    const Ran ran = runScript(remote, "echo one\n", RunAs::RootOrUser);
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QCOMPARE(ran.result->ranAs, RanAs::User);
    QCOMPARE(ran.output, "one\n");
    QVERIFY(ran.result->errors.isEmpty());
    const auto calls = log().count("called");
    QCOMPARE(runScript(remote, "echo two\n", RunAs::RootOrUser).output, "two\n");
    QCOMPARE(log().count("called"), calls);
}

void PrivilegeTests::neverSudo_data()
{
    QTest::addColumn<QByteArray>("mode");
    QTest::newRow("without password") << "nopasswd"_ba;
    QTest::newRow("asks") << "asks"_ba;
}

void PrivilegeTests::neverSudo()
{
    QFETCH(QByteArray, mode);
    start(mode);
    SshHost remote = host("right");
    CONNECT(remote);
    const Ran ran = runScript(remote, "echo one\n", RunAs::User);
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QCOMPARE(ran.result->ranAs, RanAs::User);
    QCOMPARE(ran.output, "one\n");
    QCOMPARE(log(), QByteArray());
    // It says nothing of what sudo would do for the next script.
    QCOMPARE(runScript(remote, "echo two\n", RunAs::RootOrUser).result->ranAs, RanAs::Sudo);
}

void PrivilegeTests::refusals_data()
{
    QTest::addColumn<QByteArray>("mode");
    QTest::addColumn<int>("kind");
    QTest::newRow("missing") << "missing"_ba << static_cast<int>(ErrorKind::SudoUnsupported);
    QTest::newRow("tty") << "tty"_ba << static_cast<int>(ErrorKind::SudoUnsupported);
    QTest::newRow("sudoers") << "not-allowed"_ba << static_cast<int>(ErrorKind::SudoRefused);
}

void PrivilegeTests::refusals()
{
    QFETCH(QByteArray, mode);
    QFETCH(int, kind);
    start(mode);
    SshHost remote = host("right");
    CONNECT(remote);
    const Ran ran = runScript(remote, "echo one\n");
    COMPARE_KIND(ran.result, static_cast<ErrorKind>(kind));
    QVERIFY(!ran.result.error().detail.isEmpty());
    QVERIFY(ran.output.isEmpty());
}

void PrivilegeTests::ownPromptIsNotAnswered()
{
    start("own-words");
    SshHost remote = host("right");
    CONNECT(remote);
    QElapsedTimer timer;
    timer.start();
    const Ran ran = runScript(remote, "echo one\n");
    COMPARE_KIND(ran.result, ErrorKind::SudoUnsupported);
    QVERIFY(ran.result.error().detail.contains(u"Verification code"_s));
    QVERIFY(timer.elapsed() < 12000);
    QVERIFY(!log().contains("right"));
}

void PrivilegeTests::floodOfErrorsEnds()
{
    start("flood");
    SshHost remote = host("right");
    CONNECT(remote);
    COMPARE_KIND(runScript(remote, "echo one\n").result, ErrorKind::TooMuchOutput);
}

void PrivilegeTests::passwordThatIsNoLine()
{
    start("asks");
    for (const QByteArray &password : {"a\nb"_ba, QByteArray("a\0b", 3)}) {
        SshHost remote = host(password);
        CONNECT(remote);
        COMPARE_KIND(runScript(remote, "echo one\n").result, ErrorKind::BadPassword);
    }
    QVERIFY(log().isEmpty());
}

void PrivilegeTests::noisyLoginShell()
{
    start("asks");
    if (!m_sshd->hasAccounts())
        QSKIP("needs root for an account with a shell of its own");
    const QString shell = m_sshd->write(
        u"home/noisy"_s,
        "#!/bin/sh\necho 'Welcome \033[31m'; echo 'motd' >&2\nexec /bin/sh \"$@\"\n", 0755);
    m_sshd->write(
        u"passwd"_s,
        m_sshd->read(u"passwd"_s).replace("/bin/sh\n", QByteArray(shell.toUtf8() + "\n")));
    SshHost remote = host("right");
    CONNECT(remote);
    const Ran ran = runScript(remote, "echo one\n");
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QCOMPARE(ran.output, "one\n");
}

void PrivilegeTests::accountWithoutShell()
{
    start("asks", u"/usr/sbin/nologin"_s);
    if (!m_sshd->hasAccounts())
        QSKIP("needs root for an account with a shell of its own");
    SshHost remote = host("right");
    CONNECT(remote);
    const Ran ran = runScript(remote, "echo one\n", RunAs::RootOrUser);
    COMPARE_KIND(ran.result, ErrorKind::RemoteShell);
    QVERIFY2(ran.result.error().detail.contains(u"not available"_s), qPrintable(told(ran.result)));
}

void PrivilegeTests::rootNeedsNoSudo()
{
    start("asks");
    if (!m_sshd->hasAccounts())
        QSKIP("needs root");
    SshHost remote = host({}, u"root"_s);
    CONNECT(remote);
    const Ran ran = runScript(remote, "id -u\n");
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QCOMPARE(ran.output, "0\n");
    QCOMPARE(ran.result->ranAs, RanAs::Root);
    QVERIFY(log().isEmpty());
}

/// Both directions are larger than every window, and the server writes while it still reads.
void PrivilegeTests::bigScriptAndOutput()
{
    start("nopasswd");
    SshHost remote = host();
    CONNECT(remote);
    QByteArray script;
    QByteArray expected;
    for (int i = 0; i < 60000; ++i) {
        const QByteArray word
            = "line-" + QByteArray::number(i) + "-of-a-long-script-with-some-padding";
        script += "echo " + word + '\n';
        expected += word + '\n';
    }
    const Ran ran = runScript(remote, script);
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QVERIFY(ran.output == expected);
}

void PrivilegeTests::sinkEndsTheCommand()
{
    start("nopasswd");
    SshHost remote = host();
    CONNECT(remote);
    qint64 seen = 0;
    QElapsedTimer timer;
    timer.start();
    const auto result = remote.runScript(
        "while :; do echo flood flood flood flood flood; done\n", RunAs::Root,
        [&](QByteArrayView bytes) {
            seen += bytes.size();
            return seen < 1000000;
        },
        patience());
    COMPARE_KIND(result, ErrorKind::TooMuchOutput);
    QVERIFY(timer.elapsed() < 5000);
    QVERIFY(seen < 1100000);
}

void PrivilegeTests::scriptLearnsThatNobodyListens_data()
{
    QTest::addColumn<QByteArray>("mode");
    QTest::newRow("without a password") << QByteArray("nopasswd");
    QTest::newRow("with one") << QByteArray("asks");
}

/// The input of the shell stays open while we listen and ends with the channel: nothing else would
/// tell a quiet script.
void PrivilegeTests::scriptLearnsThatNobodyListens()
{
    QFETCH(const QByteArray, mode);
    start(mode);
    SshHost remote = host("right");
    CONNECT(remote);
    const QByteArray mark = m_sshd->file(u"home/mark"_s).toUtf8();
    const QByteArray script = "main() {\ntrap '' HUP PIPE\nexec 7<&0\n"
                              "{ while read -r x; do :; done; echo gone >>"
        + mark + "; } <&7 &\nsleep 1\necho still here >>" + mark + "\necho said\nwait\n}\nmain\n";
    const auto result
        = remote.runScript(script, RunAs::Root, [](QByteArrayView) { return false; }, patience());
    COMPARE_KIND(result, ErrorKind::TooMuchOutput);
    QTRY_COMPARE_WITH_TIMEOUT(m_sshd->read(u"home/mark"_s), "still here\ngone\n", 5000);
}

void PrivilegeTests::errorsAreCapped()
{
    start("nopasswd");
    SshHost remote = host();
    CONNECT(remote);
    const Ran ran = runScript(remote, "yes error | head -c 300000 >&2\necho done\n");
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QCOMPARE(ran.output, "done\n");
    QCOMPARE(ran.result->errors.size(), 64 * 1024);
}

void PrivilegeTests::signalIsNoStatus()
{
    start("nopasswd");
    SshHost remote = host();
    CONNECT(remote);
    COMPARE_KIND(runScript(remote, "kill -9 $PPID\n").result, ErrorKind::RemoteShell);
}

int runPrivilegeTests(const QStringList &arguments)
{
    PrivilegeTests tests;
    return QTest::qExec(&tests, arguments);
}

#include "tst_privilege.moc"
