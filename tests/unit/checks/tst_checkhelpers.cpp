#include "core/checks/support/answer.h"
#include "core/checks/support/exposure.h"
#include "core/checks/support/govalues.h"

#include <QTest>

using namespace Qt::StringLiterals;
using checks::Evaluation;
using model::Reach;
using model::Verdict;

class TestCheckHelpers : public QObject
{
    Q_OBJECT

private slots:
    void numbersAreReadAsGoReadsThem_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<std::optional<qint64>>("value");
        const auto row = [](const char *text, std::optional<qint64> value) {
            QTest::newRow(text) << QByteArray(text) << value;
        };
        row("0", 0);
        row("12", 12);
        row("+12", 12);
        row("-12", -12);
        row("012", 10);
        row("0o17", 15);
        row("0O17", 15);
        row("0xC", 12);
        row("0XfF", 255);
        row("0b11", 3);
        row("0B11", 3);
        row("1_000", 1000);
        row("0x_1", 1);
        row("00", 0);
        row("9223372036854775807", 9223372036854775807);
        row("9223372036854775808", std::nullopt);
        row("", std::nullopt);
        row("+", std::nullopt);
        row("0x", std::nullopt);
        row("08", std::nullopt);
        row("0b2", std::nullopt);
        row("12 ", std::nullopt);
        row(" 12", std::nullopt);
        row("12s", std::nullopt);
        row("1.5", std::nullopt);
        row("1__0", std::nullopt);
        row("_1", std::nullopt);
        row("1_", std::nullopt);
        row("0x1_", std::nullopt);
        row("twelve", std::nullopt);
        row("--1", std::nullopt);
    }

    void numbersAreReadAsGoReadsThem()
    {
        QFETCH(QByteArray, text);
        QFETCH(std::optional<qint64>, value);
        QVERIFY(checks::goInt(text) == value);
    }

    void flagsAreReadAsGoReadsThem()
    {
        for (const char *yes : {"1", "t", "T", "true", "TRUE", "True"})
            QVERIFY2(checks::goBool(yes) == true, yes);
        for (const char *no : {"0", "f", "F", "false", "FALSE", "False"})
            QVERIFY2(checks::goBool(no) == false, no);
        for (const char *neither : {"", "yes", "on", "tRUE", "true ", "\"true\"", "enabled", "2"})
            QVERIFY2(!checks::goBool(neither), neither);
    }

    void loopbackIsKnownInEveryForm()
    {
        for (const char *loopback : {"127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1"})
            QVERIFY2(checks::isLoopback(loopback), loopback);
        for (const char *other :
             {"", "0.0.0.0", "::", "10.0.0.1", "203.0.113.1", "2001:db8::1", "localhost"})
            QVERIFY2(!checks::isLoopback(other), other);
    }

    void proxiesAreToldByTheirImage()
    {
        facts::Container container;
        for (const char *image : {"nginx", "nginx:1.27-alpine", "docker.io/library/nginx:latest",
                                  "registry.example.org:5000/mirror/nginx", "nginx@sha256:0123",
                                  "caddy:2", "traefik:v3.1", "jc21/nginx-proxy-manager:2"}) {
            container.image = image;
            QVERIFY2(checks::isProxy(container), image);
        }
        for (const char *image : {"", "appflowyinc/appflowy_web", "nginx/nginx-prometheus-exporter",
                                  "example.org/nginx-blog"}) {
            container.image = image;
            QVERIFY2(!checks::isProxy(container), image);
        }
    }

    void theWorstAnswerWins()
    {
        const std::vector<Verdict> order{Verdict::Pass, Verdict::Warn, Verdict::Unknown,
                                         Verdict::Fail};
        for (std::size_t i = 0; i < order.size(); ++i) {
            for (std::size_t j = 0; j < order.size(); ++j)
                QCOMPARE(checks::isWorse(order[i], order[j]), i > j);
        }
        const std::vector<int> things{0, 1, 2};
        const Evaluation worst = checks::worstOf(things, [](int thing) {
            Evaluation one = checks::answer(thing == 0 ? Verdict::Pass : Verdict::Warn, {});
            one.actual = checks::asWritten(QByteArray::number(thing));
            return one;
        });
        QVERIFY(worst.verdict == Verdict::Warn);
        QCOMPARE(model::render(worst.actual), u"1"_s);
    }

    void aPassWithoutGroundIsNone()
    {
        Evaluation pass = checks::answer(Verdict::Pass, checks::asWritten("good"));
        pass.evidence.emplace_back();
        checks::holdToTheRule(pass);
        QVERIFY(pass.verdict == Verdict::Pass);

        for (const Reach reach : {Reach::Honoured, Reach::Proven}) {
            pass.reach = reach;
            checks::holdToTheRule(pass);
            QVERIFY(pass.verdict == Verdict::Pass);
        }
        for (const Reach reach : {Reach::Absent, Reach::Written, Reach::Delivered}) {
            Evaluation early = pass;
            early.reach = reach;
            checks::holdToTheRule(early);
            QVERIFY(early.verdict == Verdict::Warn);
            QCOMPARE(model::render(early.summary), u"Delivered, not known to be read"_s);
        }
        Evaluation bare = checks::answer(Verdict::Pass, checks::asWritten("good"));
        checks::holdToTheRule(bare);
        QVERIFY(bare.verdict == Verdict::Unknown);
        QCOMPARE(model::render(bare.summary), u"Nothing shows it"_s);

        Evaluation fail = checks::answer(Verdict::Fail, checks::asWritten("bad"));
        fail.reach = Reach::Written;
        checks::holdToTheRule(fail);
        QVERIFY(fail.verdict == Verdict::Fail);
        QCOMPARE(model::render(fail.summary), u"bad"_s);
    }
};

QTEST_GUILESS_MAIN(TestCheckHelpers)
#include "tst_checkhelpers.moc"
