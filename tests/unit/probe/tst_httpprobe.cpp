#include "core/probe/httpprobe.h"
#include "tests/unit/probe/servers.h"
#include "tests/unit/probe/suite.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace Qt::StringLiterals;
using model::HttpObservation;
using servers::Client;
using servers::HandMade;
using Outcome = model::HttpObservation::Outcome;

namespace {

QString header(const HttpObservation &seen, const QByteArray &name)
{
    for (const model::HttpHeader &one : seen.headers) {
        if (one.name == name)
            return one.value.display();
    }
    return u"(absent)"_s;
}

} // namespace

class TestHttpProbe : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_workshop.make({.name = u"site"_s,
                                 .subject = u"/CN=a.example"_s,
                                 .alternativeNames = u"DNS:a.example"_s}));
        m_plain = servers::freePort();
        m_tls = servers::freePort();
        const QString blocks = QString::fromLatin1(R"(
server {
    listen 127.0.0.1:%1;
    server_name a.example;
    location = / { add_header X-Host $http_host; return 301 https://a.example$request_uri; }
    location = /console { return 308 https://a.example/console; }
    location / { return 404; }
}
server {
    listen 127.0.0.1:%1 default_server;
    return 421;
}
server {
    listen 127.0.0.1:%2 ssl http2;
    ssl_certificate %3;
    ssl_certificate_key %4;
    add_header X-Content-Type-Options nosniff;
    add_header X-Connection $connection;
    location = / { add_header X-Content-Type-Options nosniff; add_header X-Content-Type-Options nosniff;
                   add_header X-Sni $ssl_server_name; return 200 "hello"; }
    location = /big { default_type text/plain; root %5; }
    location = /always { add_header X-Frame-Options DENY always; return 403; }
    location / { return 404; }
}
)")
                                   .arg(m_plain)
                                   .arg(m_tls)
                                   .arg(m_workshop.certificate(u"site"_s),
                                        m_workshop.key(u"site"_s), m_workshop.path({}));
        QFile big(m_workshop.path(u"big"_s));
        QVERIFY(big.open(QIODevice::WriteOnly));
        big.write(QByteArray(1000000, 'b'));
        m_nginx = servers::nginx(m_workshop, blocks, m_plain);
        QVERIFY(m_nginx->isUp());
    }
    void cleanupTestCase() { m_nginx.reset(); }

    void redirectsAreKeptAndNotFollowed()
    {
        const auto seen = ask(m_plain, false, {"/", "/console", "/api/health"});
        QCOMPARE(seen.size(), std::size_t(3));
        QCOMPARE(seen[0].outcome, Outcome::Answered);
        QCOMPARE(seen[0].status, 301);
        QCOMPARE(seen[0].location.display(), u"https://a.example/"_s);
        QCOMPARE(seen[0].scheme, u"http"_s);
        QCOMPARE(seen[0].host, u"a.example:%1"_s.arg(m_plain));
        QCOMPARE(header(seen[0], "x-host"), seen[0].host);
        QCOMPARE(seen[1].status, 308);
        QCOMPARE(seen[2].status, 404);
        QVERIFY(seen[2].location.isEmpty());
    }

    void theHostIsTheOneGiven()
    {
        probe::ErrorBudget budget;
        const auto seen = probe::observeHttp({servers::local(m_plain), false, {}, {"/"}}, budget,
                                             base::systemClock(), {});
        QCOMPARE(seen.front().status, 421);
        QCOMPARE(seen.front().host, u"127.0.0.1:%1"_s.arg(m_plain));
    }

    void headersOverTls()
    {
        const auto seen = ask(m_tls, true, {"/", "/missing", "/always"});
        QCOMPARE(seen[0].status, 200);
        QCOMPARE(header(seen[0], "x-content-type-options"), u"nosniff, nosniff"_s);
        QCOMPARE(header(seen[0], "x-sni"), u"a.example"_s);
        // nginx leaves add_header out of error answers unless told "always".
        QCOMPARE(seen[1].status, 404);
        QCOMPARE(header(seen[1], "x-content-type-options"), u"(absent)"_s);
        QCOMPARE(seen[2].status, 403);
        QCOMPARE(header(seen[2], "x-frame-options"), u"DENY"_s);
        QCOMPARE(seen[0].scheme, u"https"_s);
    }

    void longBodiesCostAConnectionNotTheAnswer()
    {
        const auto seen = ask(m_tls, true, {"/big", "/", "/big", "/"});
        for (const HttpObservation &one : seen)
            QCOMPARE(one.status, 200);
    }

    void oneKeptConnection()
    {
        const HandMade server([](const Client &client) {
            for (int i = 0; i < 10; ++i) {
                if (client.receiveRequest().isEmpty())
                    return;
                client.send(i % 2 ? "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
                                  : "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n"
                                    "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            }
        });
        const auto seen = ask(server.port(), false, {"/1", "/2", "/3", "/4", "/5"});
        for (const HttpObservation &one : seen)
            QCOMPARE(one.status, 200);
        QCOMPARE(server.connections(), 1);
    }

    void aCutKeptConnectionIsMadeAnew()
    {
        const HandMade server([](const Client &client) {
            client.receiveRequest();
            client.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        const auto seen = ask(server.port(), false, {"/1", "/2", "/3"});
        for (const HttpObservation &one : seen)
            QCOMPARE(one.status, 200);
        QCOMPARE(server.connections(), 3);
    }

    void requestsCarryNothingOfOurs()
    {
        QByteArray request;
        const HandMade server([&](const Client &client) {
            request = client.receiveRequest();
            client.send("HTTP/1.1 204 No Content\r\n\r\n");
        });
        ask(server.port(), false, {"/console"});
        QCOMPARE(request,
                 "GET /console HTTP/1.1\r\nHost: a.example:" + QByteArray::number(server.port())
                     + "\r\nUser-Agent: Flowkeep\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n");
    }

    void tenErrorAnswersAreEnough()
    {
        std::atomic<int> requests = 0;
        const HandMade server([&](const Client &client) {
            while (!client.receiveRequest().isEmpty()) {
                ++requests;
                client.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            }
        });
        probe::ErrorBudget budget;
        const probe::HttpQuestion question{servers::local(server.port()), false, "a.example",
                                           std::vector<QByteArray>(8, "/x")};
        const auto first = probe::observeHttp(question, budget, base::systemClock(), {});
        const auto second = probe::observeHttp(question, budget, base::systemClock(), {});
        QCOMPARE(requests.load(), 10);
        QCOMPARE(first[7].status, 404);
        QCOMPARE(second[1].status, 404);
        QCOMPARE(second[2].outcome, Outcome::Failed);
        QVERIFY(second[2].detail.startsWith(u"not asked"_s));
    }

    void badServers_data()
    {
        QTest::addColumn<QString>("behaviour");
        QTest::addColumn<QString>("detail");
        QTest::newRow("garbage") << u"garbage"_s << u"an answer that is not HTTP/1"_s;
        QTest::newRow("close") << u"close"_s << u"closed without an answer"_s;
        QTest::newRow("reset") << u"reset"_s << u"connection reset"_s;
        QTest::newRow("3 MB of header") << u"flood"_s << u"a head longer than 64 KiB"_s;
        QTest::newRow("interim answers") << u"interim"_s << u"interim answers without end"_s;
    }
    void badServers()
    {
        QFETCH(const QString, behaviour);
        const HandMade server([&](const Client &client) {
            client.receiveRequest();
            if (behaviour == u"garbage")
                client.send("SSH-2.0-OpenSSH_9.2\r\n");
            else if (behaviour == u"reset")
                client.resetOnClose();
            else if (behaviour == u"flood")
                client.send("HTTP/1.1 200 OK\r\nA: " + QByteArray(3000000, 'x') + "\r\n\r\n");
            else if (behaviour == u"interim")
                client.send("HTTP/1.1 100 Continue\r\n\r\n"_ba.repeated(50));
        });
        QElapsedTimer timer;
        timer.start();
        const auto seen = ask(server.port(), false, {"/", "/console"});
        QCOMPARE(seen.size(), std::size_t(2));
        for (const HttpObservation &one : seen) {
            QCOMPARE(one.outcome, Outcome::Failed);
            QTEST(one.detail, "detail");
        }
        QVERIFY(timer.elapsed() < 2000);
    }

    void slowServersEndInTime_data()
    {
        QTest::addColumn<bool>("drips");
        QTest::newRow("stalls") << false;
        QTest::newRow("one byte at a time") << true;
    }
    void slowServersEndInTime()
    {
        QFETCH(const bool, drips);
        const HandMade server([&](const Client &client) {
            client.receiveRequest();
            for (const char byte : "HTTP/1.1 200 OK\r\nServer: slow"_ba) {
                client.pause(100);
                if (client.stopped() || (drips && !client.send(QByteArray(1, byte))))
                    return;
            }
        });
        QElapsedTimer timer;
        timer.start();
        probe::ErrorBudget budget;
        const auto seen = probe::observeHttp({servers::local(server.port()),
                                              false,
                                              "a.example",
                                              std::vector<QByteArray>(6, "/x"),
                                              {.answer = std::chrono::milliseconds(700)}},
                                             budget, base::systemClock(), {});
        for (const HttpObservation &one : seen)
            QCOMPARE(one.outcome, Outcome::TimedOut);
        QCOMPARE(server.connections(), 2); // after two silent requests the rest is not asked
        QVERIFY(timer.elapsed() < 2500);
    }

    void refusedPort()
    {
        const auto seen = ask(servers::freePort(), false, probe::plainPaths());
        QCOMPARE(seen.size(), probe::plainPaths().size());
        for (const HttpObservation &one : seen)
            QCOMPARE(one.outcome, Outcome::Refused);
    }

    void stopEndsSoon()
    {
        const HandMade server([](const Client &client) { client.pause(60000); });
        std::stop_source source;
        base::Interrupt interrupt;
        interrupt.stop = source.get_token();
        const std::jthread stopper([&source] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            source.request_stop();
        });
        QElapsedTimer timer;
        timer.start();
        probe::ErrorBudget budget;
        const auto seen = probe::observeHttp(
            {servers::local(server.port()), true, "a.example", probe::httpsPaths("r")}, budget,
            base::systemClock(), interrupt);
        QVERIFY(timer.elapsed() < 200 + 500);
        QCOMPARE(seen.size(), std::size_t(6));
        QCOMPARE(seen.back().outcome, Outcome::Failed);
    }

private:
    static std::vector<HttpObservation>
    ask(quint16 port, bool tls, const std::vector<QByteArray> &paths)
    {
        probe::ErrorBudget budget;
        return probe::observeHttp({servers::local(port), tls, "a.example", paths}, budget,
                                  base::systemClock(), {});
    }

    servers::Workshop m_workshop;
    quint16 m_plain = 0;
    quint16 m_tls = 0;
    std::unique_ptr<servers::Program> m_nginx;
};

QObject *makeHttpProbeTest()
{
    return new TestHttpProbe;
}

#include "tst_httpprobe.moc"
