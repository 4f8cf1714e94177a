#include "core/probe/tlsprobe.h"
#include "core/probe/wire.h"
#include "tests/unit/probe/servers.h"
#include "tests/unit/probe/suite.h"

#include <QElapsedTimer>
#include <QtTest>

#include <openssl/x509_vfy.h>

using namespace Qt::StringLiterals;
using model::Offer;
using model::TlsObservation;
using model::TlsVersion;
using model::TlsVersionOffer;
using servers::Client;
using servers::HandMade;

namespace {

const QString everything = u"ALL:COMPLEMENTOFALL@SECLEVEL=0"_s;

TlsVersionOffer offerOf(const TlsObservation &seen, TlsVersion version)
{
    const auto offer = std::ranges::find(seen.versions, version, &TlsVersionOffer::version);
    return offer == seen.versions.end() ? TlsVersionOffer{} : *offer;
}

/// "ssl3 1.0 1.1 1.2 1.3" as letters: A accepted, R refused, ? unknown.
QString letters(const TlsObservation &seen, bool witness = false)
{
    QString text;
    for (const TlsVersionOffer &offer : seen.versions) {
        const Offer one = witness ? offer.witness : offer.offer;
        text += one == Offer::Accepted ? u'A' : one == Offer::Refused ? u'R' : u'?';
    }
    return text;
}

QByteArray cannedHello(unsigned version, unsigned suite)
{
    QByteArray body;
    probe::put16(body, version);
    body += QByteArray(32, 'r');
    probe::put8(body, 0);
    probe::put16(body, suite);
    probe::put8(body, 0);
    QByteArray message(1, 2);
    probe::putVector(message, 3, body);
    QByteArray record(1, 22);
    probe::put16(record, version);
    probe::putVector(record, 2, message);
    return record;
}

} // namespace

class TestTlsProbe : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const QStringList rsa{u"-algorithm"_s, u"RSA"_s, u"-pkeyopt"_s, u"rsa_keygen_bits:2048"_s};
        QVERIFY(m_workshop.make({.name = u"rsa"_s,
                                 .subject = u"/CN=a.example"_s,
                                 .alternativeNames = u"DNS:a.example"_s,
                                 .key = rsa}));
        QVERIFY(m_workshop.make({.name = u"expired"_s,
                                 .subject = u"/CN=a.example"_s,
                                 .alternativeNames = u"DNS:a.example"_s,
                                 .firstDay = -400,
                                 .lastDay = -30,
                                 .key = rsa}));
        QVERIFY(m_workshop.make({.name = u"cnonly"_s, .subject = u"/CN=a.example"_s, .key = rsa}));
        QVERIFY(m_workshop.make({.name = u"ec"_s,
                                 .subject = u"/CN=a.example"_s,
                                 .alternativeNames = u"DNS:other.example"_s}));
        QVERIFY(
            m_workshop.make({.name = u"ca"_s, .subject = u"/CN=House CA"_s, .authority = true}));
        QVERIFY(m_workshop.make({.name = u"leaf"_s,
                                 .subject = u"/CN=leaf"_s,
                                 .alternativeNames = u"DNS:a.example,IP:127.0.0.1"_s,
                                 .issuer = u"ca"_s}));
    }

    void versionsOfRealServers_data()
    {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("own"); // SSL 3, TLS 1.0, 1.1, 1.2, 1.3
        QTest::addColumn<QString>("witness");
        const QStringList weak{u"-cipher"_s, everything};
        QTest::newRow("1.0 alone")
            << u"rsa"_s << weak + QStringList{u"-tls1"_s} << u"RA??R"_s << u"?A??R"_s;
        QTest::newRow("1.1 alone")
            << u"rsa"_s << weak + QStringList{u"-tls1_1"_s} << u"RRA?R"_s << u"?RA?R"_s;
        QTest::newRow("1.2 alone")
            << u"rsa"_s << QStringList{u"-tls1_2"_s} << u"RRRAR"_s << u"?RRAR"_s;
        QTest::newRow("1.3 alone")
            << u"ec"_s << QStringList{u"-tls1_3"_s} << u"RRRRA"_s << u"?RRRA"_s;
        QTest::newRow("1.0 to 1.3") << u"rsa"_s << weak << u"RAAAA"_s << u"?AAAA"_s;
        // The versions stand in the configuration, and the security level forbids them.
        QTest::newRow("level 2") << u"rsa"_s << QStringList{u"-cipher"_s, u"ALL@SECLEVEL=2"_s}
                                 << u"RRRAA"_s << u"?RRAA"_s;
        QTest::newRow("client certificate wanted")
            << u"rsa"_s << weak + QStringList{u"-Verify"_s, u"1"_s, u"-verify_return_error"_s}
            << u"RAAAA"_s << u"?AAAA"_s;
        QTest::newRow("one odd suite")
            << u"rsa"_s
            << QStringList{u"-tls1_2"_s, u"-cipher"_s, u"ARIA128-GCM-SHA256@SECLEVEL=0"_s}
            << u"RRRAR"_s << u"?RRAR"_s;
        QTest::newRow("retry over the group")
            << u"ec"_s << QStringList{u"-tls1_3"_s, u"-groups"_s, u"P-384"_s} << u"RRRRA"_s
            << u"?RRRA"_s;
    }
    void versionsOfRealServers()
    {
        QFETCH(const QString, certificate);
        QFETCH(const QStringList, arguments);
        const quint16 port = servers::freePort();
        const auto server = servers::tlsServer(m_workshop, certificate, port, arguments);
        QVERIFY(server->isUp());
        const TlsObservation seen = observe(port);
        QVERIFY(seen.connected);
        QVERIFY(seen.chainRead);
        QTEST(letters(seen), "own");
        QTEST(letters(seen, true), "witness");
        for (const TlsVersionOffer &offer : seen.versions)
            QCOMPARE(offer.suite != 0, offer.offer == Offer::Accepted);
    }

    void tls10AloneIsFound()
    {
        // A library client at its defaults takes this server for one without TLS.
        const quint16 port = servers::freePort();
        const auto server = servers::tlsServer(m_workshop, u"rsa"_s, port,
                                               {u"-tls1"_s, u"-cipher"_s, everything});
        const TlsObservation seen = observe(port);
        QCOMPARE(offerOf(seen, TlsVersion::Tls10).offer, Offer::Accepted);
        // Asked for 1.2 it chooses 1.0 and alerts nothing; asked for 1.3 alone it has to alert.
        QCOMPARE(offerOf(seen, TlsVersion::Tls12).detail, u"answered with TLS 1.0"_s);
        QCOMPARE(offerOf(seen, TlsVersion::Tls13).detail, u"alert protocol_version (70)"_s);
    }

    void suitesNoLibraryHereKnows_data()
    {
        QTest::addColumn<int>("version");
        QTest::addColumn<int>("suite");
        QTest::newRow("SSL 3 with RC4") << 0x0300 << 0x0005;
        QTest::newRow("TLS 1.0 with RC4") << 0x0301 << 0x0004;
        QTest::newRow("TLS 1.0 with 3DES") << 0x0301 << 0x000a;
        QTest::newRow("TLS 1.2 with ECDHE and RC4") << 0x0303 << 0xc011;
    }
    void suitesNoLibraryHereKnows()
    {
        QFETCH(const int, version);
        QFETCH(const int, suite);
        // It speaks one version and one suite, and alerts at anything else.
        const HandMade server([&](const Client &client) {
            const QByteArray hello = client.receive();
            const bool fits = hello.size() > 11 && quint8(hello[10]) == (version & 0xff)
                && !hello.contains(QByteArray::fromHex("002b0003020304"));
            client.send(fits ? cannedHello(unsigned(version), unsigned(suite))
                             : QByteArray::fromHex("15030100020246"));
        });
        const TlsObservation seen = observe(server.port());
        for (const TlsVersionOffer &offer : seen.versions) {
            const bool spoken = int(offer.version) == version;
            QCOMPARE(offer.offer, spoken ? Offer::Accepted : Offer::Refused);
            QCOMPARE(int(offer.suite), spoken ? suite : 0);
        }
        QVERIFY(!seen.chainRead);
    }

    void aLowerAnswerProvesTheLowerVersion()
    {
        // It answers every hello with TLS 1.0 and never alerts.
        const HandMade server([](const Client &client) {
            client.receive();
            client.send(cannedHello(0x0301, 0x0035));
        });
        const TlsObservation seen = observe(server.port());
        QCOMPARE(letters(seen), u"?A???"_s);
        QCOMPARE(offerOf(seen, TlsVersion::Tls12).detail, u"answered with TLS 1.0"_s);
    }

    void internalErrorAloneIsNoRefusal()
    {
        // Trouble for hellos with our wide list, an answer for OpenSSL's.
        const HandMade server([](const Client &client) {
            const QByteArray hello = client.receive();
            const bool own = hello.contains(QByteArray::fromHex("00050004")); // RC4
            if (own)
                client.send(QByteArray::fromHex("15030100020250"));
        });
        const TlsObservation seen = observe(server.port());
        QCOMPARE(letters(seen).left(4), u"????"_s);
        QCOMPARE(offerOf(seen, TlsVersion::Tls10).detail, u"alert internal_error (80)"_s);
    }

    void everythingButAnAlertIsUnknown_data()
    {
        QTest::addColumn<QString>("behaviour");
        for (const char *name : {"garbage", "http", "close", "reset", "half", "warning", "name"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void everythingButAnAlertIsUnknown()
    {
        QFETCH(const QString, behaviour);
        const HandMade server([&](const Client &client) {
            client.receive();
            if (behaviour == u"garbage")
                client.send(QByteArray(5000, '\xff'));
            else if (behaviour == u"http")
                client.send("HTTP/1.1 400 Bad Request\r\n\r\n");
            else if (behaviour == u"reset")
                client.resetOnClose();
            else if (behaviour == u"half")
                client.send(cannedHello(0x0303, 0xc02f).first(20));
            else if (behaviour == u"warning")
                client.send(QByteArray::fromHex("15030100020100"));
            else if (behaviour == u"name")
                client.send(QByteArray::fromHex("15030100020270")); // fatal unrecognized_name
        });
        const TlsObservation seen = observe(server.port());
        QVERIFY(seen.connected);
        QVERIFY(!seen.chainRead);
        QCOMPARE(letters(seen), u"?????"_s);
        for (const TlsVersionOffer &offer : seen.versions) {
            QVERIFY(!offer.detail.isEmpty());
            QVERIFY(offer.witness != Offer::Refused);
        }
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
        const QByteArray hello = cannedHello(0x0301, 0x0005);
        const HandMade server([&](const Client &client) {
            client.receive();
            for (const char byte : drips ? hello : QByteArray(100, 'x')) {
                client.pause(100);
                if (client.stopped() || (drips && !client.send(QByteArray(1, byte))))
                    return;
            }
        });
        QElapsedTimer timer;
        timer.start();
        const auto answer = probe::askVersion({servers::local(server.port()),
                                               "a.example",
                                               {.answer = std::chrono::milliseconds(700)}},
                                              TlsVersion::Tls10, {});
        QCOMPARE(answer.offer, Offer::Unknown);
        QCOMPARE(answer.detail, u"no answer in time"_s);
        QVERIFY(timer.elapsed() >= 700);
        QVERIFY(timer.elapsed() < 1500);
    }

    void refusedPortsAreNotAskedFurther()
    {
        const TlsObservation seen = observe(servers::freePort());
        QVERIFY(!seen.connected);
        QCOMPARE(seen.detail, u"connection refused"_s);
        QCOMPARE(letters(seen), u"?????"_s);
        QCOMPARE(offerOf(seen, TlsVersion::Tls10).detail, u"connection refused"_s);
    }

    void fourConnectionsAtOnce()
    {
        const HandMade server([](const Client &client) {
            client.receive();
            client.pause(150);
        });
        observe(server.port());
        QVERIFY(server.mostAtOnce() <= 4);
        QCOMPARE(server.connections(), 1 + 5 + 4); // chain, own hellos, OpenSSL without SSL 3
    }

    void stopEndsSoon()
    {
        const HandMade server([](const Client &client) {
            client.receive();
            client.pause(60000);
        });
        std::stop_source source;
        base::Interrupt interrupt;
        interrupt.stop = source.get_token();
        const std::jthread stopper([&source] {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            source.request_stop();
        });
        QElapsedTimer timer;
        timer.start();
        const TlsObservation seen = observe(server.port(), "a.example", {}, interrupt);
        QVERIFY(timer.elapsed() < 300 + 500);
        QCOMPARE(letters(seen), u"?????"_s);
    }

    void chains_data()
    {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<bool>("withCa");
        QTest::addColumn<bool>("nameMatches");
        QTest::addColumn<bool>("trustedByGivenCa");
        QTest::addColumn<QList<int>>("codes");
        QTest::newRow("self-signed") << u"rsa"_s << false << true << false
                                     << QList<int>{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT};
        QTest::newRow("expired") << u"expired"_s << false << true << false
                                 << QList<int>{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
                                               X509_V_ERR_CERT_HAS_EXPIRED};
        QTest::newRow("name in the CN only")
            << u"cnonly"_s << false << false << false
            << QList<int>{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_HOSTNAME_MISMATCH};
        QTest::newRow("other name in the SAN")
            << u"ec"_s << false << false << false
            << QList<int>{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_HOSTNAME_MISMATCH};
        QTest::newRow("private CA, given") << u"leaf"_s << true << true << true << QList<int>{};
        QTest::newRow("private CA, unknown")
            << u"leaf"_s << false << true << false
            << QList<int>{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                          X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE};
    }
    void chains()
    {
        QFETCH(const QString, certificate);
        QFETCH(const bool, withCa);
        const quint16 port = servers::freePort();
        const auto server = servers::tlsServer(m_workshop, certificate, port, {});
        QVERIFY(server->isUp());
        const TlsObservation seen
            = observe(port, "a.example", withCa ? m_workshop.certificate(u"ca"_s) : QString());
        QVERIFY(seen.chainRead);
        QCOMPARE(seen.chain.size(), std::size_t(1));
        QTEST(seen.nameMatches, "nameMatches");
        QTEST(seen.trustedByGivenCa, "trustedByGivenCa");
        QList<int> codes;
        for (const model::ChainProblem &problem : seen.problems)
            codes << problem.code;
        QTEST(codes, "codes");
    }

    void withoutANameTheAddressIsMatched()
    {
        const quint16 port = servers::freePort();
        const auto server = servers::tlsServer(m_workshop, u"leaf"_s, port, {});
        const TlsObservation seen = observe(port, {});
        QVERIFY(seen.nameMatches);
        QCOMPARE(seen.serverName, QString());
        QCOMPARE(seen.address, u"127.0.0.1"_s);
    }

    void nameTravelsAsSni()
    {
        // A second certificate for that name alone.
        const quint16 port = servers::freePort();
        const auto server = servers::tlsServer(m_workshop, u"rsa"_s, port,
                                               {u"-servername"_s, u"named.example"_s, u"-cert2"_s,
                                                m_workshop.certificate(u"ec"_s), u"-key2"_s,
                                                m_workshop.key(u"ec"_s)});
        QVERIFY(server->isUp());
        QCOMPARE(observe(port, "named.example").chain.front().keyType, u"EC P-256"_s);
        QCOMPARE(observe(port, "a.example").chain.front().keyType, u"RSA 2048"_s);
    }

private:
    static TlsObservation observe(quint16 port,
                                  const QByteArray &name = "a.example",
                                  const QString &caFile = {},
                                  const base::Interrupt &interrupt = {})
    {
        const auto trust = probe::Trust::load(caFile);
        if (!trust)
            return {};
        return probe::observeTls({servers::local(port), name}, *trust, base::systemClock(),
                                 interrupt);
    }

    servers::Workshop m_workshop;
};

QObject *makeTlsProbeTest()
{
    return new TestTlsProbe;
}

#include "tst_tlsprobe.moc"
