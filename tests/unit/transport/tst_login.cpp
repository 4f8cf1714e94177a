#include "core/transport/sshhost.h"
#include "helpers.h"
#include "suites.h"
#include "testsshd.h"

#include <QProcess>
#include <QTest>

#include <sys/socket.h>
#include <sys/un.h>

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::SecretBytes;
using base::Stage;
using transport::SshHost;
using transport::SshOptions;

namespace {

/// An ssh-agent of the test's own.
class TestAgent
{
public:
    explicit TestAgent(const QString &socket)
        : m_socket(socket)
    {
        m_process.start(u"ssh-agent"_s, {u"-D"_s, u"-a"_s, socket});
        for (int i = 0; i < 100 && !QFile::exists(socket); ++i)
            m_process.waitForFinished(20);
    }
    ~TestAgent()
    {
        m_process.terminate();
        m_process.waitForFinished(5000);
    }
    bool add(const QString &key)
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SSH_AUTH_SOCK"_s, m_socket);
        process.setProcessEnvironment(environment);
        process.start(u"ssh-add"_s, {u"-q"_s, key});
        return process.waitForFinished() && process.exitCode() == 0;
    }

private:
    QString m_socket;
    QProcess m_process;
};

} // namespace

class LoginTests : public QObject
{
    Q_OBJECT

private slots:
    void init() { start({}); }
    void cleanup() { m_sshd.reset(); }

    void keyFiles_data();
    void keyFiles();
    void wrongKey();
    void missingKeyFile();
    void passphraseNeededAndWrong();
    void rsaSignsWithSha2Only();
    void agentKeys();
    void agentSignsForLockedFile();
    void noAgent();
    void atMostFourKeys();
    void password();
    void wrongPasswordIsTriedOnce();
    void passwordNeeded();
    void passwordThatIsNoLine();
    void keyAndPasswordTogether();
    void reconnectsAfterDisconnect();

private:
    void start(const QStringList &config)
    {
        m_sshd = TestSshd::start({{u"ed25519"_s}, config});
        QVERIFY2(m_sshd, qPrintable(TestSshd::why()));
        m_options = m_sshd->options();
    }

    /// How often sshd counted a try; its two processes and its debug lines tell of each several
    /// times.
    int failures(const QByteArray &method) const
    {
        int count = 0;
        for (const QByteArray &line : m_sshd->log().split('\n'))
            count += line.startsWith(QByteArray("Failed " + method)) && !line.contains("[preauth]")
                ? 1
                : 0;
        return count;
    }

    std::unique_ptr<TestSshd> m_sshd;
    SshOptions m_options;
};

void LoginTests::keyFiles_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QByteArray>("passphrase");
    for (const QString &type : {u"ed25519"_s, u"ecdsa"_s, u"rsa"_s, u"rsa-pem"_s, u"ecdsa-pem"_s}) {
        QTest::newRow(qPrintable(type)) << type << QByteArray();
        QTest::newRow(qPrintable(type + u" locked"_s)) << type << "pass phrase"_ba;
    }
}

void LoginTests::keyFiles()
{
    QFETCH(QString, type);
    QFETCH(QByteArray, passphrase);
    m_options.login.keyFiles = {m_sshd->authorise(type, passphrase)};
    m_options.login.passphrase = SecretBytes(passphrase);
    SshHost host(std::move(m_options));
    const auto connected = host.connect(patience());
    QVERIFY2(connected, qPrintable(told(connected)));
    const Ran ran
        = runScript(host, "echo hello; echo oops >&2; exit 3\n", transport::RunAs::RootOrUser);
    QVERIFY2(ran.result, qPrintable(told(ran.result)));
    QCOMPARE(ran.output, "hello\n");
    QCOMPARE(ran.result->errors, "oops\n");
    QCOMPARE(ran.result->exitStatus, 3);
    // No key but the named one was offered, and none with SHA-1.
    QVERIFY(!m_sshd->log().contains("Failed publickey"));
    QVERIFY(!m_sshd->log().contains("key type ssh-rsa "));
}

void LoginTests::wrongKey()
{
    m_options.login.keyFiles = {m_sshd->authorise(u"ecdsa"_s)};
    m_sshd->write(u"authorized_keys"_s, {});
    SshHost host(std::move(m_options));
    const auto connected = host.connect(patience());
    COMPARE_KIND(connected, ErrorKind::AuthenticationFailed);
    QCOMPARE(connected.error().stage, Stage::Authentication);
    QVERIFY(host.details().loginMethods.contains(u"publickey"_s));
}

void LoginTests::missingKeyFile()
{
    m_options.login.keyFiles = {m_sshd->file(u"nowhere"_s)};
    SshHost host(std::move(m_options));
    COMPARE_KIND(host.connect(patience()), ErrorKind::KeyFileUnreadable);
}

void LoginTests::passphraseNeededAndWrong()
{
    for (const QString &type : {u"ed25519"_s, u"rsa"_s, u"rsa-pem"_s}) {
        for (const QByteArray &given : {""_ba, "wrong"_ba}) {
            SshOptions options = m_sshd->options();
            options.login.keyFiles = {m_sshd->authorise(type, "right")};
            options.login.passphrase = SecretBytes(given);
            SshHost host(std::move(options));
            const auto connected = host.connect(patience());
            COMPARE_KIND(connected, ErrorKind::PassphraseNeeded);
            QCOMPARE(connected.error().detail.isEmpty(), given.isEmpty());
        }
    }
}

/// A server that takes RSA keys with SHA-1 signatures only.
void LoginTests::rsaSignsWithSha2Only()
{
    start({u"PubkeyAcceptedAlgorithms ssh-rsa"_s});
    m_options.login.keyFiles = {m_sshd->authorise(u"rsa"_s)};
    SshHost host(std::move(m_options));
    const auto connected = host.connect(patience());
    QVERIFY(!connected);
    QVERIFY2(connected.error().kind == ErrorKind::AuthenticationUnsupported
                 || connected.error().kind == ErrorKind::AuthenticationFailed,
             qPrintable(told(connected)));
    QVERIFY(!m_sshd->log().contains("Accepted publickey"));
}

void LoginTests::agentKeys()
{
    TestAgent agent(m_sshd->file(u"agent"_s));
    for (const QString &type : {u"ed25519"_s, u"ecdsa"_s, u"rsa"_s}) {
        m_sshd->write(u"authorized_keys"_s, {});
        QVERIFY(agent.add(m_sshd->authorise(type)));
        SshOptions options = m_sshd->options();
        m_sshd->write(u"authorized_keys"_s, {});
        m_sshd->authorise(type);
        options.login.keyFiles = {};
        options.login.useAgent = true;
        options.login.agentSocket = m_sshd->file(u"agent"_s);
        SshHost host(std::move(options));
        const auto connected = host.connect(patience());
        QVERIFY2(connected, qPrintable(type + told(connected)));
    }
}

void LoginTests::agentSignsForLockedFile()
{
    TestAgent agent(m_sshd->file(u"agent"_s));
    QVERIFY(agent.add(m_sshd->authorise(u"ed25519"_s)));
    const QString locked = m_sshd->file(u"locked"_s);
    QVERIFY(QFile::copy(m_sshd->authorise(u"ed25519"_s), locked));
    QVERIFY(succeeds(u"ssh-keygen"_s,
                     {u"-q"_s, u"-p"_s, u"-P"_s, QString(), u"-N"_s, u"word"_s, u"-f"_s, locked}));
    m_options.login.keyFiles = {locked};
    m_options.login.useAgent = true;
    m_options.login.agentSocket = m_sshd->file(u"agent"_s);
    SshHost host(std::move(m_options));
    const auto connected = host.connect(patience());
    QVERIFY2(connected, qPrintable(told(connected)));
}

void LoginTests::noAgent()
{
    start({u"PasswordAuthentication no"_s, u"KbdInteractiveAuthentication no"_s});
    m_options.login.keyFiles = {};
    m_options.login.useAgent = true;
    m_options.login.agentSocket = m_sshd->file(u"nowhere"_s);
    SshHost host(std::move(m_options));
    COMPARE_KIND(host.connect(patience()), ErrorKind::AgentUnavailable);
}

void LoginTests::atMostFourKeys()
{
    TestAgent agent(m_sshd->file(u"agent"_s));
    for (const QString &name : {u"1"_s, u"2"_s, u"3"_s, u"4"_s, u"5"_s, u"6"_s})
        QVERIFY(agent.add(m_sshd->authorise(u"ecdsa-many"_s + name)));
    m_sshd->write(u"authorized_keys"_s, {});
    m_options.login.keyFiles = {};
    m_options.login.useAgent = true;
    m_options.login.agentSocket = m_sshd->file(u"agent"_s);
    SshHost host(std::move(m_options));
    COMPARE_KIND(host.connect(patience()), ErrorKind::AuthenticationFailed);
    QCOMPARE(failures("publickey"), 4);
}

void LoginTests::password()
{
    if (!m_sshd->hasAccounts())
        QSKIP("needs root for accounts with passwords; tests/lab covers it too");
    m_options.login.keyFiles = {};
    m_options.login.password = SecretBytes(TestSshd::password());
    SshHost host(std::move(m_options));
    const auto connected = host.connect(patience());
    QVERIFY2(connected, qPrintable(told(connected)));
}

void LoginTests::wrongPasswordIsTriedOnce()
{
    if (!m_sshd->hasAccounts())
        QSKIP("needs root for accounts with passwords");
    m_options.login.keyFiles = {};
    m_options.login.password = SecretBytes("wrong");
    SshHost host(std::move(m_options));
    COMPARE_KIND(host.connect(patience()), ErrorKind::AuthenticationFailed);
    QCOMPARE(failures("password"), 1);
}

void LoginTests::passwordNeeded()
{
    m_options.login.keyFiles = {};
    SshHost host(std::move(m_options));
    COMPARE_KIND(host.connect(patience()), ErrorKind::PasswordNeeded);
}

void LoginTests::passwordThatIsNoLine()
{
    m_options.login.keyFiles = {};
    m_options.login.password = SecretBytes("one\ntwo");
    SshHost host(std::move(m_options));
    COMPARE_KIND(host.connect(patience()), ErrorKind::BadPassword);
    QVERIFY(!m_sshd->log().contains("userauth-request"));
}

void LoginTests::keyAndPasswordTogether()
{
    start({u"AuthenticationMethods publickey,password"_s});
    if (!m_sshd->hasAccounts())
        QSKIP("needs root for accounts with passwords");
    m_options.login.password = SecretBytes(TestSshd::password());
    SshHost host(std::move(m_options));
    const auto connected = host.connect(patience());
    QVERIFY2(connected, qPrintable(told(connected)));
}

void LoginTests::reconnectsAfterDisconnect()
{
    SshHost host(std::move(m_options));
    QVERIFY(host.connect(patience()));
    host.disconnect();
    QVERIFY(!host.isConnected());
    COMPARE_KIND(runScript(host, "echo x\n", transport::RunAs::RootOrUser).result,
                 ErrorKind::ConnectionLost);
    QVERIFY(host.connect(patience()));
    QCOMPARE(runScript(host, "echo x\n", transport::RunAs::RootOrUser).output, "x\n");
}

int runLoginTests(const QStringList &arguments)
{
    LoginTests tests;
    return QTest::qExec(&tests, arguments);
}

#include "tst_login.moc"
