#include "core/transport/knownhosts.h"
#include "core/transport/knownhostsfile.h"
#include "helpers.h"
#include "suites.h"
#include "testsshd.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace transport;

namespace {

/// Wire format of a key of any type and content.
QByteArray wire(const QByteArray &type, const QByteArray &content)
{
    QByteArray key;
    for (const QByteArray &field : {type, content})
        key += QByteArray::fromHex(QByteArray::number(field.size(), 16).rightJustified(8, '0'))
            + field;
    return key;
}

const QByteArray ed25519 = wire("ssh-ed25519", QByteArray(32, 'a'));
const QByteArray other25519 = wire("ssh-ed25519", QByteArray(32, 'b'));
const QByteArray ecdsa = wire("ecdsa-sha2-nistp256", QByteArray(65, 'c'));

QByteArray line(const QByteArray &hosts, const QByteArray &key)
{
    return hosts + ' ' + keyTypeOf(key) + ' ' + key.toBase64() + '\n';
}

KeyVerdict judge(const QByteArray &text, const QString &host, quint16 port, const QByteArray &key)
{
    return judgeHostKey({{u"file"_s, parseKnownHosts(text)}}, host, port, key).verdict;
}

} // namespace

class KnownHostsTests : public QObject
{
    Q_OBJECT

private slots:
    void matches_data();
    void matches();
    void readsWhatSshKeygenHashes();
    void verdicts();
    void authorityIsNoKey();
    void portFallsBackToPlainName();
    void skipsWhatIsNoEntry();
    void asksForKnownTypes();
    void remembersInOwnFile();
    void replacesOnlyThisHost();
    void refusesLinks();
    void aHeldFileIsWaitedForWithALimit();
    void unreadableFileIsNotEmpty();
    void slowPatternsAreHarmless();
};

void KnownHostsTests::matches_data()
{
    QTest::addColumn<QByteArray>("hosts");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<bool>("matches");
    QTest::newRow("plain") << QByteArray("a.example") << u"a.example"_s << 22 << true;
    QTest::newRow("case") << QByteArray("A.example") << u"a.EXAMPLE"_s << 22 << true;
    QTest::newRow("list") << QByteArray("x,a.example") << u"a.example"_s << 22 << true;
    QTest::newRow("other") << QByteArray("a.example") << u"b.example"_s << 22 << false;
    QTest::newRow("prefix") << QByteArray("a.example") << u"a.example.org"_s << 22 << false;
    QTest::newRow("star") << QByteArray("*.example") << u"a.b.example"_s << 22 << true;
    QTest::newRow("star needs dot") << QByteArray("*.example") << u"example"_s << 22 << false;
    QTest::newRow("question") << QByteArray("a?.example") << u"ab.example"_s << 22 << true;
    QTest::newRow("negated") << QByteArray("*.example,!a.example") << u"a.example"_s << 22 << false;
    QTest::newRow("negated first")
        << QByteArray("!a.example,*.example") << u"a.example"_s << 22 << false;
    QTest::newRow("only negated") << QByteArray("!b.example") << u"a.example"_s << 22 << false;
    QTest::newRow("port") << QByteArray("[a.example]:2222") << u"a.example"_s << 2222 << true;
    QTest::newRow("other port") << QByteArray("[a.example]:2222") << u"a.example"_s << 22 << false;
    QTest::newRow("no port in file") << QByteArray("a.example") << u"a.example"_s << 2222 << false;
    QTest::newRow("v6") << QByteArray("2001:db8::1") << u"2001:db8::1"_s << 22 << true;
    QTest::newRow("v6 port") << QByteArray("[2001:db8::1]:2222") << u"2001:db8::1"_s << 2222
                             << true;
    QTest::newRow("star port") << QByteArray("[*.example]:*") << u"a.example"_s << 2222 << true;
}

void KnownHostsTests::matches()
{
    QFETCH(QByteArray, hosts);
    QFETCH(QString, host);
    QFETCH(int, port);
    QFETCH(bool, matches);
    const auto entries = parseKnownHosts(line(hosts, ed25519));
    QCOMPARE(entries.size(), 1);
    QCOMPARE(matchesHost(entries.first(), host, static_cast<quint16>(port)), matches);
    const auto hashed = parseKnownHosts(
        hashedEntry(host, static_cast<quint16>(port), ed25519, QByteArray(20, 's')));
    QVERIFY(matchesHost(hashed.first(), host, static_cast<quint16>(port)));
    QVERIFY(!matchesHost(hashed.first(), host, static_cast<quint16>(port + 1)));
}

void KnownHostsTests::readsWhatSshKeygenHashes()
{
    const QTemporaryDir directory;
    const QString path = directory.filePath(u"known"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(line("a.example,[b.example]:2222", ed25519));
    file.close();
    QVERIFY(succeeds(u"ssh-keygen"_s, {u"-H"_s, u"-f"_s, path}));
    const auto known = readKnownHostsFile(path, IfMissing::Fail);
    QVERIFY(known);
    QCOMPARE(known->entries.size(), 2);
    QVERIFY(known->entries.first().hosts.startsWith("|1|"));
    QCOMPARE(judgeHostKey({*known}, u"a.example"_s, 22, ed25519).verdict, KeyVerdict::Known);
    QCOMPARE(judgeHostKey({*known}, u"b.example"_s, 2222, ed25519).verdict, KeyVerdict::Known);
    QCOMPARE(judgeHostKey({*known}, u"b.example"_s, 22, ed25519).verdict, KeyVerdict::Unknown);
    // And the other way round: ssh-keygen finds what is written here.
    QVERIFY(rememberHostKey(path, u"c.example"_s, 22, ed25519, false, {}));
    QVERIFY(run(u"ssh-keygen"_s, {u"-F"_s, u"c.example"_s, u"-f"_s, path}).contains("found"));
}

void KnownHostsTests::verdicts()
{
    const QString host = u"a.example"_s;
    const QByteArray known = line("a.example", ed25519);
    QCOMPARE(judge({}, host, 22, ed25519), KeyVerdict::Unknown);
    QCOMPARE(judge(known, host, 22, ed25519), KeyVerdict::Known);
    QCOMPARE(judge(known, host, 22, other25519), KeyVerdict::Changed);
    // A key of another type than the known ones was offered although those were asked for first.
    QCOMPARE(judge(known, host, 22, ecdsa), KeyVerdict::Changed);
    QCOMPARE(judge(known + line("a.example", ecdsa), host, 22, ecdsa), KeyVerdict::Known);
    QCOMPARE(judge(known + "@revoked " + known, host, 22, ed25519), KeyVerdict::Revoked);
    QCOMPARE(judge("@revoked " + line("*", ed25519) + known, host, 22, ed25519),
             KeyVerdict::Revoked);
    QCOMPARE(judge("@revoked " + line("*", ed25519), host, 22, other25519), KeyVerdict::Unknown);
    const auto changed
        = judgeHostKey({{u"one"_s, {}}, {u"two"_s, parseKnownHosts(known)}}, host, 22, ecdsa);
    QCOMPARE(changed.file, u"two"_s);
    QCOMPARE(changed.known, QStringList{fingerprintOf(ed25519)});
}

void KnownHostsTests::authorityIsNoKey()
{
    const QByteArray text = "@cert-authority " + line("*.example", ed25519);
    const auto judgement
        = judgeHostKey({{u"f"_s, parseKnownHosts(text)}}, u"a.example"_s, 22, ed25519);
    QCOMPARE(judgement.verdict, KeyVerdict::Unknown);
    QVERIFY(judgement.onlyAuthority);
}

void KnownHostsTests::portFallsBackToPlainName()
{
    const QByteArray plain = line("a.example", ed25519);
    QCOMPARE(judge(plain, u"a.example"_s, 2222, ed25519), KeyVerdict::Known);
    QCOMPARE(judge(plain, u"a.example"_s, 2222, other25519), KeyVerdict::Unknown);
    QCOMPARE(judge("@revoked " + plain, u"a.example"_s, 2222, ed25519), KeyVerdict::Revoked);
    QCOMPARE(judge("@revoked " + plain + line("[a.example]:2222", ed25519), u"a.example"_s, 2222,
                   ed25519),
             KeyVerdict::Revoked);
}

void KnownHostsTests::skipsWhatIsNoEntry()
{
    const QByteArray good = line("a.example", ed25519);
    const QByteArray text = "# comment\n\n   \n@unknown " + good
        + "a.example ssh-ed25519 not!base64\n" + "a.example ssh-rsa " + ed25519.toBase64()
        + "\na.example\n" + line("a.example", ed25519).chopped(40) + "\n" + QByteArray("x\0y", 3)
        + "\n\t" + good.chopped(1) + " a comment\r\n";
    const auto entries = parseKnownHosts(text);
    QCOMPARE(entries.size(), 1);
    QCOMPARE(entries.first().key, ed25519);
    QCOMPARE(entries.first().line, 10);
}

void KnownHostsTests::asksForKnownTypes()
{
    const QByteArray text = line("a.example", ecdsa) + "@revoked " + line("a.example", ed25519);
    const QList<KnownHostsFile> files{{u"f"_s, parseKnownHosts(text)}};
    QCOMPARE(knownKeyTypes(files, u"a.example"_s, 22), QList<QByteArray>{"ecdsa-sha2-nistp256"});
    QCOMPARE(knownKeyTypes(files, u"a.example"_s, 2222), QList<QByteArray>{"ecdsa-sha2-nistp256"});
    QVERIFY(knownKeyTypes(files, u"b.example"_s, 22).isEmpty());
}

void KnownHostsTests::remembersInOwnFile()
{
    const QTemporaryDir directory;
    const QString path = directory.filePath(u"known_hosts"_s);
    QVERIFY2(rememberHostKey(path, u"a.example"_s, 2222, ed25519, false, {}), "first");
    QVERIFY2(rememberHostKey(path, u"b.example"_s, 22, ecdsa, false, {}), "second");
    struct stat status{};
    QCOMPARE(::stat(QFile::encodeName(path).constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(!text.contains("example"));
    QCOMPARE(judge(text, u"a.example"_s, 2222, ed25519), KeyVerdict::Known);
    QCOMPARE(judge(text, u"b.example"_s, 22, ecdsa), KeyVerdict::Known);
}

void KnownHostsTests::replacesOnlyThisHost()
{
    const QTemporaryDir directory;
    const QString path = directory.filePath(u"known_hosts"_s);
    QVERIFY(rememberHostKey(path, u"a.example"_s, 22, ed25519, false, {}));
    QVERIFY(rememberHostKey(path, u"b.example"_s, 22, ecdsa, false, {}));
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::Append));
        file.write("@revoked " + line("a.example", ecdsa));
    }
    QVERIFY(rememberHostKey(path, u"a.example"_s, 22, other25519, true, {}));
    const auto known = readKnownHostsFile(path, IfMissing::Fail);
    QVERIFY(known);
    QCOMPARE(known->entries.size(), 3);
    QCOMPARE(judgeHostKey({*known}, u"a.example"_s, 22, ecdsa).verdict, KeyVerdict::Revoked);
    QCOMPARE(judgeHostKey({*known}, u"a.example"_s, 22, ed25519).verdict, KeyVerdict::Changed);
    QCOMPARE(judgeHostKey({*known}, u"a.example"_s, 22, other25519).verdict, KeyVerdict::Known);
    QCOMPARE(judgeHostKey({*known}, u"b.example"_s, 22, ecdsa).verdict, KeyVerdict::Known);
}

void KnownHostsTests::refusesLinks()
{
    const QTemporaryDir directory;
    const QString target = directory.filePath(u"target"_s);
    const QString path = directory.filePath(u"known_hosts"_s);
    QVERIFY(QFile::link(target, path));
    const auto written = rememberHostKey(path, u"a.example"_s, 22, ed25519, false, {});
    COMPARE_KIND(written, base::ErrorKind::FileUnwritable);
    QVERIFY(!QFile::exists(target));
}

void KnownHostsTests::aHeldFileIsWaitedForWithALimit()
{
    const QTemporaryDir directory;
    const QString path = directory.filePath(u"known_hosts"_s);
    const int held = ::open(QFile::encodeName(path + u".lock"_s).constData(),
                            O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    QVERIFY(::flock(held, LOCK_EX) == 0);
    QElapsedTimer timer;
    timer.start();
    COMPARE_KIND(rememberHostKey(path, u"a.example"_s, 22, ed25519, false, {}),
                 base::ErrorKind::TimedOut);
    QVERIFY(timer.elapsed() >= 5000 && timer.elapsed() < 8000);

    std::stop_source stop;
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        stop.request_stop();
    });
    timer.start();
    COMPARE_KIND(rememberHostKey(path, u"a.example"_s, 22, ed25519, false, {stop.get_token()}),
                 base::ErrorKind::Cancelled);
    QVERIFY(timer.elapsed() < 500);

    later = std::jthread([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        ::close(held);
    });
    QVERIFY(rememberHostKey(path, u"a.example"_s, 22, ed25519, false, {}));
}

void KnownHostsTests::unreadableFileIsNotEmpty()
{
    const QTemporaryDir directory;
    const QString nowhere = directory.filePath(u"nowhere"_s);
    QVERIFY(readKnownHostsFile(nowhere, IfMissing::Empty));
    QCOMPARE(readKnownHostsFile(nowhere, IfMissing::Fail).error().kind,
             base::ErrorKind::FileNotFound);
    const auto folder = readKnownHostsFile(directory.path(), IfMissing::Empty);
    COMPARE_KIND(folder, base::ErrorKind::FileUnreadable);
}

void KnownHostsTests::slowPatternsAreHarmless()
{
    const QByteArray pattern = QByteArray("*a").repeated(2000) + 'b';
    const auto entries = parseKnownHosts(line(pattern, ed25519));
    QCOMPARE(entries.size(), 1);
    QVERIFY(!matchesHost(entries.first(), QString(200, u'a'), 22));
}

int runKnownHostsTests(const QStringList &arguments)
{
    KnownHostsTests tests;
    return QTest::qExec(&tests, arguments);
}

#include "tst_knownhosts.moc"
