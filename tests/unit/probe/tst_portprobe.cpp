#include "core/probe/portprobe.h"
#include "tests/unit/probe/servers.h"
#include "tests/unit/probe/suite.h"

#include <QElapsedTimer>
#include <QtTest>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using model::PortObservation;
using servers::Client;
using servers::HandMade;
using Outcome = model::PortObservation::Outcome;

namespace {

PortObservation port(const QString &address, quint16 number, Outcome outcome)
{
    PortObservation one;
    one.address = address;
    one.port = number;
    one.outcome = outcome;
    return one;
}

} // namespace

class TestPortProbe : public QObject
{
    Q_OBJECT

private slots:
    void openAndRefused()
    {
        const HandMade server([](const Client &) { });
        const quint16 closed = servers::freePort();
        const auto seen = probe::observePorts(
            {servers::local(server.port()), servers::local(closed)}, base::systemClock(), {});
        QCOMPARE(seen[0].outcome, Outcome::Open);
        QCOMPARE(seen[0].port, server.port());
        QCOMPARE(seen[1].outcome, Outcome::Refused);
        QCOMPARE(seen[1].detail, u"connection refused"_s);
        QVERIFY(seen[1].at.isValid());
    }

    void silenceIsNoAnswer()
    {
        // A listener whose queue is full drops further connections, as a firewall does.
        const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        QCOMPARE(::bind(listener, reinterpret_cast<sockaddr *>(&address), size), 0);
        QCOMPARE(::listen(listener, 0), 0);
        QCOMPARE(::getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size), 0);
        std::vector<int> filling;
        for (int i = 0; i < 3; ++i) {
            filling.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            (void)::connect(filling.back(), reinterpret_cast<sockaddr *>(&address), size);
        }
        QTest::qWait(100);
        QElapsedTimer timer;
        timer.start();
        const auto endpoint = servers::local(ntohs(address.sin_port));
        const auto seen = probe::observePorts({endpoint}, base::systemClock(), {});
        const qint64 took = timer.elapsed();
        // The same silence, cut by the audit's own end, says nothing.
        const auto hurried
            = probe::observePorts({endpoint}, base::systemClock(),
                                  base::Interrupt{}.within(std::chrono::milliseconds(200)));
        for (const int descriptor : filling)
            ::close(descriptor);
        ::close(listener);
        QCOMPARE(seen[0].outcome, Outcome::NoAnswer);
        QVERIFY(took < 2500);
        QCOMPARE(hurried[0].outcome, Outcome::Failed);
    }

    void fourAtOnceAndStopped()
    {
        std::stop_source source;
        base::Interrupt interrupt;
        interrupt.stop = source.get_token();
        source.request_stop();
        const HandMade server([](const Client &) { });
        const auto seen
            = probe::observePorts(std::vector<probe::Endpoint>(20, servers::local(server.port())),
                                  base::systemClock(), interrupt);
        QCOMPARE(seen.size(), std::size_t(20));
        QCOMPARE(seen.front().outcome, Outcome::Failed);
        QCOMPARE(server.connections(), 0);
    }

    void controls()
    {
        const QString here = u"192.0.2.1"_s;
        const QString there = u"2001:db8::1"_s;
        std::vector<PortObservation> seen{
            port(here, 80, Outcome::Open),
            port(here, 5432, Outcome::NoAnswer),
            port(there, 5432, Outcome::NoAnswer),
            port(there, 80, Outcome::Refused),
        };
        probe::markControls(seen, {});
        QVERIFY(!seen[0].control); // its own answer is no control
        QVERIFY(seen[1].control);
        QVERIFY(!seen[2].control); // another address, though the same machine
        QVERIFY(!seen[3].control);
        probe::markControls(seen, {{*probe::parseAddress(there), 22}});
        QVERIFY(seen[2].control);
        QVERIFY(seen[3].control);
        QVERIFY(!seen[0].control);
        probe::markControls(seen, {{*probe::parseAddress(there), 5432}});
        QVERIFY(!seen[2].control); // the port itself
    }
};

QObject *makePortProbeTest()
{
    return new TestPortProbe;
}

#include "tst_portprobe.moc"
