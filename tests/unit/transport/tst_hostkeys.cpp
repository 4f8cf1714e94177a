#include "core/transport/knownhosts.h"
#include "core/transport/sshhost.h"
#include "helpers.h"
#include "suites.h"
#include "testsshd.h"

#include <QFile>
#include <QTest>

#include <sys/stat.h>

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Stage;
using transport::SshHost;
using transport::SshOptions;

class HostKeyTests : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_sshd = TestSshd::start({{u"ed25519"_s, u"ecdsa"_s, u"rsa"_s}, {}});
        QVERIFY2(m_sshd, qPrintable(TestSshd::why()));
        m_options = m_sshd->options();
    }
    void cleanup() { m_sshd.reset(); }

    void knownKeyConnects();
    void unknownKeyAsks();
    void acceptedKeyIsRemembered();
    void changedKeyIsRefused();
    void revokedKeyIsRefused();
    void pinnedKeyIsTakenOrRefused();
    void authorityAlone();
    void knownEd25519AndServerPrefersEcdsa_data();
    void knownEd25519AndServerPrefersEcdsa();
    void nothingIsSentToAnUnknownServer();
    void onlyObsoleteAlgorithms_data();
    void onlyObsoleteAlgorithms();

private:
    std::unique_ptr<TestSshd> m_sshd;
    SshOptions m_options;
};

void HostKeyTests::knownKeyConnects()
{
    SshHost host(std::move(m_options));
    QList<Stage> stages;
    const auto connected = host.connect(patience(), [&](Stage stage) { stages.append(stage); });
    QVERIFY2(connected, qPrintable(told(connected)));
    QCOMPARE(stages,
             (QList{Stage::Name, Stage::Tcp, Stage::Banner, Stage::Kex, Stage::HostKey,
                    Stage::Authentication}));
    QVERIFY(host.details().strictKex);
    QCOMPARE(host.details().peerAddress, u"127.0.0.1"_s);
    QVERIFY(host.details().software.bytes().startsWith("SSH-2.0-OpenSSH"));
    QCOMPARE(host.details().hostKey->type, u"ssh-ed25519"_s);
    const QByteArray printed
        = run(u"ssh-keygen"_s, {u"-l"_s, u"-f"_s, m_sshd->file(u"host_ed25519.pub"_s)});
    QVERIFY(printed.contains(host.details().hostKey->fingerprint.toUtf8()));
}

void HostKeyTests::unknownKeyAsks()
{
    m_options.hostKeys.files = {m_sshd->file(u"nothing"_s)};
    m_options.hostKeys.ownFile = m_sshd->file(u"own"_s);
    SshHost host(std::move(m_options));
    const auto connected = host.connect(patience());
    COMPARE_KIND(connected, ErrorKind::HostKeyUnknown);
    QCOMPARE(connected.error().stage, Stage::HostKey);
    QVERIFY(host.details().hostKey->fingerprint.startsWith(u"SHA256:"_s));
    QVERIFY(!QFile::exists(m_sshd->file(u"own"_s)));
    QVERIFY(!host.isConnected());
}

void HostKeyTests::acceptedKeyIsRemembered()
{
    m_options.hostKeys.files = {};
    m_options.hostKeys.ownFile = m_sshd->file(u"own"_s);
    m_options.hostKeys.acceptNew = true;
    {
        SshHost host(std::move(m_options));
        const auto connected = host.connect(patience());
        QVERIFY2(connected, qPrintable(told(connected)));
    }
    struct stat status{};
    QCOMPARE(::stat(QFile::encodeName(m_sshd->file(u"own"_s)).constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    QVERIFY(m_sshd->read(u"own"_s).startsWith("|1|"));
    QCOMPARE(m_sshd->read(u"own"_s).count('\n'), 1);

    m_options = m_sshd->options();
    m_options.hostKeys.files = {};
    m_options.hostKeys.ownFile = m_sshd->file(u"own"_s);
    SshHost again(std::move(m_options));
    QVERIFY(again.connect(patience()));
    QCOMPARE(m_sshd->read(u"own"_s).count('\n'), 1);
}

void HostKeyTests::changedKeyIsRefused()
{
    const QByteArray foreign = run(u"cat"_s, {m_sshd->authorise(u"ed25519-other"_s) + u".pub"_s});
    QFile::remove(m_sshd->file(u"known_hosts"_s));
    m_sshd->addKnownHost(u"known_hosts"_s, foreign.split(' ').first(2).join(' '));
    m_options.hostKeys.ownFile = m_sshd->file(u"own"_s);
    m_options.hostKeys.acceptNew = true;
    SshHost host(std::move(m_options));
    const auto connected = host.connect(patience());
    COMPARE_KIND(connected, ErrorKind::HostKeyChanged);
    QCOMPARE(host.details().hostKey->known.size(), 1);
    QVERIFY(host.details().hostKey->known.first() != host.details().hostKey->fingerprint);
    QCOMPARE(host.details().hostKey->file, m_sshd->file(u"known_hosts"_s));
    QVERIFY(!QFile::exists(m_sshd->file(u"own"_s)));
}

void HostKeyTests::revokedKeyIsRefused()
{
    m_sshd->addKnownHost(u"revoked"_s, m_sshd->hostKeyLine(u"ed25519"_s), "@revoked");
    m_options.hostKeys.files.append(m_sshd->file(u"revoked"_s));
    m_options.hostKeys.acceptNew = true;
    SshHost host(std::move(m_options));
    COMPARE_KIND(host.connect(patience()), ErrorKind::HostKeyRevoked);
}

void HostKeyTests::pinnedKeyIsTakenOrRefused()
{
    const QByteArray line = m_sshd->hostKeyLine(u"ed25519"_s);
    const QString right = transport::fingerprintOf(QByteArray::fromBase64(line.split(' ').at(1)));
    m_options.hostKeys.files = {};
    m_options.hostKeys.ownFile = m_sshd->file(u"own"_s);
    m_options.hostKeys.fingerprint = right.chopped(2) + u"xx"_s;
    SshHost wrong(std::move(m_options));
    COMPARE_KIND(wrong.connect(patience()), ErrorKind::HostKeyMismatch);
    QVERIFY(!QFile::exists(m_sshd->file(u"own"_s)));

    m_options = m_sshd->options();
    m_options.hostKeys.files = {};
    m_options.hostKeys.ownFile = m_sshd->file(u"own"_s);
    m_options.hostKeys.fingerprint = right;
    SshHost host(std::move(m_options));
    const auto connected = host.connect(patience());
    QVERIFY2(connected, qPrintable(told(connected)));
    QVERIFY(m_sshd->read(u"own"_s).startsWith("|1|"));
}

void HostKeyTests::authorityAlone()
{
    QFile::remove(m_sshd->file(u"known_hosts"_s));
    m_sshd->addKnownHost(u"known_hosts"_s, m_sshd->hostKeyLine(u"rsa"_s), "@cert-authority");
    SshHost host(std::move(m_options));
    COMPARE_KIND(host.connect(patience()), ErrorKind::HostKeyUnknown);
    QVERIFY(host.details().hostKey->onlyAuthority);
}

void HostKeyTests::knownEd25519AndServerPrefersEcdsa_data()
{
    QTest::addColumn<QString>("known");
    for (const QString &type : {u"ed25519"_s, u"ecdsa"_s, u"rsa"_s})
        QTest::newRow(qPrintable(type)) << type;
}

/// The client's order decides in SSH, so each type in turn is the only one on file.
void HostKeyTests::knownEd25519AndServerPrefersEcdsa()
{
    QFETCH(QString, known);
    m_sshd
        = TestSshd::start({{u"ecdsa"_s, u"rsa"_s, u"ed25519"_s},
                           {u"HostKeyAlgorithms ecdsa-sha2-nistp256,rsa-sha2-512,ssh-ed25519"_s}});
    QVERIFY2(m_sshd, qPrintable(TestSshd::why()));
    m_options = m_sshd->options();
    QFile::remove(m_sshd->file(u"known_hosts"_s));
    m_sshd->addKnownHost(u"known_hosts"_s, m_sshd->hostKeyLine(known));
    SshHost host(std::move(m_options));
    const auto connected = host.connect(patience());
    QVERIFY2(connected, qPrintable(told(connected)));
    QCOMPARE(host.details().hostKey->type.toUtf8(), m_sshd->hostKeyLine(known).split(' ').first());
}

void HostKeyTests::nothingIsSentToAnUnknownServer()
{
    m_options.hostKeys.files = {};
    m_options.login.password = base::SecretBytes(TestSshd::password());
    SshHost host(std::move(m_options));
    COMPARE_KIND(host.connect(patience()), ErrorKind::HostKeyUnknown);
    QVERIFY(!m_sshd->log().contains("userauth-request"));
}

void HostKeyTests::onlyObsoleteAlgorithms_data()
{
    QTest::addColumn<QStringList>("config");
    QTest::addColumn<QString>("list");
    QTest::addColumn<QByteArray>("offer");
    QTest::newRow("kex") << QStringList{u"KexAlgorithms diffie-hellman-group14-sha1"_s}
                         << u"key exchange"_s << "diffie-hellman-group14-sha1"_ba;
    QTest::newRow("host key") << QStringList{u"HostKeyAlgorithms ssh-rsa"_s} << u"host key"_s
                              << "ssh-rsa"_ba;
    QTest::newRow("cipher") << QStringList{u"Ciphers aes128-cbc,3des-cbc"_s} << u"cipher"_s
                            << "aes128-cbc,3des-cbc"_ba;
    QTest::newRow("mac") << QStringList{u"Ciphers aes128-ctr"_s, u"MACs hmac-sha1"_s} << u"mac"_s
                         << "hmac-sha1"_ba;
}

void HostKeyTests::onlyObsoleteAlgorithms()
{
    QFETCH(QStringList, config);
    QFETCH(QString, list);
    QFETCH(QByteArray, offer);
    m_sshd = TestSshd::start({{u"ed25519"_s, u"rsa"_s}, config});
    QVERIFY2(m_sshd, qPrintable(TestSshd::why()));
    SshHost host(m_sshd->options());
    const auto connected = host.connect(patience());
    COMPARE_KIND(connected, ErrorKind::NoCommonAlgorithm);
    QCOMPARE(connected.error().stage, Stage::Kex);
    QCOMPARE(host.details().mismatch, list);
    QVERIFY(host.details().serverOffer.bytes().contains(offer));
    QVERIFY(!host.details().ourOffer.isEmpty());
    QVERIFY(connected.error().detail.contains(QString::fromUtf8(offer)));
}

int runHostKeyTests(const QStringList &arguments)
{
    HostKeyTests tests;
    return QTest::qExec(&tests, arguments);
}

#include "tst_hostkeys.moc"
