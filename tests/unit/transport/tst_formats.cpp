#include "core/transport/agent.h"
#include "core/transport/algorithms.h"
#include "core/transport/handshake.h"
#include "core/transport/keyfile.h"
#include "core/transport/knownhosts.h"
#include "core/transport/privilege.h"
#include "helpers.h"
#include "suites.h"
#include "testsshd.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace transport;

namespace {

QByteArray number(qsizetype value)
{
    return QByteArray::fromHex(QByteArray::number(value, 16).rightJustified(8, '0'));
}
QByteArray field(const QByteArray &content)
{
    return number(content.size()) + content;
}

QByteArray kexInit(const QList<QByteArray> &lists)
{
    QByteArray payload = char(20) + QByteArray(16, 'c');
    for (const QByteArray &list : lists)
        payload += field(list);
    payload += QByteArray(5, '\0');
    return number(payload.size() + 1 + 4) + char(4) + payload + QByteArray(4, 'p');
}

const QByteArray goodOffer = kexInit({"curve25519-sha256,kex-strict-s-v00@openssh.com",
                                      "ssh-ed25519,rsa-sha2-512", "aes128-ctr", "aes256-ctr",
                                      "hmac-sha2-256", "hmac-sha2-512", "none", "none", "", ""});

} // namespace

class FileFormatTests : public QObject
{
    Q_OBJECT

private slots:
    void readsServerHello()
    {
        const QByteArray bytes = "welcome\r\nto this\r\nSSH-2.0-Test_1 comment\r\n" + goodOffer;
        const ServerHello hello = parseServerHello(bytes);
        QCOMPARE(hello.software, "SSH-2.0-Test_1 comment");
        QVERIFY(hello.offerSeen);
        QVERIFY(hello.strictKex());
        QCOMPARE(hello.hostKeys, (QList<QByteArray>{"ssh-ed25519", "rsa-sha2-512"}));
        QCOMPARE(hello.ciphersToServer, QList<QByteArray>{"aes128-ctr"});
        QCOMPARE(hello.macsToClient, QList<QByteArray>{"hmac-sha2-512"});
        for (qsizetype cut = 0; cut < bytes.size(); ++cut)
            QVERIFY(!parseServerHello(bytes.first(cut)).offerSeen || cut >= bytes.size() - 4);
    }

    void namesTheListWithNothingInCommon()
    {
        const Algorithms ours = ourAlgorithms();
        ServerHello server = parseServerHello(QByteArray("SSH-2.0-x\n" + goodOffer));
        QVERIFY(findMismatch(ours, server).list.isEmpty());
        server.macsToServer = {"hmac-md5"};
        QCOMPARE(findMismatch(ours, server).list, u"mac"_s);
        server.ciphersToServer = {"aes256-gcm@openssh.com"};
        QVERIFY2(findMismatch(ours, server).list.isEmpty(), "gcm brings its own mac");
        server.ciphersToClient = {"3des-cbc", "aes128-cbc"};
        QCOMPARE(findMismatch(ours, server).list, u"cipher"_s);
        server.hostKeys = {"ssh-rsa", "ssh-dss"};
        QCOMPARE(findMismatch(ours, server).list, u"host key"_s);
        server.kex = {"diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"};
        const Mismatch mismatch = findMismatch(ours, server);
        QCOMPARE(mismatch.list, u"key exchange"_s);
        QCOMPARE(mismatch.server, "diffie-hellman-group14-sha1,diffie-hellman-group1-sha1");
    }

    void offersNothingObsolete()
    {
        const Algorithms ours = ourAlgorithms();
        for (const QList<QByteArray> *list :
             {&ours.kex, &ours.hostKeys, &ours.ciphers, &ours.macs}) {
            for (const QByteArray &name : *list) {
                QVERIFY2(!name.endsWith("sha1") && !name.contains("cbc") && !name.contains("md5")
                             && name != "ssh-rsa" && name != "ssh-dss" && !name.contains("arcfour"),
                         name.constData());
            }
        }
        const Algorithms safer = withoutTerrapinTargets(ours);
        QVERIFY(!safer.ciphers.contains("chacha20-poly1305@openssh.com"));
        QVERIFY(!safer.macs.isEmpty() && !safer.macs.join(',').contains("etm"));
        const Algorithms rsaFirst = preferringHostKeys(ours, {"ssh-rsa"});
        QCOMPARE(rsaFirst.hostKeys.first(), "rsa-sha2-512");
        QCOMPARE(rsaFirst.hostKeys.size(), ours.hostKeys.size());
        QVERIFY(needsStrictKex("chacha20-poly1305@openssh.com", ""));
        QVERIFY(needsStrictKex("aes128-ctr", "hmac-sha2-256-etm@openssh.com"));
        QVERIFY(!needsStrictKex("aes128-gcm@openssh.com", "hmac-sha2-256-etm@openssh.com"));
        QVERIFY(!needsStrictKex("aes128-ctr", "hmac-sha2-256"));
    }

    void readsKeyFiles_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<bool>("encrypted");
        QTest::addColumn<QByteArray>("type"); // empty: hidden by the encryption
        const QStringList pem{u"-m"_s, u"PEM"_s};
        const QStringList pkcs8{u"-m"_s, u"PKCS8"_s};
        const QStringList rsa{u"-t"_s, u"rsa"_s, u"-b"_s, u"2048"_s};
        const QStringList open{u"-N"_s, QString()};
        const QStringList locked{u"-N"_s, u"secret"_s};
        QTest::newRow("ed25519") << QStringList{u"-t"_s, u"ed25519"_s} + open << false
                                 << "ssh-ed25519"_ba;
        QTest::newRow("locked") << QStringList{u"-t"_s, u"ed25519"_s} + locked << true
                                << "ssh-ed25519"_ba;
        QTest::newRow("ecdsa") << QStringList{u"-t"_s, u"ecdsa"_s} + open << false
                               << "ecdsa-sha2-nistp256"_ba;
        QTest::newRow("rsa") << rsa + open << false << "ssh-rsa"_ba;
        QTest::newRow("rsa pem") << rsa + pem + open << false << "ssh-rsa"_ba;
        QTest::newRow("rsa pkcs8") << rsa + pkcs8 + open << false << "ssh-rsa"_ba;
        QTest::newRow("rsa pem locked") << rsa + pem + locked << true << QByteArray();
        QTest::newRow("rsa pkcs8 locked") << rsa + pkcs8 + locked << true << QByteArray();
    }

    void readsKeyFiles()
    {
        QFETCH(QStringList, arguments);
        QFETCH(bool, encrypted);
        QFETCH(QByteArray, type);
        const QTemporaryDir directory;
        const QString path = directory.filePath(u"key"_s);
        QVERIFY(succeeds(u"ssh-keygen"_s, arguments + QStringList{u"-q"_s, u"-f"_s, path}));
        const auto key = readKeyFile(path);
        QVERIFY2(key, qPrintable(told(key)));
        QCOMPARE(key->encrypted, encrypted);
        QCOMPARE(key->type, type);
        QFile publicFile(path + u".pub"_s);
        QVERIFY(publicFile.open(QIODevice::ReadOnly));
        const QByteArray expected = QByteArray::fromBase64(publicFile.readAll().split(' ').at(1));
        if (!type.isEmpty())
            QCOMPARE(key->publicKey, expected);
        else
            QCOMPARE(publicKeyOfPem(key->text, base::SecretBytes("secret")), expected);
        if (type.isEmpty())
            QVERIFY(publicKeyOfPem(key->text, base::SecretBytes("wrong")).isEmpty());
    }

    void aKeyFileLeavesNoCopy()
    {
        const QTemporaryDir directory;
        const QString path = directory.filePath(u"key"_s);
        QVERIFY(
            succeeds(u"ssh-keygen"_s,
                     {u"-q"_s, u"-t"_s, u"rsa"_s, u"-b"_s, u"2048"_s, u"-N"_s, {}, u"-f"_s, path}));
        char text[4096]; // on the stack, where nobody looks for copies
        const int fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
        const ssize_t size = ::read(fd, text, sizeof(text));
        ::close(fd);
        QVERIFY(size > 1600);
        const QByteArrayView whole(text, size);
        {
            const auto key = transport::readKeyFile(path);
            QVERIFY(key);
            QVERIFY(heapHolds(turnedOver(whole.sliced(1000, 40))));
        }
        // Early, in the middle, and in what decoding in place would leave behind.
        for (const qsizetype at : {qsizetype(600), qsizetype(1000), qsizetype(size - 120)})
            QVERIFY2(!heapHolds(turnedOver(whole.sliced(at, 40))), qPrintable(QString::number(at)));
    }

    void refusesWhatIsNoKeyFile()
    {
        const QTemporaryDir directory;
        COMPARE_KIND(readKeyFile(directory.filePath(u"nowhere"_s)),
                     base::ErrorKind::KeyFileUnreadable);
        COMPARE_KIND(readKeyFile(directory.path()), base::ErrorKind::KeyFileUnreadable);
        for (
            const QByteArray &text :
            {"ssh-ed25519 AAAA me"_ba, ""_ba, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA"_ba,
             "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----"_ba})
            COMPARE_KIND(parseKeyFile(base::SecretBytes(text), u"k"_s),
                         base::ErrorKind::KeyFileUnreadable);
    }

    void readsAgentAnswers()
    {
        const QByteArray key = field("ssh-ed25519") + field(QByteArray(32, 'k'));
        const QByteArray body
            = number(2) + field(key) + field("mine") + field(key) + field("other");
        const auto identities = parseIdentities(body);
        QCOMPARE(identities.size(), 2);
        QCOMPARE(identities.at(1).comment, u"other"_s);
        QCOMPARE(identities.first().type, "ssh-ed25519");
        for (qsizetype cut = 0; cut < body.size(); ++cut)
            QVERIFY(parseIdentities(body.first(cut)).size() < 2);
        QVERIFY(parseIdentities(QByteArray(number(0x7fffffff) + field(key))).isEmpty());
    }

    void classifiesRefusals_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("errors");
        QTest::addColumn<int>("refusal");
        const auto row
            = [](const char *name, int status, const QByteArray &errors, Refusal refusal) {
                  QTest::newRow(name) << status << errors << static_cast<int>(refusal);
              };
        row("sudo", 1, "sudo: a password is required\n", Refusal::PasswordNeeded);
        row("sudo-rs", 1, "sudo: interactive authentication is required\n",
            Refusal::PasswordNeeded);
        row("other language", 1, "sudo: Ein Passwort ist notwendig\n", Refusal::Unclear);
        row("tty", 1, "sudo: sorry, you must have a tty to run sudo\n", Refusal::NeedsTerminal);
        row("sudoers", 1, "limited is not in the sudoers file.\n", Refusal::NotAllowed);
        row("command", 1, "Sorry, user a is not allowed to execute '/bin/sh' as root on h.\n",
            Refusal::NotAllowed);
        row("sudo-rs no", 1, "sudo: I'm sorry a. I'm afraid I can't do that\n",
            Refusal::NotAllowed);
        row("bash", 127, "bash: line 1: sudo: command not found\n", Refusal::Missing);
        row("dash", 127, "sh: 1: sudo: not found\n", Refusal::Missing);
        row("csh", 1, "sudo: Command not found.\n", Refusal::Missing);
        row("fish", 127, "fish: Unknown command: sudo\n", Refusal::Missing);
        row("rbash", 1, "rbash: sudo: restricted\n", Refusal::Missing);
        row("nologin", 1, "", Refusal::NoShell);
    }

    void classifiesRefusals()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, errors);
        QFETCH(int, refusal);
        QCOMPARE(
            static_cast<int>(classifyRefusal(status, errors, "This account is not available.\n")),
            refusal);
    }
};

int runFileFormatTests(const QStringList &arguments)
{
    FileFormatTests tests;
    return QTest::qExec(&tests, arguments);
}

#include "tst_formats.moc"
