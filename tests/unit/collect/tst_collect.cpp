#include "core/collect/collect.h"
#include "tests/support/fakeremotehost.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include <atomic>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using support::Answer;
using support::endFrame;
using support::FakeRemoteHost;
using support::frame;

namespace {

const QByteArray meta
    = "collector\t1.0\nuid\t0\nuser\troot\nhost\tshop\nmachineid\tabc\nepoch\t1790000000\n"
      "kernel\t6.1\nbootid\tdef\n";
const QByteArray os = "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n";
const QByteArray listening = "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:((\"sshd\",pid=1,fd=3))\n"
                             "tcp LISTEN 0 128 127.0.0.1:5432 0.0.0.0:*\n"
                             "udp UNCONN 0 0 0.0.0.0:53 0.0.0.0:*\n"
                             "tcp LISTEN 0 128 *:8080 *:*\n";

QByteArray wholeStream()
{
    return frame("meta", meta) + frame("os", os) + frame("listening", listening) + endFrame(3);
}

collect::Order plainOrder()
{
    collect::Order order;
    order.script = "true\n";
    order.connection.name = u"shop"_s;
    return order;
}

base::Result<facts::Snapshot> run(const Answer &answer, const base::Interrupt &interrupt = {})
{
    FakeRemoteHost host({answer});
    return collect::collect(host, plainOrder(), interrupt);
}

int okSections(const facts::Snapshot &snapshot)
{
    int count = 0;
    for (const facts::Section &section : snapshot.sections)
        count += section.status == facts::Section::Status::Ok && !section.cut ? 1 : 0;
    return count;
}

} // namespace

class TestCollect : public QObject
{
    Q_OBJECT

private slots:
    void theScriptFollowsAFreshNonce();
    void aWholeStreamIsTaken();
    void noiseBeforeTheFramesIsSkipped();
    void aFloodOfNoiseEnds();
    void aFloodOfFramesEnds();
    void cutAtRandomBytes();
    void aBrokenConnectionIsAnError();
    void aPassedDeadlineKeepsWhatCame();
    void nothingCollectedNamesTheShell();
    void anErrorBeforeTheFirstFrameIsHandedOn();
    void stopAnswersQuickly();
    void privilegeIsTold();
    void probesRunBesideTheCollector();
    void probesStopWithTheCollection();
    void portsOfStrangersOnly();
    void progressCountsSections();
    void progressTellsOfTheLookFromOutside();
};

void TestCollect::theScriptFollowsAFreshNonce()
{
    FakeRemoteHost host({{.output = wholeStream()}, {.output = wholeStream()}});
    collect::Order order = plainOrder();
    order.runAs = transport::RunAs::RootOrUser;
    QVERIFY(collect::collect(host, order, {}));
    QVERIFY(collect::collect(host, order, {}));
    const QByteArray first = host.calls().at(0).script;
    QVERIFY(first.startsWith("FK_NONCE="));
    QCOMPARE(first.sliced(41), "\nFK_HELD=1\n" + collect::sealed("true\n"));
    QVERIFY(first != host.calls().at(1).script);
    QCOMPARE(host.calls().at(0).runAs, transport::RunAs::RootOrUser);
}

void TestCollect::aWholeStreamIsTaken()
{
    const auto snapshot = run({.output = wholeStream(), .chunk = 7});
    QVERIFY(snapshot);
    QVERIFY(snapshot->ended);
    QCOMPARE(snapshot->sections.size(), 3u);
    QCOMPARE(snapshot->collectorVersion, QByteArray("1.0"));
    QCOMPARE(snapshot->collectorSha256.size(), 64);
    QCOMPARE(snapshot->serverClock.toSecsSinceEpoch(), 1790000000);
    QVERIFY(!snapshot->outside.asked);
}

void TestCollect::noiseBeforeTheFramesIsSkipped()
{
    const QByteArray motd = "Welcome\nFK1 not-the-nonce os ok 0 0 0 0\n\n\x1b[2J\n";
    const auto snapshot = run({.output = motd + wholeStream()});
    QVERIFY(snapshot);
    QCOMPARE(okSections(*snapshot), 3);
}

void TestCollect::aFloodOfNoiseEnds()
{
    const auto snapshot = run({.output = "yes yes yes\n", .flood = true});
    QVERIFY(!snapshot);
    QCOMPARE(snapshot.error().kind, base::ErrorKind::TooMuchOutput);
    QCOMPARE(snapshot.error().stage, base::Stage::Collect);
}

void TestCollect::aFloodOfFramesEnds()
{
    QElapsedTimer timer;
    timer.start();
    const QByteArray big = frame("os", QByteArray(1024 * 1024, 'x'));
    const auto snapshot = run({.output = big, .chunk = 65536, .flood = true});
    QVERIFY(timer.elapsed() < 10000);
    QVERIFY(snapshot);
    QVERIFY(!snapshot->ended);
    QCOMPARE(snapshot->sections.size(), 1u); // a known id once
}

void TestCollect::cutAtRandomBytes()
{
    const QByteArray whole = wholeStream();
    QRandomGenerator random(4711);
    for (int i = 0; i < 300; ++i) {
        const auto length = random.bounded(whole.size());
        const auto snapshot = run({.output = whole.first(length), .chunk = 1 + random.bounded(64)});
        if (!snapshot) {
            QCOMPARE(snapshot.error().kind, base::ErrorKind::NothingCollected);
            continue;
        }
        QVERIFY(!snapshot->ended);
        QVERIFY(okSections(*snapshot) <= 3);
        for (const facts::Section &section : snapshot->sections) {
            if (section.status == facts::Section::Status::Ok)
                QVERIFY(section.data == meta || section.data == os || section.data == listening);
        }
    }
}

void TestCollect::aBrokenConnectionIsAnError()
{
    const base::Error lost{base::ErrorKind::ConnectionLost, base::Stage::Collect, u"shop"_s, {}};
    const auto snapshot = run({.output = wholeStream().first(200), .error = lost});
    QVERIFY(!snapshot);
    QCOMPARE(snapshot.error().kind, base::ErrorKind::ConnectionLost);
}

void TestCollect::aPassedDeadlineKeepsWhatCame()
{
    const QByteArray begin = frame("meta", meta) + frame("os", os);
    const base::Interrupt soon = base::Interrupt{}.within(100ms);
    const auto snapshot = run({.output = begin, .stall = true}, soon);
    QVERIFY(snapshot);
    QVERIFY(!snapshot->ended);
    QCOMPARE(okSections(*snapshot), 2);

    const auto nothing
        = run({.output = "Welcome\n", .stall = true}, base::Interrupt{}.within(50ms));
    QVERIFY(!nothing);
    QCOMPARE(nothing.error().kind, base::ErrorKind::TimedOut);
}

void TestCollect::nothingCollectedNamesTheShell()
{
    const auto snapshot = run({.output = "This account is not available.\n",
                               .result = {transport::RanAs::User, 1, "nologin\x1b[31m\n"}});
    QVERIFY(!snapshot);
    QCOMPARE(snapshot.error().kind, base::ErrorKind::NothingCollected);
    QVERIFY(snapshot.error().detail.contains(u"nologin"_s));
    QVERIFY(!snapshot.error().detail.contains(u'\x1b'));
    QCOMPARE(snapshot.error().what, u"shop"_s);
}

void TestCollect::anErrorBeforeTheFirstFrameIsHandedOn()
{
    const base::Error refused{base::ErrorKind::SudoPasswordWrong, base::Stage::Sudo, u"ada"_s, {}};
    const auto snapshot = run({.error = refused});
    QVERIFY(!snapshot);
    QCOMPARE(snapshot.error().kind, base::ErrorKind::SudoPasswordWrong);
    QCOMPARE(snapshot.error().stage, base::Stage::Sudo);
}

void TestCollect::stopAnswersQuickly()
{
    std::stop_source stop;
    std::jthread later([&] {
        std::this_thread::sleep_for(100ms);
        stop.request_stop();
    });
    QElapsedTimer timer;
    timer.start();
    const auto snapshot
        = run({.output = wholeStream().first(300), .stall = true}, {stop.get_token()});
    QVERIFY(timer.elapsed() < 600);
    QVERIFY(!snapshot);
    QCOMPARE(snapshot.error().kind, base::ErrorKind::Cancelled);
}

void TestCollect::privilegeIsTold()
{
    using transport::RanAs;
    const std::array expected{std::pair{RanAs::Root, model::Privilege::Root},
                              std::pair{RanAs::Sudo, model::Privilege::Sudo},
                              std::pair{RanAs::User, model::Privilege::User}};
    for (const auto &[ranAs, privilege] : expected) {
        const auto snapshot = run({.output = wholeStream(), .result = {ranAs, 0, {}}});
        QVERIFY(snapshot);
        QCOMPARE(snapshot->privilege, privilege);
    }
}

void TestCollect::probesRunBesideTheCollector()
{
    collect::Order order = plainOrder();
    std::atomic<int> wireCalls = 0;
    std::vector<quint16> asked;
    std::optional<std::vector<QString>> lastNames;
    order.outside.wire
        = [&](const std::optional<std::vector<QString>> &names, const base::Interrupt &) {
              lastNames = names;
              model::Outside seen;
              if (++wireCalls == 1)
                  std::this_thread::sleep_for(300ms);
              seen.vantage.route = names ? u"again"_s : u"direct"_s;
              seen.tls.resize(names ? 0 : 1);
              seen.refused.resize(1);
              return seen;
          };
    order.outside.ports = [&](const std::vector<quint16> &ports, const base::Interrupt &) {
        asked = ports;
        return std::vector<model::PortObservation>(ports.size());
    };
    FakeRemoteHost host({{.output = wholeStream(), .before = 300ms}});
    QElapsedTimer timer;
    timer.start();
    const auto snapshot = collect::collect(host, order, {});
    QVERIFY(snapshot);
    QVERIFY2(timer.elapsed() < 550, "the first look waits for the collector");
    QCOMPARE(wireCalls.load(), 2);
    QVERIFY(lastNames && lastNames->empty()); // no deployment, but now that is known
    QCOMPARE(snapshot->outside.refused.size(), 2u);
    QVERIFY(snapshot->outside.asked);
    QCOMPARE(snapshot->outside.vantage.route, u"direct"_s);
    QCOMPARE(snapshot->outside.tls.size(), 1u);
    QVERIFY((asked == std::vector<quint16>{22, 8080}));
    QCOMPARE(snapshot->outside.ports.size(), 2u);
}

void TestCollect::probesStopWithTheCollection()
{
    collect::Order order = plainOrder();
    order.outside.wire = [](const auto &, const base::Interrupt &interrupt) {
        while (!interrupt.requested())
            std::this_thread::sleep_for(5ms);
        return model::Outside{};
    };
    FakeRemoteHost host({{.output = "nothing\n"}});
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!collect::collect(host, order, base::Interrupt{}.within(20s)));
    QVERIFY(timer.elapsed() < 1000);
}

void TestCollect::portsOfStrangersOnly()
{
    facts::Snapshot snapshot;
    facts::Section section;
    section.id = u"listening"_s;
    section.status = facts::Section::Status::Ok;
    section.data = listening;
    snapshot.sections = {section};
    snapshot.ended = true;
    QVERIFY((collect::reachablePorts(facts::parse(snapshot)) == std::vector<quint16>{22, 8080}));
}

void TestCollect::progressCountsSections()
{
    QStringList seen;
    FakeRemoteHost host({{.output = wholeStream()}});
    QVERIFY(collect::collect(host, plainOrder(), {}, [&](const collect::Progress &progress) {
        seen += progress.section + QString::number(progress.done);
    }));
    QCOMPARE(seen, (QStringList{u"meta1"_s, u"os2"_s, u"listening3"_s}));
}

void TestCollect::progressTellsOfTheLookFromOutside()
{
    collect::Order order = plainOrder();
    order.outside.wire = [](const auto &, const base::Interrupt &) { return model::Outside{}; };
    std::vector<base::Stage> stages;
    FakeRemoteHost host({{.output = wholeStream()}});
    QVERIFY(collect::collect(host, order, {}, [&](const collect::Progress &progress) {
        stages.push_back(progress.stage);
        QCOMPARE(progress.section.isEmpty(), progress.stage == base::Stage::Probe);
    }));
    using base::Stage;
    QVERIFY((stages == std::vector{Stage::Collect, Stage::Collect, Stage::Collect, Stage::Probe}));
}

QTEST_GUILESS_MAIN(TestCollect)
#include "tst_collect.moc"
