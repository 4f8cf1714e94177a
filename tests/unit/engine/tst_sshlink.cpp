#include "core/engine/auditor.h"
#include "core/engine/sshlink.h"
#include "tests/unit/transport/testsshd.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::SecretBytes;
using base::Stage;
using model::LoginMethod;
using model::SudoMethod;

/// What the connection is told of a request, and what a request is told of the connection.
class TestSshLink : public QObject
{
    Q_OBJECT

private slots:
    void secrets_data();
    void secrets();
    void onlyWhatCanBeComparedIsAnOffer_data();
    void onlyWhatCanBeComparedIsAnOffer();
    void anAuthorityWithoutKeyIsTold();
    void progressNamesWhatIsWorkedOn();
};

void TestSshLink::secrets_data()
{
    QTest::addColumn<LoginMethod>("login");
    QTest::addColumn<SudoMethod>("sudo");
    QTest::addColumn<QByteArray>("loginPassword");
    QTest::addColumn<QByteArray>("sudoPassword");
    QTest::addColumn<QByteArray>("forSudo");
    const std::pair<const char *, LoginMethod> logins[] = {
        {"agent", LoginMethod::Agent},
        {"key file", LoginMethod::KeyFile},
        {"password", LoginMethod::Password},
    };
    for (const auto &[name, login] : logins) {
        const auto row = [&, name = name, login = login](
                             const char *what, SudoMethod sudo, const char *loginPassword,
                             const char *sudoPassword, const char *forSudo) {
            QTest::addRow("%s, %s", name, what) << login << sudo << QByteArray(loginPassword)
                                                << QByteArray(sudoPassword) << QByteArray(forSudo);
        };
        row("no sudo, nothing", SudoMethod::None, "", "", "");
        row("no sudo, both", SudoMethod::None, "login", "sudo", "");
        row("without, nothing", SudoMethod::WithoutPassword, "", "", "");
        row("without, login only", SudoMethod::WithoutPassword, "login", "", "");
        row("without, both", SudoMethod::WithoutPassword, "login", "sudo", "sudo");
        row("same, nothing", SudoMethod::SameAsLogin, "", "", "");
        row("same, login only", SudoMethod::SameAsLogin, "login", "", "login");
        row("same, sudo only", SudoMethod::SameAsLogin, "", "sudo", "sudo");
        row("same, both", SudoMethod::SameAsLogin, "login", "sudo", "sudo");
        row("other, nothing", SudoMethod::OtherPassword, "", "", "");
        row("other, login only", SudoMethod::OtherPassword, "login", "", "");
        row("other, both", SudoMethod::OtherPassword, "login", "sudo", "sudo");
    }
}

void TestSshLink::secrets()
{
    QFETCH(LoginMethod, login);
    QFETCH(SudoMethod, sudo);
    QFETCH(QByteArray, loginPassword);
    QFETCH(QByteArray, sudoPassword);
    QFETCH(QByteArray, forSudo);
    engine::AuditRequest request;
    request.server.login = login;
    request.server.sudo = sudo;
    request.server.keyFile = u"/home/ada/key"_s;
    request.credentials.loginPassword = SecretBytes(loginPassword);
    request.credentials.sudoPassword = SecretBytes(sudoPassword);
    request.credentials.passphrase = SecretBytes("phrase");
    const transport::SshOptions options = engine::sshOptions(request, {});
    QCOMPARE(options.sudoPassword.view().toByteArray(), forSudo);
    QCOMPARE(options.login.password.view().toByteArray(), loginPassword);
    QCOMPARE(options.login.passphrase.view().toByteArray(), QByteArray("phrase"));
    QCOMPARE(options.login.useAgent, login != LoginMethod::Password);
    QCOMPARE(options.login.useDefaultKeyFiles, login != LoginMethod::Password);
    QCOMPARE(options.login.keyFiles,
             login == LoginMethod::KeyFile ? QStringList{request.server.keyFile} : QStringList());
}

void TestSshLink::onlyWhatCanBeComparedIsAnOffer_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<Stage>("stage");
    QTest::addColumn<QString>("offer");
    QTest::newRow("banner") << ErrorKind::ConnectionLost << Stage::Banner << u"SSH-2.0-X"_s;
    QTest::newRow("kex") << ErrorKind::NoCommonAlgorithm << Stage::Kex << u"cipher: rc4"_s;
    QTest::newRow("login") << ErrorKind::AuthenticationFailed << Stage::Authentication
                           << u"Token:"_s;
    QTest::newRow("shell") << ErrorKind::RemoteShell << Stage::Shell << QString();
    QTest::newRow("sudo") << ErrorKind::SudoRefused << Stage::Sudo << QString();
    QTest::newRow("collect") << ErrorKind::NothingCollected << Stage::Collect << QString();
}

void TestSshLink::onlyWhatCanBeComparedIsAnOffer()
{
    QFETCH(ErrorKind, kind);
    QFETCH(Stage, stage);
    QFETCH(QString, offer);
    transport::ConnectionDetails details;
    details.software = base::UntrustedText(QByteArray("SSH-2.0-X"));
    details.mismatch = u"cipher"_s;
    details.serverOffer = base::UntrustedText(QByteArray("rc4"));
    details.ourOffer = u"aes256-ctr"_s;
    details.prompts = base::UntrustedText(QByteArray("Token:"));
    const engine::Failure failure = engine::failureOf({kind, stage, u"ada"_s, u"said"_s}, details);
    QCOMPARE(failure.serverOffer, offer);
    QCOMPARE(failure.ourOffer, kind == ErrorKind::NoCommonAlgorithm ? details.ourOffer : QString());
    QCOMPARE(failure.error.detail, u"said"_s);
}

void TestSshLink::anAuthorityWithoutKeyIsTold()
{
    transport::ConnectionDetails details;
    details.hostKey = transport::OfferedKey{.type = u"ssh-ed25519"_s,
                                            .fingerprint = u"SHA256:x"_s,
                                            .known = {},
                                            .file = {},
                                            .onlyAuthority = true,
                                            .key = "key"};
    const engine::Failure failure
        = engine::failureOf({ErrorKind::HostKeyUnknown, Stage::HostKey, {}, {}}, details);
    QVERIFY(failure.hostKey);
    QVERIFY(failure.hostKey->onlyAuthority);
    QCOMPARE(failure.hostKey->key, QByteArray("key"));
}

void TestSshLink::progressNamesWhatIsWorkedOn()
{
    const std::unique_ptr<TestSshd> sshd = TestSshd::start();
    QVERIFY2(sshd, qPrintable(TestSshd::why()));
    const transport::SshOptions known = sshd->options();
    const QTemporaryDir folder;
    engine::AuditRequest request;
    request.server.host = known.host;
    request.server.port = known.port;
    request.server.user = known.login.user;
    request.server.login = LoginMethod::KeyFile;
    request.server.keyFile = known.login.keyFiles.value(0);
    request.server.sudo = SudoMethod::None;
    request.hostKey.knownHostsFile = known.hostKeys.files.value(0);
    std::vector<Stage> stages;
    const engine::ConnectionReport report = engine::runConnectionTest(
        {.configDirectory = folder.filePath(u"flowkeep"_s), .connector = {}}, std::move(request),
        {}, [&](const engine::Progress &step) { stages.push_back(step.stage); });
    QVERIFY2(!report.failure, report.failure ? qPrintable(report.failure->error.detail) : "");
    QVERIFY((stages
             == std::vector{Stage::Tcp, Stage::Banner, Stage::Kex, Stage::HostKey,
                            Stage::Authentication, Stage::Shell}));
    QCOMPARE(report.reached, Stage::Sudo);
}

QTEST_GUILESS_MAIN(TestSshLink)
#include "tst_sshlink.moc"
