#include "core/probe/httphead.h"
#include "tests/unit/probe/suite.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace Qt::StringLiterals;
using probe::HttpBody;
using probe::HttpHead;
using probe::readHttpHead;
using Kind = probe::HttpHeadReply::Kind;

namespace {

HttpHead head(const QByteArray &lines)
{
    return readHttpHead(QByteArray("HTTP/1.1 200 OK\r\n" + lines + "\r\n")).head;
}

} // namespace

class TestHttpHead : public QObject
{
    Q_OBJECT

private slots:
    void readsAHead()
    {
        const QByteArray text = "HTTP/1.1 301 Moved Permanently\r\n"
                                "Location:https://a.example/\r\n"
                                "X-Content-Type-Options: nosniff \r\n"
                                "Vary: a\r\n"
                                "x-content-type-options:\tnosniff\r\n"
                                "Empty:\r\n\r\nbody"_ba;
        const auto reply = readHttpHead(text);
        QCOMPARE(reply.kind, Kind::Head);
        QCOMPARE(reply.head.status, 301);
        QCOMPARE(reply.head.size, text.size() - 4);
        QCOMPARE(reply.head.value("location"), std::optional("https://a.example/"_ba));
        QCOMPARE(reply.head.value("x-content-type-options"), std::optional("nosniff, nosniff"_ba));
        QCOMPARE(reply.head.value("empty"), std::optional(QByteArray("")));
        QVERIFY(!reply.head.value("absent"));
        QCOMPARE(reply.head.headers.at(1).first, "x-content-type-options"_ba);
    }

    void toleratesWhatServersSend()
    {
        QCOMPARE(readHttpHead("HTTP/1.0 200\n\n").kind, Kind::Head);
        QVERIFY(readHttpHead("HTTP/1.0 200\n\n").head.http10);
        QCOMPARE(head("A: one\r\n  two\r\nB: x\r\n").value("a"), std::optional("one two"_ba));
    }

    void garbage_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("TLS") << QByteArray::fromHex("15030300020246");
        QTest::newRow("HTTP/2") << "HTTP/2 200\r\n\r\n"_ba;
        QTest::newRow("HTTP/1.2") << "HTTP/1.2 200 OK\r\n\r\n"_ba;
        QTest::newRow("no status") << "HTTP/1.1 OK\r\n\r\n"_ba;
        QTest::newRow("status 2000") << "HTTP/1.1 2000 OK\r\n\r\n"_ba;
        QTest::newRow("status 099") << "HTTP/1.1 099 OK\r\n\r\n"_ba;
        QTest::newRow("status 600") << "HTTP/1.1 600 OK\r\n\r\n"_ba;
        QTest::newRow("no colon") << "HTTP/1.1 200 OK\r\nheader\r\n\r\n"_ba;
        QTest::newRow("no name") << "HTTP/1.1 200 OK\r\n: x\r\n\r\n"_ba;
        QTest::newRow("blank before the colon") << "HTTP/1.1 200 OK\r\nname : x\r\n\r\n"_ba;
        QTest::newRow("folded first") << "HTTP/1.1 200 OK\r\n folded\r\n\r\n"_ba;
        QTest::newRow("NUL") << QByteArray("HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", 27);
        QTest::newRow("bare CR") << "HTTP/1.1 200 OK\r\nA: b\rX: y\r\n\r\n"_ba;
        QTest::newRow("300 lines")
            << QByteArray("HTTP/1.1 200 OK\r\n" + "A: b\r\n"_ba.repeated(300));
        QTest::newRow("one long line")
            << QByteArray("HTTP/1.1 200 OK\r\nA: " + QByteArray(70000, 'x'));
        QTest::newRow("long status line") << QByteArray("HTTP/1.1 200 " + QByteArray(70000, 'x'));
    }
    void garbage()
    {
        QFETCH(const QByteArray, text);
        const auto reply = readHttpHead(text);
        QCOMPARE(reply.kind, Kind::Garbage);
        QVERIFY(!reply.detail.isEmpty());
    }

    void everyCutIsIncomplete()
    {
        const QByteArray text = "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n e\r\n\r\n"_ba;
        for (qsizetype size = 0; size < text.size(); ++size)
            QCOMPARE(readHttpHead(text.first(size)).kind, Kind::Incomplete);
    }

    void headersSurviveARoundTrip()
    {
        QRandomGenerator random(3);
        for (int run = 0; run < 2000; ++run) {
            QByteArray text = "HTTP/1.1 200 OK\r\n";
            QMap<QByteArray, QByteArray> expected;
            for (int i = random.bounded(20); i > 0; --i) {
                const QByteArray name = "h" + QByteArray::number(random.bounded(8));
                QByteArray value;
                for (int length = random.bounded(30); length > 0; --length)
                    value += char(0x21 + random.bounded(0x5d));
                expected[name]
                    = expected.contains(name) ? QByteArray(expected[name] + ", " + value) : value;
                text += (random.bounded(2) ? name.toUpper() : name) + ": " + value + "\r\n";
            }
            const auto reply = readHttpHead(QByteArray(text + "\r\n"));
            QCOMPARE(reply.kind, Kind::Head);
            QCOMPARE(qsizetype(reply.head.headers.size()), expected.size());
            for (const auto &[name, value] : reply.head.headers)
                QCOMPARE(value, expected[name]);
        }
    }

    void bodies()
    {
        using Framing = HttpBody::Framing;
        QCOMPARE(bodyOf(head("Content-Length: 12\r\n")).framing, Framing::Length);
        QCOMPARE(bodyOf(head("Content-Length: 12\r\n")).length, 12);
        QCOMPARE(bodyOf(head("Content-Length: 12\r\nContent-Length: 13\r\n")).framing,
                 Framing::UntilClose);
        QCOMPARE(bodyOf(head("Content-Length: -1\r\n")).framing, Framing::UntilClose);
        QCOMPARE(bodyOf(head("Content-Length: 99999999999999999999\r\n")).framing,
                 Framing::UntilClose);
        QCOMPARE(bodyOf(head("Content-Length: 5\r\nTransfer-Encoding: Chunked\r\n")).framing,
                 Framing::Chunked);
        QCOMPARE(bodyOf(head("Transfer-Encoding: gzip\r\n")).framing, Framing::UntilClose);
        QCOMPARE(bodyOf(readHttpHead("HTTP/1.1 204 x\r\n\r\n").head).framing, Framing::None);
        QCOMPARE(bodyOf(readHttpHead("HTTP/1.1 304 x\r\nContent-Length: 9\r\n\r\n").head).framing,
                 Framing::None);
    }

    void chunks_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("end"); // -1: goes on
        QTest::newRow("empty") << "0\r\n\r\n"_ba << 5;
        QTest::newRow("one") << "5\r\nhello\r\n0\r\n\r\nHTTP"_ba << 15;
        QTest::newRow("hex") << QByteArray("1A;x=y\r\n" + QByteArray(26, 'a') + "\r\n0\r\n\r\n")
                             << 41;
        QTest::newRow("trailer") << "0\r\nA: b\r\n\r\n"_ba << 11;
        QTest::newRow("cut") << "5\r\nhel"_ba << -1;
        QTest::newRow("no number") << "z\r\nhello\r\n0\r\n\r\n"_ba << -1;
        QTest::newRow("negative") << "-5\r\nhello\r\n0\r\n\r\n"_ba << -1;
        QTest::newRow("too long") << "fffffffff\r\n"_ba << -1;
        QTest::newRow("wrong end") << "5\r\nhelloX\r\n0\r\n\r\n"_ba << -1;
    }
    void chunks()
    {
        QFETCH(const QByteArray, bytes);
        QTEST(int(probe::endOfChunks(bytes).value_or(-1)), "end");
    }

    void keepAlive()
    {
        QVERIFY(keepsAlive(head({})));
        QVERIFY(!keepsAlive(head("Connection: Close\r\n")));
        QVERIFY(!keepsAlive(head("Connection: foo, close\r\n")));
        QVERIFY(!keepsAlive(readHttpHead("HTTP/1.0 200 OK\r\n\r\n").head));
        QVERIFY(keepsAlive(readHttpHead("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n").head));
    }
};

QObject *makeHttpHeadTest()
{
    return new TestHttpHead;
}

#include "tst_httphead.moc"
