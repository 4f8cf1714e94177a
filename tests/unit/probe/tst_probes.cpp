#include "core/probe/probe.h"
#include "core/probe/resolver.h"
#include "core/probe/vantage.h"
#include "tests/unit/probe/servers.h"
#include "tests/unit/probe/suite.h"

#include <QElapsedTimer>
#include <QtTest>

#include <map>
#include <mutex>

using namespace Qt::StringLiterals;
using probe::Plan;
using probe::Probes;
using servers::Client;
using servers::HandMade;

/// The façade on loopback, where the SSH address lies in the loopback range as well.
class TestProbes : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_workshop.make({.name = u"site"_s,
                                 .subject = u"/CN=a.example"_s,
                                 .alternativeNames = u"DNS:a.example"_s}));
    }

    void theWholeWay()
    {
        const quint16 plain = servers::freePort();
        const quint16 tls = servers::freePort();
        const auto nginx = servers::nginx(m_workshop, site(plain, tls), plain);
        QVERIFY(nginx->isUp());
        const HandMade ssh([](const Client &) { });
        Plan plan = planFor(plain, tls);
        plan.sshPort = ssh.port();
        auto probes = Probes::prepare(plan, base::systemClock(), {});
        QVERIFY(probes);

        const model::Outside first = probes->observeWire(std::nullopt, {});
        QVERIFY(first.asked);
        QCOMPARE(first.tls.size(), std::size_t(1));
        QCOMPARE(first.tls[0].serverName, QString());
        QVERIFY(!first.tls[0].nameMatches);
        QVERIFY(first.http.empty()); // a name may still come
        QVERIFY(first.refused.empty());

        const model::Outside second
            = probes->observeWire(names({u"a.example"_s, u"not a name"_s}), {});
        QCOMPARE(second.tls.size(), std::size_t(1));
        QCOMPARE(second.tls[0].serverName, u"a.example"_s);
        QVERIFY(second.tls[0].nameMatches);
        QCOMPARE(second.tls[0].versions.size(), std::size_t(5));
        QCOMPARE(second.http.size(), probe::plainPaths().size() + probe::httpsPaths({}).size());
        QCOMPARE(second.http.front().scheme, u"http"_s);
        QCOMPARE(second.http.front().status, 301);
        QCOMPARE(second.http.back().scheme, u"https"_s);
        QCOMPARE(second.http.back().status, 200);
        QCOMPARE(second.refused,
                 (std::vector<model::RefusedPlace>{
                     {base::UntrustedText(QByteArray("not a name")), {}, u"not a DNS name"_s}}));

        const model::Outside third
            = probes->observeWire(names({u"a.example"_s, u"not a name"_s}), {});
        QVERIFY(third.tls.empty());
        QVERIFY(third.http.empty());
        QVERIFY(third.refused.empty());

        const quint16 closed = servers::freePort();
        const auto ports = probes->observePorts({plain, closed, ssh.port(), plain}, {});
        QStringList seen;
        for (const model::PortObservation &one : ports)
            seen << u"%1 %2"_s.arg(one.port).arg(int(one.outcome));
        using Outcome = model::PortObservation::Outcome;
        QVERIFY(seen.contains(u"%1 %2"_s.arg(plain).arg(int(Outcome::Open))));
        QVERIFY(seen.contains(u"%1 %2"_s.arg(closed).arg(int(Outcome::Refused))));
        QCOMPARE(seen.size(), 4); // with 80 and 443, each once
        QCOMPARE(ssh.connections(), 0);
        for (const model::PortObservation &one : ports)
            QVERIFY(one.control);
    }

    void atMostTenErrorAnswersInAll()
    {
        std::atomic<int> requests = 0;
        const HandMade server([&](const Client &client) {
            while (!client.receiveRequest().isEmpty()) {
                ++requests;
                client.send("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
            }
        });
        Plan plan = planFor(server.port(), servers::freePort());
        auto probes = Probes::prepare(plan, base::systemClock(), {});
        QVERIFY(probes);
        (void)probes->observeWire(std::nullopt, {});
        (void)probes->observeWire(names({u"a.example"_s, u"b.example"_s, u"c.example"_s}), {});
        QCOMPARE(requests.load(), 10);
    }

    void eachNameHasItsPartOfTheErrorAnswers()
    {
        std::mutex mutex;
        std::map<QByteArray, int> answers;
        const HandMade server([&](const Client &client) {
            for (QByteArray head; !(head = client.receiveRequest()).isEmpty();) {
                const QByteArray host = head.mid(head.indexOf("Host: ") + 6).split(':').front();
                const bool hardened = host != "open.example";
                const std::lock_guard lock(mutex);
                ++answers[host];
                client.send(hardened ? "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"
                                     : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        Plan plan = planFor(server.port(), servers::freePort());
        plan.sshHost = u"default.example"_s;
        auto probes = Probes::prepare(plan, base::systemClock(), {});
        QVERIFY(probes);
        (void)probes->observeWire(std::nullopt, {});
        (void)probes->observeWire(names({u"a.example"_s, u"open.example"_s, u"z.example"_s}), {});
        // The default virtual host is not asked where a better name is known.
        QCOMPARE(answers["default.example"], 0);
        QCOMPARE(answers["a.example"], 4);
        QCOMPARE(answers["open.example"], int(probe::plainPaths().size()));
        QCOMPARE(answers["z.example"],
                 int(probe::plainPaths().size())); // with what the second left
    }

    void withoutNamesTheSshHostIsAsked()
    {
        std::atomic<int> requests = 0;
        const HandMade server([&](const Client &client) {
            while (!client.receiveRequest().isEmpty()) {
                ++requests;
                client.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        auto probes
            = Probes::prepare(planFor(server.port(), servers::freePort()), base::systemClock(), {});
        QVERIFY(probes);
        (void)probes->observeWire(std::nullopt, {});
        QCOMPARE(requests.load(), 0);
        (void)probes->observeWire(names({}), {});
        QCOMPARE(requests.load(), int(probe::plainPaths().size()));
    }

    void aPinnedPublicNameIsAskedOnce()
    {
        std::atomic<int> roots = 0;
        const HandMade server([&](const Client &client) {
            for (QByteArray head; !(head = client.receiveRequest()).isEmpty();) {
                roots += head.startsWith("GET / ") ? 1 : 0;
                client.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        Plan plan = planFor(server.port(), servers::freePort());
        plan.publicName = u"app.example.org"_s;
        plan.pinned = {{plan.publicName, server.port(), plan.address}};
        auto probes = Probes::prepare(plan, base::systemClock(), {});
        QVERIFY(probes);
        (void)probes->observeWire(std::nullopt, {});
        (void)probes->observeWire(names({plan.publicName}), {});
        QCOMPARE(roots.load(), 1);
    }

    void atMostFourConnectionsInAll()
    {
        const HandMade server([](const Client &client) {
            client.receive(100);
            client.pause(50);
        });
        auto probes
            = Probes::prepare(planFor(server.port(), server.port()), base::systemClock(), {});
        QVERIFY(probes);
        (void)probes->observeWire(names({u"a.example"_s, u"b.example"_s}), {});
        QVERIFY(server.connections() > 10);
        QVERIFY(server.mostAtOnce() <= 4);
    }

    void refusedTargetsGetNoPacket()
    {
        const HandMade server([](const Client &) { });
        Plan plan = planFor(server.port(), server.port());
        plan.address = u"192.0.2.1"_s; // nowhere; and loopback is not its range
        plan.publicName = u"localhost"_s;
        plan.pinned = {{u"a.example"_s, server.port(), u"127.0.0.1"_s}};
        auto probes = Probes::prepare(plan, base::systemClock(), {});
        QVERIFY(probes);
        const base::Interrupt brief = base::Interrupt{}.within(std::chrono::milliseconds(800));
        const model::Outside outside = probes->observeWire(names({u"localhost"_s}), brief);
        (void)probes->observePorts({server.port()},
                                   base::Interrupt{}.within(std::chrono::milliseconds(800)));
        QCOMPARE(server.connections(), 0);
        QVERIFY(outside.refused.size() >= 2);
        const model::RefusedPlace expected{
            base::UntrustedText(QByteArray("a.example")), u"127.0.0.1"_s,
            u"the address lies in the loopback range, the SSH address does not"_s};
        QVERIFY(std::ranges::find(outside.refused, expected) != outside.refused.end());
    }

    void stopEndsSoon()
    {
        const HandMade server([](const Client &client) { client.pause(60000); });
        auto probes
            = Probes::prepare(planFor(server.port(), server.port()), base::systemClock(), {});
        QVERIFY(probes);
        std::stop_source source;
        base::Interrupt interrupt;
        interrupt.stop = source.get_token();
        const std::jthread stopper([&source] {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            source.request_stop();
        });
        QElapsedTimer timer;
        timer.start();
        const model::Outside outside
            = probes->observeWire(names({u"a.example"_s, u"b.example"_s}), interrupt);
        QVERIFY(timer.elapsed() < 300 + 500);
        QCOMPARE(outside.tls.size(), std::size_t(2));
    }

    void plansThatCannotBe()
    {
        Plan named = planFor(80, 443);
        named.address = u"a.example"_s;
        QCOMPARE(Probes::prepare(named, base::systemClock(), {}).error().kind,
                 base::ErrorKind::BadInput);
        Plan authority = planFor(80, 443);
        authority.caFile = u"/nowhere/ca.pem"_s;
        QCOMPARE(Probes::prepare(authority, base::systemClock(), {}).error().kind,
                 base::ErrorKind::FileUnreadable);
        Plan nowhere = planFor(80, 443);
        nowhere.publicName = u"nowhere.invalid"_s;
        QCOMPARE(Probes::prepare(nowhere, base::systemClock(), {}).error().kind,
                 base::ErrorKind::NameNotFound);
    }

    void resolving()
    {
        const auto local = probe::resolveName("localhost", {});
        QVERIFY(local);
        QVERIFY(std::ranges::find(*local, *probe::parseAddress(u"127.0.0.1"_s)) != local->end());
        std::stop_source source;
        source.request_stop();
        base::Interrupt stopped;
        stopped.stop = source.get_token();
        QElapsedTimer timer;
        timer.start();
        (void)probe::resolveName("slow.invalid", stopped);
        QVERIFY(timer.elapsed() < 500);
    }

    void vantage()
    {
        const auto local = probe::lookAround(*probe::parseAddress(u"127.0.0.1"_s), false);
        QCOMPARE(local.route, u"direct"_s);
        QVERIFY(std::ranges::find(local.families, model::AddressFamily::IPv4)
                != local.families.end());
        QVERIFY(std::ranges::find(local.addresses, u"127.0.0.1"_s) == local.addresses.end());
        // Of a family the address of the route alone: the way to loopback has none of ours.
        QVERIFY(std::ranges::none_of(local.addresses, [](const QString &address) {
            return probe::parseAddress(address)->family == model::AddressFamily::IPv4;
        }));
        const auto far = probe::lookAround(*probe::parseAddress(u"198.41.0.4"_s), false);
        QVERIFY(std::ranges::count_if(far.addresses,
                                      [](const QString &address) {
                                          return probe::parseAddress(address)->family
                                              == model::AddressFamily::IPv4;
                                      })
                <= 1);
        QCOMPARE(probe::lookAround(*probe::parseAddress(u"127.0.0.1"_s), true).route, u"jump"_s);
        for (const char *tunnel : {"tun0", "wg1", "ppp0", "tailscale0", "utun4", "tap0"})
            QVERIFY(probe::isTunnelName(tunnel));
        for (const char *plain : {"eth0", "enp3s0", "wlan0", "wlp2s0", "br-12ab", "docker0", "lo"})
            QVERIFY(!probe::isTunnelName(plain));
    }

private:
    static std::optional<std::vector<QString>> names(std::vector<QString> list) { return list; }

    static Plan planFor(quint16 plain, quint16 tls)
    {
        Plan plan;
        plan.address = u"127.0.0.1"_s;
        plan.sshPort = 22;
        plan.sshHost = u"127.0.0.1"_s;
        plan.plainPorts = {plain};
        plan.tlsPorts = {tls};
        return plan;
    }

    QString site(quint16 plain, quint16 tls) const
    {
        return u"server { listen 127.0.0.1:%1; return 301 https://a.example$request_uri; }\n"
               "server { listen 127.0.0.1:%2 ssl; ssl_certificate %3; ssl_certificate_key %4; "
               "return 200; }\n"_s.arg(plain)
                   .arg(tls)
                   .arg(m_workshop.certificate(u"site"_s), m_workshop.key(u"site"_s));
    }

    servers::Workshop m_workshop;
};

QObject *makeProbesTest()
{
    return new TestProbes;
}

#include "tst_probes.moc"
