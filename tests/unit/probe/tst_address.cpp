#include "core/probe/address.h"
#include "tests/unit/probe/suite.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using probe::Range;

class TestAddress : public QObject
{
    Q_OBJECT

private slots:
    void ranges_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("range");
        const auto row = [](const char *text, Range range) {
            QTest::newRow(text) << QString::fromLatin1(text) << int(range);
        };
        row("8.8.8.8", Range::Public);
        row("0.0.0.0", Range::Special);
        row("127.0.0.1", Range::Loopback);
        row("127.255.255.254", Range::Loopback);
        row("128.0.0.1", Range::Public);
        row("9.255.255.255", Range::Public);
        row("10.0.0.0", Range::Private10);
        row("10.255.255.255", Range::Private10);
        row("11.0.0.0", Range::Public);
        row("172.15.255.255", Range::Public);
        row("172.16.0.0", Range::Private172);
        row("172.31.255.255", Range::Private172);
        row("172.32.0.0", Range::Public);
        row("192.167.255.255", Range::Public);
        row("192.168.1.1", Range::Private192);
        row("192.169.0.0", Range::Public);
        row("100.63.255.255", Range::Public);
        row("100.64.0.1", Range::CarrierNat);
        row("100.127.255.255", Range::CarrierNat);
        row("100.128.0.0", Range::Public);
        row("169.254.169.254", Range::LinkLocal);
        row("198.18.0.1", Range::Special);
        row("198.19.255.255", Range::Special);
        row("198.20.0.0", Range::Public);
        row("224.0.0.1", Range::Special);
        row("240.0.0.1", Range::Special);
        row("255.255.255.255", Range::Special);
        row("2a00:1450:4001::1", Range::Public);
        row("::", Range::Special);
        row("::1", Range::Loopback);
        row("fe80::1", Range::LinkLocal);
        row("febf::1", Range::LinkLocal);
        row("fec0::1", Range::SiteLocal);
        row("fc00::1", Range::UniqueLocal);
        row("fd12:3456::1", Range::UniqueLocal);
        row("ff02::1", Range::Special);
        row("2001:db8::1", Range::Special);
        // IPv4 in IPv6 clothes ends at the IPv4 address.
        row("::ffff:10.1.2.3", Range::Private10);
        row("::ffff:7f00:1", Range::Loopback);
        row("::127.0.0.1", Range::Loopback);
        row("64:ff9b::192.168.0.1", Range::Private192);
        row("2002:a9fe:a9fe::1", Range::LinkLocal);
        row("64:ff9b:1::10.0.0.1", Range::Special);
        row("2001:0:1::1", Range::Special);
    }
    void ranges()
    {
        QFETCH(const QString, text);
        const auto address = probe::parseAddress(text);
        QVERIFY(address);
        QTEST(int(probe::rangeOf(*address)), "range");
    }

    void readsNumbersOnly_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected"); // empty: refused
        QTest::newRow("ipv4") << u"192.0.2.7"_s << u"192.0.2.7"_s;
        QTest::newRow("ipv6") << u"2001:DB8:0::1"_s << u"2001:db8::1"_s;
        QTest::newRow("mapped") << u"::ffff:192.0.2.7"_s << u"192.0.2.7"_s;
        QTest::newRow("zone") << u"fe80::1%lo"_s << u"fe80::1%lo"_s;
        QTest::newRow("unknown zone") << u"fe80::1%nowhere9"_s << QString();
        QTest::newRow("short form") << u"127.1"_s << QString();
        QTest::newRow("octal") << u"0177.0.0.1"_s << QString();
        QTest::newRow("number") << u"2130706433"_s << QString();
        QTest::newRow("brackets") << u"[::1]"_s << QString();
        QTest::newRow("name") << u"localhost"_s << QString();
        QTest::newRow("blank") << u" 127.0.0.1"_s << QString();
        QTest::newRow("NUL") << QString(u"127.0.0.1"_s + QChar(u'\0') + u"x"_s) << QString();
        QTest::newRow("foreign digits") << u"１２７.0.0.1"_s << QString();
        QTest::newRow("empty") << QString() << QString();
    }
    void readsNumbersOnly()
    {
        QFETCH(const QString, text);
        const auto address = probe::parseAddress(text);
        QTEST(address ? probe::addressText(*address) : QString(), "expected");
    }

    void namesThatMayGoOnTheWire_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("expected"); // empty: refused
        QTest::newRow("plain") << u"App.Example.ORG"_s << "app.example.org"_ba;
        QTest::newRow("final dot") << u"example.org."_s << "example.org"_ba;
        QTest::newRow("one label") << u"nas"_s << "nas"_ba;
        QTest::newRow("underscore") << u"my_app.example.org"_s << "my_app.example.org"_ba;
        QTest::newRow("IDN") << u"bücher.example"_s << "xn--bcher-kva.example"_ba;
        QTest::newRow("address") << u"192.0.2.1"_s << QByteArray();
        QTest::newRow("ends like an address") << u"127.1"_s << QByteArray();
        QTest::newRow("header injection") << u"a.example\r\nX: y"_s << QByteArray();
        QTest::newRow("blank") << u"a b"_s << QByteArray();
        QTest::newRow("port") << u"a.example:8080"_s << QByteArray();
        QTest::newRow("url") << u"https://a.example"_s << QByteArray();
        QTest::newRow("user") << u"user@a.example"_s << QByteArray();
        QTest::newRow("hyphen first") << u"-a.example"_s << QByteArray();
        QTest::newRow("empty label") << u"a..example"_s << QByteArray();
        QTest::newRow("long label") << QString(64, u'a') << QByteArray();
        QTest::newRow("longest label") << QString(63, u'a') << QByteArray(63, 'a');
        QTest::newRow("long name") << QString(u"aa."_s.repeated(90) + u"example"_s) << QByteArray();
        QTest::newRow("empty") << QString() << QByteArray();
        QTest::newRow("dot") << u"."_s << QByteArray();
    }
    void namesThatMayGoOnTheWire()
    {
        QFETCH(const QString, text);
        QTEST(probe::dnsName(text).value_or(QByteArray()), "expected");
    }
};

QObject *makeAddressTest()
{
    return new TestAddress;
}

#include "tst_address.moc"
