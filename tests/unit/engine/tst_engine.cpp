#include "core/collect/collect.h"
#include "core/engine/engine.h"
#include "core/engine/judging.h"
#include "tests/support/fakeremotehost.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <mutex>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using support::Answer;
using support::endFrame;
using support::FakeRemoteHost;
using support::frame;

namespace {

QByteArray bareStream()
{
    return frame("meta",
                 "collector\t1.0\nuid\t0\nuser\troot\nhost\tshop\nmachineid\tabc\n"
                 "epoch\t1790000000\nkernel\t6.1\nbootid\tdef\n")
        + frame("os", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n")
        + frame("deployments",
                "1\talpha\t/srv/alpha\t/srv/alpha/docker-compose.yml\t\tcompose\n"
                "2\tbeta\t/srv/beta\t/srv/beta/docker-compose.yml\t\tcompose\n")
        + endFrame(3);
}

/// An engine whose servers answer like this, one answer a connection.
struct Bench
{
    QTemporaryDir folder;
    std::shared_ptr<FakeRemoteHost::Record> record = std::make_shared<FakeRemoteHost::Record>();
    engine::Engine engine;

    explicit Bench(const Answer &answer = {})
        : engine({.configDirectory = folder.filePath(u"flowkeep"_s),
                  .connector = [answer, record = record](const engine::AuditRequest &) {
                      return std::make_unique<FakeRemoteHost>(QList<Answer>{answer}, record);
                  }})
    { }
};

engine::AuditRequest request()
{
    engine::AuditRequest wanted;
    wanted.server.name = u"shop"_s;
    wanted.server.host = u"192.0.2.1"_s;
    wanted.server.user = u"ada"_s;
    return wanted;
}

} // namespace

class TestEngine : public QObject
{
    Q_OBJECT

private slots:
    void anAuditTellsWhoseItIs();
    void progressReachesTheCaller();
    void rootIsAskedForAsTheServerSays();
    void oneDeploymentOnly();
    void anUnknownDeploymentIsAnError();
    void failuresNameTheServer();
    void stopAnswersWithinHalfASecond();
    void nothingIsReportedAfterTheAnswer();
    void theEndOfTheEngineStopsAudits();
    void manyAuditsAtOnce();
    void aConnectionTestReadsNothing();
    void storedFactsAreJudgedAlike();
    void framesByHand();
    void hostileFilesAreRefused();
    void savedServersAndAudits();
    void anAuditFromAFileIsNeverHistory();
    void aDamagedDatabaseIsToldOfOnce();
    void theConfigDirectoryIsClosed();
    void aForeignConfigDirectoryIsRefused();
    void anAcceptedHostKeyIsRemembered();
    void aHeldKnownHostsFileHoldsUpNobody();
    void theDemoIsAPlausibleServer();
    void theCatalogueIsComplete();
    void theCollectorIsBuiltIn();
};

void TestEngine::anAuditTellsWhoseItIs()
{
    Bench bench({.output = bareStream()});
    const auto outcome = bench.engine.audit(request(), {}, {}).result();
    QVERIFY(outcome.run);
    const model::Audit &audit = outcome.run->audit;
    QCOMPARE(audit.id.size(), 26);
    QCOMPARE(audit.server.name, u"shop"_s);
    QVERIFY(!audit.toolVersion.isEmpty());
    QCOMPARE(audit.factsSha256.size(), 64);
    QCOMPARE(audit.privilege, model::Privilege::Root);
    QCOMPARE(audit.knowledgeDays,
             QDate::fromString(audit.catalogue, Qt::ISODate)
                 .daysTo(QDateTime::currentDateTimeUtc().date()));
    QVERIFY(!audit.fromFile);
    QVERIFY(!audit.findings.empty());
    QVERIFY(
        !outcome.run->facts.snapshot.outside.asked); // a scripted host has no address to look at
    const QByteArray script = bench.record->calls().at(0).script;
    QCOMPARE(script.sliced(41), "\nFK_HELD=1\n" + collect::sealed(engine::collectorScript()));
}

void TestEngine::progressReachesTheCaller()
{
    Bench bench({.output = bareStream()});
    std::mutex mutex;
    QStringList sections;
    int total = 0;
    const auto outcome = bench.engine
                             .audit(request(), {},
                                    [&](const engine::Progress &step) {
                                        const std::lock_guard lock(mutex);
                                        sections += step.section;
                                        total = step.total;
                                    })
                             .result();
    QVERIFY(outcome.run);
    QCOMPARE(sections, (QStringList{u"meta"_s, u"os"_s, u"deployments"_s}));
    QVERIFY(total > 20); // two deployments have their sections twice
}

void TestEngine::rootIsAskedForAsTheServerSays()
{
    Bench bench({.output = bareStream()});
    engine::AuditRequest wanted = request();
    QVERIFY(bench.engine.audit(wanted.clone(), {}, {}).result().run);
    wanted.userInstead = true;
    QVERIFY(bench.engine.audit(wanted.clone(), {}, {}).result().run);
    wanted.server.sudo = model::SudoMethod::None;
    QVERIFY(bench.engine.audit(wanted.clone(), {}, {}).result().run);
    QVERIFY(!bench.engine.testConnection(wanted.clone(), {}, {}).result().failure);
    QCOMPARE(bench.record->calls().at(0).runAs, transport::RunAs::Root);
    QCOMPARE(bench.record->calls().at(1).runAs, transport::RunAs::RootOrUser);
    QCOMPARE(bench.record->calls().at(2).runAs, transport::RunAs::User);
    QCOMPARE(bench.record->calls().at(3).runAs, transport::RunAs::User);
}

void TestEngine::oneDeploymentOnly()
{
    Bench bench({.output = bareStream()});
    const auto all = bench.engine.audit(request(), {}, {}).result();
    QVERIFY(all.run);
    QCOMPARE(all.run->audit.deployments.size(), 2u);
    engine::AuditRequest wanted = request();
    wanted.deployment = u"beta"_s;
    const auto one = bench.engine.audit(std::move(wanted), {}, {}).result();
    QVERIFY(one.run);
    QCOMPARE(one.run->audit.deployments.size(), 1u);
    for (const model::Finding &finding : one.run->audit.findings)
        QVERIFY(finding.deployment.isEmpty() || finding.deployment == u"beta"_s);
    QVERIFY(one.run->audit.findings.size() < all.run->audit.findings.size());
}

void TestEngine::anUnknownDeploymentIsAnError()
{
    Bench bench({.output = bareStream()});
    engine::AuditRequest wanted = request();
    wanted.deployment = u"gamma"_s;
    const auto outcome = bench.engine.audit(std::move(wanted), {}, {}).result();
    QVERIFY(!outcome.run);
    QCOMPARE(outcome.failure.error.kind, base::ErrorKind::UnknownName);
    QCOMPARE(outcome.failure.error.what, u"gamma"_s);
}

void TestEngine::failuresNameTheServer()
{
    Bench bench({.output = "no frames\n"});
    const auto outcome = bench.engine.audit(request(), {}, {}).result();
    QVERIFY(!outcome.run);
    QCOMPARE(outcome.failure.error.kind, base::ErrorKind::NothingCollected);
    QCOMPARE(outcome.failure.error.what, u"shop"_s);
}

void TestEngine::stopAnswersWithinHalfASecond()
{
    Bench bench({.output = bareStream().first(250), .stall = true});
    std::stop_source stop;
    QFuture<engine::AuditOutcome> future = bench.engine.audit(request(), stop.get_token(), {});
    QTest::qWait(100);
    QVERIFY(!future.isFinished());
    QElapsedTimer timer;
    timer.start();
    stop.request_stop();
    const engine::AuditOutcome outcome = future.result();
    QVERIFY2(timer.elapsed() < 500, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(outcome.failure.error.kind, base::ErrorKind::Cancelled);
    // A token that is stopped already never starts for long.
    timer.start();
    QVERIFY(!bench.engine.audit(request(), stop.get_token(), {}).result().run);
    QVERIFY(timer.elapsed() < 500);
}

namespace {

/// Takes no notice of a stop for a while, as a thread in the middle of something does.
class DeafHost : public transport::RemoteHost
{
public:
    base::Result<transport::ScriptResult> runScript(const QByteArray &script,
                                                    transport::RunAs,
                                                    const transport::OutputSink &sink,
                                                    const base::Interrupt &) override
    {
        QByteArray stream = bareStream();
        stream.replace("NONCE", script.mid(9, 32));
        for (const char byte : stream) {
            sink(QByteArrayView(&byte, 1));
            std::this_thread::sleep_for(1ms);
        }
        return transport::ScriptResult{transport::RanAs::Root, 0, {}};
    }
};

} // namespace

void TestEngine::nothingIsReportedAfterTheAnswer()
{
    QTemporaryDir folder;
    std::atomic<bool> answered = false;
    std::atomic<int> late = 0;
    {
        engine::Engine engine({.configDirectory = folder.path(), .connector = [](const auto &) {
                                   return std::make_unique<DeafHost>();
                               }});
        std::stop_source stop;
        std::atomic<int> steps = 0;
        auto future = engine.audit(request(), stop.get_token(), [&](const engine::Progress &) {
            ++steps;
            late += answered ? 1 : 0;
        });
        QTRY_COMPARE(steps.load(), 1);
        QElapsedTimer timer;
        timer.start();
        stop.request_stop();
        QCOMPARE(future.result().failure.error.kind, base::ErrorKind::Cancelled);
        QVERIFY(timer.elapsed() < 200);
        answered = true;
    }
    QCOMPARE(late.load(), 0);
}

void TestEngine::theEndOfTheEngineStopsAudits()
{
    QFuture<engine::AuditOutcome> future;
    QElapsedTimer timer;
    {
        Bench bench({.output = bareStream().first(250), .stall = true});
        future = bench.engine.audit(request(), {}, {});
        QTest::qWait(50);
        timer.start();
    }
    QVERIFY(timer.elapsed() < 1000);
    QVERIFY(future.isFinished());
    QCOMPARE(future.result().failure.error.kind, base::ErrorKind::Cancelled);
}

void TestEngine::manyAuditsAtOnce()
{
    Bench bench({.output = bareStream(), .before = 100ms});
    QElapsedTimer timer;
    timer.start();
    std::vector<QFuture<engine::AuditOutcome>> futures;
    for (int i = 0; i < 16; ++i) {
        engine::AuditRequest wanted = request();
        wanted.server.name = QString::number(i);
        futures.push_back(bench.engine.audit(std::move(wanted), {}, {}));
    }
    for (std::size_t i = 0; i < futures.size(); ++i)
        QCOMPARE(futures[i].result().run->audit.server.name, QString::number(i));
    QVERIFY2(timer.elapsed() < 1500, "they wait for each other");
}

void TestEngine::aConnectionTestReadsNothing()
{
    Bench bench({.result = {transport::RanAs::Sudo, 0, {}}});
    const auto report = bench.engine.testConnection(request(), {}, {}).result();
    QVERIFY(!report.failure);
    QCOMPARE(report.privilege, model::Privilege::Sudo);
    QVERIFY(bench.record->calls().at(0).script.size() < 20);
}

void TestEngine::storedFactsAreJudgedAlike()
{
    Bench bench({.output = bareStream()});
    const auto outcome = bench.engine.audit(request(), {}, {}).result();
    QVERIFY(outcome.run);
    const auto again = bench.engine.evaluateFacts(facts::toJson(outcome.run->facts.snapshot));
    QVERIFY(again);
    QVERIFY(again->audit.fromFile);
    QVERIFY(again->audit.id != outcome.run->audit.id);
    QCOMPARE(again->audit.findings.size(), outcome.run->audit.findings.size());
    for (std::size_t i = 0; i < again->audit.findings.size(); ++i)
        QCOMPARE(again->audit.findings[i].verdict, outcome.run->audit.findings[i].verdict);
    QCOMPARE(again->audit.factsSha256, outcome.run->audit.factsSha256);
}

void TestEngine::framesByHand()
{
    Bench bench;
    QByteArray stream = bareStream();
    stream.replace("NONCE", "00112233445566778899aabbccddeeff");
    const auto run = bench.engine.evaluateFrames("root@shop:~# sh collector.sh\n" + stream);
    QVERIFY(run);
    QVERIFY(run->audit.fromFile);
    QCOMPARE(run->audit.startedAt.toSecsSinceEpoch(), 1790000000);
    QVERIFY(!run->audit.findings.empty());

    const auto nothing = bench.engine.evaluateFrames("not a frame\n");
    QVERIFY(!nothing);
    QCOMPARE(nothing.error().kind, base::ErrorKind::NothingCollected);
}

void TestEngine::hostileFilesAreRefused()
{
    Bench bench;
    QVERIFY(!bench.engine.evaluateFacts("{"));
    QVERIFY(!bench.engine.evaluateFacts("[]"));
    QVERIFY(!bench.engine.evaluateFacts(R"({"schema":"flowkeep.facts/9"})"));
    QVERIFY(!bench.engine.evaluateFacts(QByteArray(100000, '[')));
}

void TestEngine::savedServersAndAudits()
{
    Bench bench({.output = bareStream()});
    const auto saved = bench.engine.saveServer(request().server).result();
    QVERIFY2(saved, saved ? "" : qPrintable(saved.error().detail + saved.error().what));
    QVERIFY(!saved->id.isEmpty());
    QCOMPARE(bench.engine.servers().result()->size(), 1u);

    const auto outcome = bench.engine.audit(request(), {}, {}).result();
    QVERIFY(outcome.run);
    QVERIFY(bench.engine.saveAudit(saved->id, *outcome.run).result());
    const auto rows = bench.engine.audits(saved->id).result();
    QVERIFY(rows);
    QCOMPARE(rows->size(), 1u);
    QCOMPARE(rows->front().id, outcome.run->audit.id);

    const auto loaded = bench.engine.loadAudit(outcome.run->audit.id).result();
    QVERIFY(loaded);
    QCOMPARE(loaded->audit.id, outcome.run->audit.id);
    QVERIFY(!loaded->audit.fromFile);
    QCOMPARE(loaded->audit.findings.size(), outcome.run->audit.findings.size());
    QVERIFY(!bench.engine.loadAudit(u"01ARZ3NDEKTSV4RRFFQ69G5FAV"_s).result());

    QVERIFY(bench.engine.removeServer(saved->id, true).result());
    QVERIFY(bench.engine.servers().result()->empty());
}

void TestEngine::anAuditFromAFileIsNeverHistory()
{
    Bench bench({.output = bareStream()});
    const auto saved = bench.engine.saveServer(request().server).result();
    QVERIFY2(saved, saved ? "" : qPrintable(saved.error().detail + saved.error().what));
    const auto outcome = bench.engine.audit(request(), {}, {}).result();
    const auto fromFile = bench.engine.evaluateFacts(facts::toJson(outcome.run->facts.snapshot));
    QVERIFY(fromFile);
    QVERIFY(!bench.engine.saveAudit(saved->id, *fromFile).result());
    QVERIFY(bench.engine.audits(saved->id).result()->empty());
}

void TestEngine::aDamagedDatabaseIsToldOfOnce()
{
    QTemporaryDir folder;
    QFile damaged(folder.filePath(u"flowkeep.sqlite"_s));
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write(QByteArray(4096, 'x'));
    damaged.close();
    std::mutex mutex;
    QStringList told;
    const auto tell = [&](const QString &file) {
        const std::lock_guard lock(mutex);
        told << file;
    };
    {
        engine::Engine engine({.configDirectory = folder.path(), .connector = {}});
        engine.onDatabaseSetAside(tell);
        QVERIFY(engine.servers().result()->empty());
        QVERIFY(engine.saveServer(request().server).result());
        engine.onDatabaseSetAside(tell);
    }
    QCOMPARE(told.size(), 1);
    QVERIFY(QFile::exists(told.front()));
    QVERIFY(told.front() != damaged.fileName());
    {
        engine::Engine engine({.configDirectory = folder.path(), .connector = {}});
        engine.onDatabaseSetAside(tell);
        QCOMPARE(engine.servers().result()->size(), 1u);
    }
    QCOMPARE(told.size(), 1);
}

void TestEngine::theConfigDirectoryIsClosed()
{
    QTemporaryDir folder;
    const QString wide = folder.filePath(u"a/b"_s);
    QVERIFY(QDir().mkpath(wide));
    QVERIFY(::chmod(QFile::encodeName(wide).constData(), 0755) == 0);
    QVERIFY(engine::prepareConfigDirectory(wide));
    QVERIFY(engine::prepareConfigDirectory(folder.filePath(u"c/d/e"_s)));
    for (const QString &path : {wide, folder.filePath(u"c/d/e"_s)}) {
        struct stat found{};
        QVERIFY(::stat(QFile::encodeName(path).constData(), &found) == 0);
        QCOMPARE(found.st_mode & 0777, 0700u);
    }
}

void TestEngine::aForeignConfigDirectoryIsRefused()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto notAFolder = engine::prepareConfigDirectory(file.fileName());
    QVERIFY(!notAFolder);
    QCOMPARE(notAFolder.error().kind, base::ErrorKind::FileUnwritable);
    // Also as root, and without touching them: another user's folder, and one with other things.
    for (const QString &taken : {u"/usr"_s, folder.path()}) {
        if (taken != "/usr"_L1)
            QVERIFY(::chmod(QFile::encodeName(taken).constData(), 01777) == 0);
        struct stat before{};
        struct stat after{};
        QVERIFY(::stat(QFile::encodeName(taken).constData(), &before) == 0);
        QVERIFY(!engine::prepareConfigDirectory(taken));
        QVERIFY(::stat(QFile::encodeName(taken).constData(), &after) == 0);
        QCOMPARE(after.st_mode, before.st_mode);
    }
}

void TestEngine::anAcceptedHostKeyIsRemembered()
{
    Bench bench;
    const engine::HostKeyOffer offer{
        u"ssh-ed25519"_s,
        u"SHA256:x"_s,
        {},
        {},
        QByteArray::fromBase64("AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkK"
                               "CwwNDg8QERITFBUWFxgZGhscHR4f")};
    QVERIFY(bench.engine.acceptHostKey(request().server, offer).result());
    QFile file(bench.folder.filePath(u"flowkeep/known_hosts"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"));
    QVERIFY(!text.contains("192.0.2.1")); // the name is hashed
}

void TestEngine::aHeldKnownHostsFileHoldsUpNobody()
{
    Bench bench;
    const QString folder = bench.folder.filePath(u"flowkeep"_s);
    QVERIFY(engine::prepareConfigDirectory(folder));
    const int held = ::open(QFile::encodeName(folder + u"/known_hosts.lock"_s).constData(),
                            O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    QVERIFY(::flock(held, LOCK_EX) == 0);
    QElapsedTimer timer;
    timer.start();
    auto kept = bench.engine.acceptHostKey(request().server,
                                           {u"ssh-ed25519"_s, u"SHA256:x"_s, {}, {}, "key", false});
    QVERIFY(timer.elapsed() < 100); // the window's thread
    QTest::qWait(200);
    QVERIFY(!kept.isFinished());
    ::close(held);
    QVERIFY(kept.result());
}

void TestEngine::theDemoIsAPlausibleServer()
{
    Bench bench;
    const auto run = bench.engine.demo();
    QVERIFY(run);
    QVERIFY(!run->audit.fromFile);
    QVERIFY(!run->audit.deployments.empty());
    const model::Score &summary = run->audit.summary;
    QVERIFY(summary.score.has_value());
    QVERIFY(summary.pass > 0 && summary.fail > 0 && summary.unknown > 0);
    const auto withoutEffect = [](const model::Finding &finding) {
        return finding.verdict == model::Verdict::Fail && finding.reach == model::Reach::Written;
    };
    QVERIFY(std::ranges::any_of(run->audit.findings, withoutEffect));
}

void TestEngine::theCatalogueIsComplete()
{
    QVERIFY(engine::catalogue().size() >= 12);
    for (const model::CheckInfo &info : engine::catalogue())
        QVERIFY(*info.title && *info.why && *info.advice);
}

void TestEngine::theCollectorIsBuiltIn()
{
    QVERIFY(engine::collectorScript().contains("FK_NONCE"));
}

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
