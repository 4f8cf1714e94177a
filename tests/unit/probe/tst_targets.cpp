#include "core/probe/targets.h"
#include "tests/unit/probe/suite.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using probe::Target;
using probe::Targets;
using probe::TargetWishes;

namespace {

probe::Address at(const QString &text)
{
    return *probe::parseAddress(text);
}

/// "203.0.114.9 app.example" per allowed target, in their order.
QStringList allowed(const Targets &targets)
{
    QStringList lines;
    for (const Target &target : targets.allowed) {
        QString line = probe::addressText(target.address);
        if (target.port)
            line += u":%1"_s.arg(*target.port);
        if (!target.serverName.isEmpty())
            line += u' ' + QString::fromLatin1(target.serverName);
        lines << line;
    }
    return lines;
}

TargetWishes wishes(const QString &sshAddress)
{
    TargetWishes wish;
    wish.sshAddress = at(sshAddress);
    wish.sshHost = sshAddress;
    return wish;
}

} // namespace

class TestTargets : public QObject
{
    Q_OBJECT

private slots:
    void sshAddressIsAlwaysAllowed_data()
    {
        QTest::addColumn<QString>("address");
        for (const char *text :
             {"203.0.114.9", "127.0.0.1", "10.99.1.10", "169.254.7.7", "fd00::5"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void sshAddressIsAlwaysAllowed()
    {
        QFETCH(const QString, address);
        QCOMPARE(allowed(chooseTargets(wishes(address))), QStringList{address});
    }

    void namesOfTheServerStayAtItsAddress()
    {
        TargetWishes wish = wishes(u"203.0.114.9"_s);
        wish.deploymentNames
            = {u"app.example.org"_s, u"router.lan"_s, u"192.168.0.1"_s, u"evil\r\nHost: x"_s};
        const Targets targets = chooseTargets(wish);
        QCOMPARE(allowed(targets),
                 (QStringList{u"203.0.114.9 app.example.org"_s, u"203.0.114.9 router.lan"_s}));
        QCOMPARE(targets.refused.size(), std::size_t(2));
        QCOMPARE(targets.refused.front().reason, u"not a DNS name"_s);
    }

    void hostNameServesWithoutABetterOne()
    {
        TargetWishes wish = wishes(u"203.0.114.9"_s);
        wish.sshHost = u"Server.Example.org"_s;
        QCOMPARE(allowed(chooseTargets(wish)), QStringList{u"203.0.114.9 server.example.org"_s});
        wish.deploymentNames = {u"app.example.org"_s};
        QCOMPARE(allowed(chooseTargets(wish)), QStringList{u"203.0.114.9 app.example.org"_s});
    }

    void confirmedNameAtTheSshAddressReplacesItsHostName()
    {
        TargetWishes wish = wishes(u"203.0.114.9"_s);
        wish.publicName = u"app.example.org"_s;
        wish.publicAddresses = {at(u"203.0.114.9"_s), at(u"2a00:1450::9"_s)};
        QCOMPARE(
            allowed(chooseTargets(wish)),
            (QStringList{u"203.0.114.9 app.example.org"_s, u"2a00:1450::9 app.example.org"_s}));
    }

    void addressesOfNames_data()
    {
        QTest::addColumn<QString>("ssh");
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("granted");
        const auto row = [](const char *ssh, const char *address, bool granted) {
            QTest::addRow("%s from %s", address, ssh)
                << QString::fromLatin1(ssh) << QString::fromLatin1(address) << granted;
        };
        row("203.0.114.9", "203.0.114.10", true);
        row("203.0.114.9", "2a00:1450::9", true);
        row("203.0.114.9", "127.0.0.1", false);
        row("203.0.114.9", "::1", false);
        row("203.0.114.9", "::ffff:127.0.0.1", false);
        row("203.0.114.9", "::ffff:192.168.0.1", false);
        row("203.0.114.9", "64:ff9b::10.0.0.1", false);
        row("203.0.114.9", "169.254.169.254", false);
        row("203.0.114.9", "10.0.0.1", false);
        row("203.0.114.9", "172.20.0.1", false);
        row("203.0.114.9", "192.168.0.1", false);
        row("203.0.114.9", "100.64.0.1", false);
        row("203.0.114.9", "fd00::1", false);
        row("203.0.114.9", "fe80::1", false);
        row("203.0.114.9", "0.0.0.0", false);
        row("203.0.114.9", "255.255.255.255", false);
        row("10.1.1.1", "10.200.0.1", true);
        row("10.1.1.1", "192.168.0.1", false);
        row("10.1.1.1", "172.16.0.1", false);
        row("10.1.1.1", "127.0.0.1", false);
        row("10.1.1.1", "203.0.114.9", true);
        row("192.168.0.7", "192.168.1.1", true);
        row("127.0.0.1", "127.0.0.2", true);
        row("127.0.0.1", "::1", true);
        row("127.0.0.1", "10.0.0.1", false);
        row("fd00::1", "fd77::1", true);
        row("fd00::1", "10.0.0.1", false);
        row("224.0.0.1", "224.0.0.2", false);
    }
    void addressesOfNames()
    {
        QFETCH(const QString, ssh);
        QFETCH(const QString, address);
        QFETCH(const bool, granted);
        TargetWishes byName = wishes(ssh);
        byName.publicName = u"app.example.org"_s;
        byName.publicAddresses = {at(address)};
        const Targets named = chooseTargets(byName);
        QCOMPARE(named.allowed.size(), std::size_t(granted ? 2 : 1));
        QCOMPARE(named.refused.size(), std::size_t(granted ? 0 : 1));

        TargetWishes byHand = wishes(ssh);
        byHand.pinned = {{u"app.example.org"_s, 8443, address}};
        const Targets pinned = chooseTargets(byHand);
        QCOMPARE(pinned.allowed.size(), named.allowed.size());
        if (granted)
            QCOMPARE(pinned.allowed.back().port, std::optional<quint16>(8443));
    }

    void eachPlaceOnceAndNotWithoutEnd()
    {
        TargetWishes wish = wishes(u"203.0.114.9"_s);
        for (int i = 0; i < 30; ++i)
            wish.deploymentNames.push_back(u"n%1.example"_s.arg(i % 20));
        for (quint8 i = 0; i < 20; ++i)
            wish.publicAddresses.push_back(at(u"198.51.99.%1"_s.arg(i)));
        wish.publicName = u"app.example"_s;
        const Targets targets = chooseTargets(wish);
        QCOMPARE(targets.allowed.size(), std::size_t(8 + 8));
    }

    void malformedPinsAreRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("address");
        QTest::newRow("name") << u"not a name"_s << 443 << u"203.0.114.9"_s;
        QTest::newRow("port") << u"a.example"_s << 0 << u"203.0.114.9"_s;
        QTest::newRow("address") << u"a.example"_s << 443 << u"b.example"_s;
    }
    void malformedPinsAreRefused()
    {
        QFETCH(const QString, name);
        QFETCH(const int, port);
        QFETCH(const QString, address);
        TargetWishes wish = wishes(u"203.0.114.1"_s);
        wish.pinned = {{name, quint16(port), address}};
        const Targets targets = chooseTargets(wish);
        QCOMPARE(targets.allowed.size(), std::size_t(1));
        QCOMPARE(targets.refused.size(), std::size_t(1));
    }
};

QObject *makeTargetsTest()
{
    return new TestTargets;
}

#include "tst_targets.moc"
