#include "core/probe/clienthello.h"
#include "core/probe/wire.h"
#include "tests/unit/probe/suite.h"

#include <QRandomGenerator>
#include <QtTest>

#include <map>

using namespace Qt::StringLiterals;
using model::TlsVersion;
using probe::ClientHello;
using probe::WireReader;

namespace {

/// A hello taken apart again, by a reader that knows nothing of the writer.
struct Taken
{
    bool sound = false;
    quint16 recordVersion = 0;
    quint16 version = 0;
    QByteArray random;
    QByteArray sessionId;
    std::vector<quint16> suites;
    bool hasExtensions = false;
    std::map<quint16, QByteArray> extensions;
    qsizetype messageSize = 0;
};

Taken takeApart(const QByteArray &record)
{
    Taken taken;
    WireReader outer(record);
    const bool handshake = outer.u8() == 22;
    taken.recordVersion = outer.u16();
    WireReader message(outer.take(outer.u16()));
    taken.messageSize = message.remaining();
    const bool clientHello = message.u8() == 1;
    WireReader body(message.take(message.u24()));
    taken.version = body.u16();
    taken.random = body.take(32).toByteArray();
    taken.sessionId = body.take(body.u8()).toByteArray();
    WireReader suites(body.take(body.u16()));
    while (!suites.bad() && !suites.atEnd())
        taken.suites.push_back(suites.u16());
    const bool onlyNoCompression = body.take(body.u8()).toByteArray() == QByteArray(1, '\0');
    taken.hasExtensions = !body.atEnd();
    bool twice = false;
    if (taken.hasExtensions) {
        WireReader extensions(body.take(body.u16()));
        while (!extensions.bad() && !extensions.atEnd()) {
            const quint16 type = extensions.u16();
            twice |= taken.extensions.contains(type);
            taken.extensions[type] = extensions.take(extensions.u16()).toByteArray();
        }
        twice |= extensions.bad();
    }
    taken.sound = handshake && clientHello && onlyNoCompression && !twice && !outer.bad()
        && outer.atEnd() && !message.bad() && message.atEnd() && !body.bad() && body.atEnd()
        && !suites.bad();
    return taken;
}

const std::vector<TlsVersion> all{TlsVersion::Ssl3, TlsVersion::Tls10, TlsVersion::Tls11,
                                  TlsVersion::Tls12, TlsVersion::Tls13};

bool has(const std::vector<quint16> &suites, quint16 suite)
{
    return std::ranges::find(suites, suite) != suites.end();
}

} // namespace

class TestClientHello : public QObject
{
    Q_OBJECT

private slots:
    void everyVersionSaysItsOwnNumber()
    {
        const std::map<TlsVersion, std::pair<quint16, quint16>> expected{
            {TlsVersion::Ssl3, {0x0300, 0x0300}},  {TlsVersion::Tls10, {0x0301, 0x0301}},
            {TlsVersion::Tls11, {0x0301, 0x0302}}, {TlsVersion::Tls12, {0x0301, 0x0303}},
            {TlsVersion::Tls13, {0x0301, 0x0303}},
        };
        for (const auto &[version, numbers] : expected) {
            const Taken taken
                = takeApart(writeClientHello(probe::freshHello(version, "a.example")));
            QVERIFY(taken.sound);
            QCOMPARE(taken.recordVersion, numbers.first);
            QCOMPARE(taken.version, numbers.second);
        }
    }

    void onlyTls13NamesItselfInAnExtension()
    {
        for (const TlsVersion version : all) {
            const Taken taken
                = takeApart(writeClientHello(probe::freshHello(version, "a.example")));
            const bool named = version == TlsVersion::Tls13;
            QCOMPARE(taken.extensions.contains(43), named);
            QCOMPARE(taken.extensions.contains(51), named);
            QCOMPARE(taken.extensions.contains(13), version >= TlsVersion::Tls12);
            QCOMPARE(taken.hasExtensions, version != TlsVersion::Ssl3);
            if (named)
                QCOMPARE(taken.extensions.at(43), QByteArray::fromHex("020304"));
        }
    }

    void brokenSuitesAreOffered()
    {
        for (const TlsVersion version : all) {
            const Taken taken
                = takeApart(writeClientHello(probe::freshHello(version, "a.example")));
            const bool old = version != TlsVersion::Tls13;
            QCOMPARE(has(taken.suites, 0x0005), old); // RC4
            QCOMPARE(has(taken.suites, 0x000a), old); // 3DES
            QCOMPARE(has(taken.suites, 0x002f), old); // AES-CBC with RSA key transport
            QCOMPARE(has(taken.suites, 0x00ff), old); // renegotiation
            QCOMPARE(has(taken.suites, 0xc02f), version == TlsVersion::Tls12);
            QCOMPARE(has(taken.suites, 0x1301), version == TlsVersion::Tls13);
        }
    }

    void noSuiteTwice()
    {
        for (const TlsVersion version : all) {
            std::vector<quint16> suites = probe::offeredSuites(version);
            std::ranges::sort(suites);
            QVERIFY(std::ranges::adjacent_find(suites) == suites.end());
        }
    }

    void freshPartsAreFresh()
    {
        const ClientHello one = probe::freshHello(TlsVersion::Tls13, "a.example");
        const ClientHello other = probe::freshHello(TlsVersion::Tls13, "a.example");
        QVERIFY(one.random != other.random);
        QVERIFY(one.keyShare != other.keyShare);
        QVERIFY(one.sessionId != other.sessionId);
    }

    void anyInputGivesASoundHello()
    {
        QRandomGenerator random(20260704);
        for (int run = 0; run < 5000; ++run) {
            ClientHello hello = probe::freshHello(all[random.bounded(quint32(all.size()))],
                                                  QByteArray(random.bounded(254), 'a'));
            for (int i = random.bounded(4); i > 0; --i)
                hello.protocols.push_back(QByteArray(1 + random.bounded(30), 'p'));
            const QByteArray record = writeClientHello(hello);
            const Taken taken = takeApart(record);
            QVERIFY(taken.sound);
            QVERIFY(record.size() <= 2048);
            QCOMPARE(taken.random, hello.random);
            QCOMPARE(taken.sessionId, hello.sessionId);
            if (hello.version == TlsVersion::Ssl3)
                continue;
            // Hellos of 256 to 511 bytes stall some load balancers.
            QVERIFY(taken.messageSize < 256 || taken.messageSize >= 512);
            QCOMPARE(taken.extensions.contains(0), !hello.serverName.isEmpty());
            QCOMPARE(taken.extensions.contains(16), !hello.protocols.empty());
            if (!hello.serverName.isEmpty())
                QVERIFY(taken.extensions.at(0).endsWith(hello.serverName));
        }
    }
};

QObject *makeClientHelloTest()
{
    return new TestClientHello;
}

#include "tst_clienthello.moc"
