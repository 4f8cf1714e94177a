#include "core/probe/clienthello.h"
#include "core/probe/serverhello.h"
#include "core/probe/wire.h"
#include "tests/unit/probe/suite.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace Qt::StringLiterals;
using model::Offer;
using model::TlsVersion;
using probe::ServerReply;
using Kind = probe::ServerReply::Kind;

namespace {

QByteArray record(int type, const QByteArray &body, unsigned version = 0x0303)
{
    QByteArray bytes;
    probe::put8(bytes, unsigned(type));
    probe::put16(bytes, version);
    probe::putVector(bytes, 2, body);
    return bytes;
}

QByteArray alert(int level, int code)
{
    QByteArray body;
    probe::put8(body, unsigned(level));
    probe::put8(body, unsigned(code));
    return record(21, body);
}

QByteArray helloBody(unsigned version,
                     unsigned suite,
                     const QByteArray &extensions = {},
                     QByteArray random = QByteArray(32, 'r'))
{
    QByteArray body;
    probe::put16(body, version);
    body += random;
    probe::putVector(body, 1, QByteArray(8, 's'));
    probe::put16(body, suite);
    probe::put8(body, 0);
    if (!extensions.isEmpty())
        probe::putVector(body, 2, extensions);
    return body;
}

QByteArray message(const QByteArray &body)
{
    QByteArray bytes(1, 2);
    probe::putVector(bytes, 3, body);
    return bytes;
}

QByteArray hello(unsigned version, unsigned suite, const QByteArray &extensions = {})
{
    return record(22, message(helloBody(version, suite, extensions)));
}

QByteArray extension(unsigned type, const QByteArray &body)
{
    QByteArray bytes;
    probe::put16(bytes, type);
    probe::putVector(bytes, 2, body);
    return bytes;
}

const QByteArray names13 = extension(43, QByteArray::fromHex("0304"));
const QByteArray retryRandom
    = QByteArray::fromHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

} // namespace

class TestServerHello : public QObject
{
    Q_OBJECT

private slots:
    void readsTheChoice_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("version");
        QTest::addColumn<int>("suite");
        QTest::newRow("SSL 3 with RC4") << hello(0x0300, 0x0005) << 0x0300 << 0x0005;
        QTest::newRow("TLS 1.0") << hello(0x0301, 0xc014) << 0x0301 << 0xc014;
        QTest::newRow("TLS 1.2, extensions")
            << hello(0x0303, 0xc02f, extension(0xff01, QByteArray(1, '\0')) + extension(23, {}))
            << 0x0303 << 0xc02f;
        QTest::newRow("TLS 1.3") << hello(0x0303, 0x1301, names13) << 0x0304 << 0x1301;
        QTest::newRow("more behind it")
            << QByteArray(hello(0x0303, 0xc02f) + record(22, QByteArray(90, 'x'))) << 0x0303
            << 0xc02f;
        QTest::newRow("a warning before it")
            << QByteArray(alert(1, 112) + hello(0x0303, 0xc02f)) << 0x0303 << 0xc02f;
    }
    void readsTheChoice()
    {
        QFETCH(const QByteArray, bytes);
        const ServerReply reply = probe::readServerReply(bytes);
        QCOMPARE(reply.kind, Kind::Hello);
        QTEST(int(reply.hello.version), "version");
        QTEST(int(reply.hello.suite), "suite");
        QVERIFY(!reply.hello.retry);
    }

    void readsRetryRequest()
    {
        const auto bytes = record(22, message(helloBody(0x0303, 0x1302, names13, retryRandom)));
        const ServerReply reply = probe::readServerReply(bytes);
        QCOMPARE(reply.kind, Kind::Hello);
        QVERIFY(reply.hello.retry);
        QCOMPARE(judgeReply(TlsVersion::Tls13, reply).offer, Offer::Accepted);
    }

    void readsAlerts()
    {
        const ServerReply fatal = probe::readServerReply(alert(2, 70));
        QCOMPARE(fatal.kind, Kind::Alert);
        QCOMPARE(fatal.alert, 70);
        // A warning alone is no answer yet.
        const ServerReply warning = probe::readServerReply(alert(1, 112));
        QCOMPARE(warning.kind, Kind::Incomplete);
        QCOMPARE(warning.alert, 112);
    }

    void garbage_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("HTTP") << "HTTP/1.1 400 Bad Request\r\n\r\n"_ba;
        QTest::newRow("SSH") << "SSH-2.0-OpenSSH_9.2\r\n"_ba;
        QTest::newRow("zeros") << QByteArray(40, '\0');
        QTest::newRow("one wrong byte") << "x"_ba;
        QTest::newRow("record version") << record(22, message(helloBody(0x0303, 5)), 0x0203);
        QTest::newRow("empty record") << record(22, {});
        QTest::newRow("record too long") << QByteArray::fromHex("1603034001");
        QTest::newRow("application data") << record(23, "hello"_ba);
        QTest::newRow("alert of three bytes") << record(21, "\x02\x46\x00"_ba);
        QTest::newRow("alert level") << alert(3, 70);
        QTest::newRow("ClientHello") << record(22, QByteArray::fromHex("0100"));
        QTest::newRow("huge hello") << record(22, QByteArray::fromHex("02ffffff"));
        QTest::newRow("version above 1.2") << hello(0x0304, 0x1301);
        QTest::newRow("version below SSL 3") << hello(0x0200, 5);
        QTest::newRow("1.3 behind 1.0") << hello(0x0301, 0x1301, names13);
        QTest::newRow("1.2 in the extension")
            << hello(0x0303, 5, extension(43, QByteArray::fromHex("0303")));
        QTest::newRow("draft of 1.3")
            << hello(0x0303, 0x1301, extension(43, QByteArray::fromHex("7f1c")));
        QTest::newRow("long version extension")
            << hello(0x0303, 0x1301, extension(43, QByteArray::fromHex("030400")));
        QTest::newRow("extension twice") << hello(0x0303, 0x1301, names13 + names13);
        QTest::newRow("extension cut") << hello(0x0303, 0x1301, names13.chopped(1));
        QTest::newRow("bytes behind the extensions")
            << record(22, message(helloBody(0x0303, 0x1301, names13) + 'x'));
        QTest::newRow("retry in 1.2") << record(22, message(helloBody(0x0303, 5, {}, retryRandom)));
        QTest::newRow("compression") << record(22, message(helloBody(0x0303, 5).chopped(1) + '\1'));
        QByteArray longSession = helloBody(0x0303, 5);
        longSession[34] = 33;
        QTest::newRow("session id of 33") << record(22, message(longSession + QByteArray(25, 's')));
        QByteArray warnings;
        for (int i = 0; i < 3000; ++i)
            warnings += alert(1, 112);
        QTest::newRow("warnings without end") << warnings;
    }
    void garbage()
    {
        QFETCH(const QByteArray, bytes);
        const ServerReply reply = probe::readServerReply(bytes);
        QCOMPARE(reply.kind, Kind::Garbage);
        QVERIFY(!reply.detail.isEmpty());
        for (const TlsVersion version : {TlsVersion::Tls10, TlsVersion::Tls12, TlsVersion::Tls13})
            QCOMPARE(judgeReply(version, reply).offer, Offer::Unknown);
    }

    void everyCutIsIncomplete()
    {
        const QByteArray whole
            = hello(0x0303, 0x1301, names13 + extension(51, QByteArray(36, 'k')));
        for (qsizetype size = 0; size < whole.size(); ++size)
            QCOMPARE(probe::readServerReply(whole.first(size)).kind, Kind::Incomplete);
        QCOMPARE(probe::readServerReply(whole).kind, Kind::Hello);
    }

    void splitRecordsReadTheSame()
    {
        QRandomGenerator random(7);
        const QByteArray bytes
            = message(helloBody(0x0303, 0x1302, names13 + extension(51, QByteArray(1120, 'k'))));
        const ServerReply whole = probe::readServerReply(record(22, bytes));
        for (int run = 0; run < 500; ++run) {
            QByteArray split;
            for (qsizetype at = 0; at < bytes.size();) {
                const qsizetype size
                    = 1 + random.bounded(int(qMin<qsizetype>(bytes.size() - at, 400)));
                split += record(22, bytes.mid(at, size), 0x0301);
                at += size;
            }
            QVERIFY(probe::readServerReply(split) == whole);
        }
    }

    void mutationsNeverGiveAWrongVersion()
    {
        QRandomGenerator random(11);
        const QByteArray whole = hello(0x0303, 0xc02f, extension(0xff01, QByteArray(1, '\0')));
        for (int run = 0; run < 20000; ++run) {
            QByteArray bytes = whole;
            for (int i = 1 + random.bounded(3); i > 0; --i)
                bytes[random.bounded(int(bytes.size()))] = char(random.bounded(256));
            const ServerReply reply = probe::readServerReply(bytes);
            if (reply.kind != Kind::Hello)
                continue;
            // What is read stands in the bytes: behind the two headers, or in the extension.
            const auto legacy = quint16((quint8(bytes[9]) << 8) | quint8(bytes[10]));
            QVERIFY(
                quint16(reply.hello.version) == legacy
                || (reply.hello.version == TlsVersion::Tls13 && bytes.contains(names13.left(2))));
        }
    }

    void onlySomeAlertsRefuse()
    {
        for (int code = 0; code < 256; ++code) {
            const auto answer
                = judgeReply(TlsVersion::Tls10, probe::readServerReply(alert(2, code)));
            const bool refuses = code == 40 || code == 70 || code == 71 || code == 80;
            QCOMPARE(answer.offer, refuses ? Offer::Refused : Offer::Unknown);
            QCOMPARE(answer.needsWitness, code == 80);
            QVERIFY(answer.detail.contains(u"(%1)"_s.arg(code)));
        }
        QCOMPARE(probe::alertText(70), u"alert protocol_version (70)"_s);
        QCOMPARE(probe::alertText(200), u"alert unknown (200)"_s);
    }

    void aLowerAnswerProvesTheLowerVersionOnly()
    {
        const auto answer
            = judgeReply(TlsVersion::Tls12, probe::readServerReply(hello(0x0301, 0x0035)));
        QCOMPARE(answer.offer, Offer::Unknown);
        QCOMPARE(answer.instead, std::optional(TlsVersion::Tls10));
        QCOMPARE(answer.detail, u"answered with TLS 1.0"_s);
    }

    void answersThatWereNotOfferedProveNothing()
    {
        const auto higher
            = judgeReply(TlsVersion::Tls10, probe::readServerReply(hello(0x0303, 0x0035)));
        QCOMPARE(higher.offer, Offer::Unknown);
        QVERIFY(!higher.instead);
        const auto suite
            = judgeReply(TlsVersion::Tls10, probe::readServerReply(hello(0x0301, 0xc02f)));
        QCOMPARE(suite.offer, Offer::Unknown);
        const auto lowerSuite
            = judgeReply(TlsVersion::Tls13, probe::readServerReply(hello(0x0303, 0xc02f)));
        QVERIFY(!lowerSuite.instead);
    }
};

QObject *makeServerHelloTest()
{
    return new TestServerHello;
}

#include "tst_serverhello.moc"
