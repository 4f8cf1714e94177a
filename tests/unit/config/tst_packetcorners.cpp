// Rules that read like a drop and are none, and the like: each is loaded into the kernel, real
// connections are opened, and the evaluator must say what happens or that it does not know.

#include "packetnetwork.h"

#include <QRandomGenerator>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using config::PacketFamily;
using config::PacketRules;
using config::PacketVerdict;
using namespace packetnetwork;

Q_DECLARE_METATYPE(config::PacketVerdict)

namespace {

constexpr PacketVerdict accepted = PacketVerdict::Accepted;
constexpr PacketVerdict dropped = PacketVerdict::Dropped;
constexpr PacketVerdict undecided = PacketVerdict::Undecided;

/// A table with one chain on input.
QByteArray
onInput(const QByteArray &rules, const QByteArray &policy = "accept", const QByteArray &before = {})
{
    return "table inet fw {\n" + before
        + "  chain in {\n    type filter hook input priority 0; policy " + policy
        + ";\n    meta l4proto ipv6-icmp accept\n    " + rules + "\n  }\n}\n";
}

QByteArray chain(const QByteArray &name, const QByteArray &head, const QByteArray &rules)
{
    return "  chain " + name + " {\n    " + (head.isEmpty() ? head : "type " + head + ";\n    ")
        + rules + "\n  }\n";
}

QByteArray table(const QByteArray &chains)
{
    return "table inet fw {\n" + chains + "}\n";
}

const QByteArray nothingForwarded
    = "  chain through {\n    type filter hook forward priority 0; policy drop;\n  }\n";
const QByteArray nothingTakenIn
    = "  chain in {\n    type filter hook input priority 0; policy drop;\n"
      "    meta l4proto ipv6-icmp accept\n  }\n";
const QByteArray natHead = "nat hook prerouting priority dstnat";
const QByteArray rawHead = "filter hook prerouting priority raw";

QByteArray filterTable(const QByteArray &rules, const QByteArray &policy = "ACCEPT")
{
    return "*filter\n:INPUT " + policy
        + " [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
          ":U1 - [0:0]\n"
        + rules + "COMMIT\n";
}

/// Translations behind matches nobody can read, jumps, returns and gotos in between.
QByteArray randomTranslations(QRandomGenerator &random)
{
    const QByteArray matches[] = {"-p tcp ",
                                  "-p tcp -m tcp --dport 7001 ",
                                  "-p tcp -m multiport --dports 7001,7002 ",
                                  "-p tcp -m mark --mark 0x5 ",
                                  "-p tcp -m mark ! --mark 0x5 ",
                                  "-p tcp -m mark --mark 0x0 ",
                                  "-p tcp -m statistic --mode nth --every 2 --packet 0 "};
    const QByteArray targets[]
        = {"-j ACCEPT", "-j RETURN", "-j N2", "-g N2", "-j DNAT --to-destination 10.78.0.2:9001"};
    QByteArray save = "*nat\n:PREROUTING ACCEPT [0:0]\n:N1 - [0:0]\n:N2 - [0:0]\n";
    for (const char *chain : {"PREROUTING", "N1", "N2"}) {
        const QByteArray name(chain);
        if (name == "PREROUTING")
            save += "-A PREROUTING -m mark ! --mark 0x7 -j N1\n";
        for (int i = random.bounded(5); i > 0; --i) {
            int target = random.bounded(name == "N2" ? 3 : 5);
            if (name == "N2" && target == 2)
                target = 4;
            save += "-A " + name + ' ' + matches[random.bounded(7)] + targets[target] + '\n';
        }
    }
    const QByteArray policy[] = {"ACCEPT", "DROP"};
    return save + "COMMIT\n*filter\n:INPUT " + policy[random.bounded(2)] + " [0:0]\n:FORWARD "
        + policy[random.bounded(2)]
        + " [0:0]\n:OUTPUT ACCEPT [0:0]\n-A FORWARD -i br-fk -j ACCEPT\nCOMMIT\n";
}

} // namespace

class TestPacketCorners : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Network> m_network;

private slots:
    void initTestCase()
    {
        m_network = Network::make();
        if (!m_network) {
            QSKIP("SKIPPED: network namespaces need root. Run the tests as root, with iproute2, "
                  "nftables and iptables installed, to hold the evaluator against the kernel.");
        }
        QVERIFY(m_network->listens());
    }

    void nftables_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<PacketVerdict>("four"); // of port 7001
        QTest::addColumn<PacketVerdict>("six");
        const auto input = [](const char *name, const QByteArray &rules, PacketVerdict wanted,
                              const QByteArray &policy = "accept", const QByteArray &before = {}) {
            QTest::newRow(name) << onInput(rules, policy, before) << wanted << wanted;
        };
        const QByteArray set
            = "  set m { type inet_service; size 65535; flags dynamic; }\n"
              "  set n { type inet_service; size 65535; flags dynamic; timeout 1h; }\n";

        input("over a rate", "tcp dport 7001 limit rate over 100/second drop", accepted);
        input("up to a rate", "tcp dport 7001 limit rate 1/hour burst 1 packets drop", undecided);
        input("accepted up to a rate", "tcp dport 7001 limit rate 100/second accept", accepted,
              "drop");
        input("named rate", "tcp dport 7001 limit name \"l\" drop", undecided, "accept",
              "  limit l {\n    rate over 100/second\n  }\n");
        input("over a quota", "tcp dport 7001 quota over 10 mbytes drop", undecided);
        input("named quota", "tcp dport 7001 quota name \"q\" drop", undecided, "accept",
              "  quota q {\n    over 10 mbytes\n  }\n");
        input("over a count", "tcp dport 7001 ct count over 50 drop", accepted);
        input("set with a rate",
              "tcp dport 7001 add @m { tcp dport limit rate over 100/second } drop", accepted,
              "accept", set);
        input("set with a quota", "tcp dport 7001 add @m { tcp dport quota over 9 mbytes } drop",
              undecided, "accept", set);
        input("set that may be full", "tcp dport 7001 add @m { tcp dport } drop", undecided,
              "accept", set);
        input("meter", "tcp dport 7001 meter mm { tcp dport limit rate over 100/second } drop",
              accepted);
        input("set that fills", "tcp dport @n drop\n    tcp dport 7002 add @n { tcp dport }",
              undecided, "accept", set);
        input("chance", "tcp dport 7001 numgen random mod 1000000 == 7 drop", undecided);

        input("sctp", "sctp dport 7001 drop", accepted);
        input("udplite", "udplite dport 7001 drop", accepted);
        input("flags no connection opens with", "tcp flags & (fin|syn) == fin|syn drop", accepted);
        input("no flags", "tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0 drop", accepted);
        input("not an opening", "tcp flags & (fin|syn|rst|ack) != syn ct state new drop", accepted);
        input("exactly syn", "tcp flags == syn tcp dport 7001 drop", undecided);
        input("any of", "tcp dport 7001 tcp flags syn,rst drop", dropped);
        input("none of", "tcp flags ! syn ct state new drop", accepted);
        QTest::newRow("next header")
            << onInput("ip6 nexthdr tcp drop\n    ip protocol tcp drop") << dropped << undecided;
        input("fib unicast", "fib daddr type unicast drop", accepted);
        input("fib not unicast", "tcp dport 7001 fib daddr type != unicast drop", dropped);
        input("status exactly", "tcp dport 7001 ct status != dnat drop", undecided);
        input("state, list", "ct state != established,related tcp dport 7001 drop", undecided);
        input("mark", "tcp dport 7001 meta mark 0 drop", undecided);
        input("source port", "tcp sport 53 accept", undecided, "drop");
        input("any source port", "tcp sport 1-65535 tcp dport 7001 drop", dropped);
        input("catch-all", "tcp dport vmap { 7002 : accept, * : drop }", dropped);
        input("catch-all, listed", "tcp dport vmap { 7001 : accept, * : drop }", accepted);
        input("interface wildcard", "iifname vmap { \"x*\" : drop, \"e*\" : accept }", accepted,
              "drop");
        input("concatenation", "iifname . tcp dport { \"e0\" . 7002 } drop", undecided);
        input("accept does not end other chains",
              "accept\n  }\n"
                  + chain("later", "filter hook input priority 10", "tcp dport 7001 drop")
                  + "  chain none {",
              dropped);

        QTest::newRow("notrack") << table(
            chain("early", rawHead, "tcp dport 7001 notrack")
            + chain("in", "filter hook input priority 0", "ct state new drop"))
                                 << accepted << accepted;
        QTest::newRow("notrack that may be") << table(
            chain("early", rawHead, "meta mark 0 notrack")
            + chain("in", "filter hook input priority 0", "tcp dport 7001 ct state new drop"))
                                             << undecided << undecided;
        QTest::newRow("notrack and a translation")
            << table(chain("early", rawHead, "tcp dport 7001 notrack")
                     + chain("pre", natHead, "tcp dport 7001 redirect to :22"))
            << accepted << accepted;
        QTest::newRow("too late to forget") << table(
            chain("early", "filter hook prerouting priority mangle", "notrack")
            + chain("in", "filter hook input priority 0", "tcp dport 7001 ct state new drop"))
                                            << dropped << dropped;
        QTest::newRow("new before the tracker")
            << table(chain("early", rawHead, "ct state new drop")) << accepted << accepted;
        QTest::newRow("invalid before the tracker")
            << table(chain("early", rawHead, "tcp dport 7001 ct state invalid drop")) << dropped
            << dropped;
        QTest::newRow("rewritten port")
            << table(chain("early", rawHead, "tcp dport 7001 tcp dport set 7002")
                     + chain("in", "filter hook input priority 0", "tcp dport 7001 drop"))
            << undecided << undecided;

        QTest::newRow("translation by a jump that may be")
            << table(chain("t", {}, "meta nfproto ipv4 tcp dport 7001 dnat ip to 10.78.0.2:9001")
                     + chain("pre", natHead, "meta mark 5 jump t") + nothingForwarded)
            << undecided << accepted;
        QTest::newRow("translation after a return that may be")
            << table(chain("pre", natHead,
                           "meta mark 0 return\n    meta nfproto ipv4 tcp dport 7001 dnat ip to "
                           "10.78.0.2:9001")
                     + nothingForwarded)
            << undecided << accepted;
        QTest::newRow("translation of the other family") << table(
            chain("pre", natHead, "tcp dport 7001 dnat ip to 10.78.0.2:9001") + nothingForwarded)
                                                         << dropped << accepted;
        QTest::newRow("translation by a map") << table(
            chain("pre", natHead, "dnat ip to tcp dport map { 9001 : 10.78.0.2 }") + nothingTakenIn)
                                              << undecided << dropped;
        QTest::newRow("translation to an own address") << table(
            chain("pre", natHead, "tcp dport 7001 dnat ip to 10.78.0.1:7002") + nothingForwarded)
                                                       << accepted << accepted;
        QTest::newRow("redirection")
            << table(chain("pre", natHead, "tcp dport 7001 redirect to :7002")
                     + chain("in", "filter hook input priority 0", "tcp dport 7001 drop"))
            << accepted << accepted;
        QTest::newRow("filter before all translations") << table(
            chain("pre", "nat hook prerouting priority -150", "tcp dport 7001 redirect to :7002")
            + chain("early", "filter hook prerouting priority -120", "tcp dport 7002 drop"))
                                                        << accepted << accepted;
        QTest::newRow("two translations in one place")
            << table(chain("one", natHead, "tcp dport 7001 redirect to :7002"))
                + "table inet other {\n" + chain("two", natHead, "tcp dport 7001 redirect to :7003")
                + chain("in", "filter hook input priority 0", "tcp dport 7002-7003 drop") + "}\n"
            << undecided << undecided;
    }

    void nftables()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const PacketVerdict, four);
        QFETCH(const PacketVerdict, six);
        QVERIFY(m_network->inHost(u"nft flush ruleset"_s));
        QVERIFY2(m_network->inHost(u"nft -f -"_s, text + translation()), text.constData());
        const auto json = m_network->inHost(u"nft -j list ruleset"_s);
        PacketRules rules;
        QVERIFY(json && rules.addNftJson(*json));
        check(rules, text, four, six);
    }

    /// How it is printed depends on the version of nft.
    void aTableThatSleepsDropsNothing()
    {
        const QByteArray text = "table inet off {\n  flags dormant\n"
            + chain("in", "filter hook input priority 0; policy drop", {}) + "}\n";
        QVERIFY(m_network->inHost(u"nft flush ruleset"_s));
        QVERIFY(m_network->inHost(u"nft -f -"_s, text + translation()));
        const auto json = m_network->inHost(u"nft -j list ruleset"_s);
        PacketRules rules;
        QVERIFY(json && rules.addNftJson(*json));
        const Comparison seen = m_network->compare(rules, *json);
        QVERIFY2(seen.contradiction.isEmpty(), seen.contradiction.constData());
        QCOMPARE(seen.dropped, 0);
    }

    void iptables_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<PacketVerdict>("wanted"); // of port 7001
        const QByteArray to = "-A INPUT -p tcp -m tcp --dport 7001 ";
        const auto match = [&](const char *name, const QByteArray &words, PacketVerdict wanted) {
            QTest::newRow(name) << filterTable(to + words + " -j DROP\n") << wanted;
        };
        match("limit", "-m limit --limit 1/hour --limit-burst 1", undecided);
        match("hashlimit above",
              "-m hashlimit --hashlimit-above 100/sec --hashlimit-mode srcip --hashlimit-name a",
              accepted);
        match("hashlimit up to",
              "-m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 1 --hashlimit-mode srcip "
              "--hashlimit-name b",
              undecided);
        match("connlimit", "-m connlimit --connlimit-above 50", accepted);
        match("recent, often", "-m recent --update --seconds 60 --hitcount 20 --name often",
              accepted);
        match("recent, known", "-m recent --rcheck --name known", undecided);
        match("recent, not known", "-m recent ! --rcheck --name known", undecided);
        match("recent, set", "-m recent --set --name fresh", dropped);
        match("chance", "-m statistic --mode nth --every 2 --packet 0", accepted);
        match("time", "-m time --datestart 2037-01-01", undecided);
        match("quota", "-m quota --quota 1", undecided);
        match("length", "-m length --length 1000:2000", undecided);
        match("string", "-m string --string \"-j ACCEPT\" --algo bm", undecided);
        match("socket", "-m socket --nowildcard", undecided);
        match("socket without options", "-m socket", undecided);
        match("fragment", "-f", accepted);
        match("no flags", "-m tcp --tcp-flags ALL NONE", accepted);
        match("bare syn", "-m tcp --tcp-flags ALL SYN", undecided);
        match("not an opening", "-m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN", accepted);
        match("impossible flags", "-m tcp --tcp-flags SYN,FIN SYN,FIN", accepted);
        match("unicast", "-m addrtype --dst-type UNICAST", accepted);
        match("local or broadcast", "-m addrtype --dst-type LOCAL,BROADCAST", dropped);
        match("protocol of the connection", "-m conntrack --ctproto 6", dropped);
        match("another protocol", "-m conntrack --ctproto 17", accepted);
        match("mark", "-m mark --mark 0x0", undecided);
        match("other interface", "! -i lo", dropped);
        match("multiport, negated", "-m multiport ! --dports 7002,7003", dropped);
        QTest::newRow("source port")
            << filterTable("-A INPUT -p tcp -m tcp --sport 53 -j ACCEPT\n", "DROP") << undecided;
        QTest::newRow("accepted up to a rate")
            << filterTable(to + "-m limit --limit 100/sec -j ACCEPT\n", "DROP") << accepted;
        QTest::newRow("goto") << filterTable("-A INPUT -p tcp -g U1\n-A INPUT -j ACCEPT\n"
                                             "-A U1 -p tcp -m tcp --dport 7002 -j ACCEPT\n",
                                             "DROP")
                              << dropped;
        QTest::newRow("return from a jump")
            << filterTable("-A INPUT -p tcp -j U1\n-A INPUT -j ACCEPT\n-A U1 -j RETURN\n", "DROP")
            << accepted;
        const QByteArray raw = "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n";
        QTest::newRow("notrack") << raw
                + "-A PREROUTING -p tcp -m tcp --dport 7001 -j CT --notrack\nCOMMIT\n"
                + filterTable("-A INPUT -m conntrack --ctstate NEW -j DROP\n")
                                 << accepted;
        QTest::newRow("new before the tracker")
            << raw + "-A PREROUTING -m conntrack --ctstate NEW -j DROP\nCOMMIT\n"
            << accepted;
        QTest::newRow("untracked") << raw + "-A PREROUTING -p tcp -j CT --notrack\nCOMMIT\n"
                + filterTable("-A INPUT -m conntrack --ctstate UNTRACKED -j DROP\n")
                                   << dropped;
        const QByteArray nat = "*nat\n:PREROUTING ACCEPT [0:0]\n:N1 - [0:0]\n";
        const QByteArray closed = "COMMIT\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n"
                                  ":OUTPUT ACCEPT [0:0]\nCOMMIT\n";
        QTest::newRow("translation by a jump that may be") << nat
                + "-A PREROUTING -m mark --mark 0x5 -j N1\n"
                  "-A N1 -p tcp -m tcp --dport 7001 -j DNAT --to-destination 10.78.0.2:9001\n"
                + closed << undecided;
        QTest::newRow("translation to several ports") << nat
                + "-A PREROUTING -p tcp -m tcp --dport 7001 -j REDIRECT --to-ports 7002-7003\n"
                + closed << undecided;
    }

    void iptables()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const PacketVerdict, wanted);
        for (const bool legacy : {false, true}) {
            const QString tool = legacy ? u"iptables-legacy"_s : u"iptables-nft"_s;
            QVERIFY(m_network->inHost(u"nft flush ruleset"_s));
            QVERIFY(m_network->inHost(u"nft -f -"_s, translation()));
            const auto native = m_network->inHost(u"nft -j list ruleset"_s);
            QVERIFY2(m_network->inHost(tool + u"-restore"_s, text), text.constData());
            const auto saved = m_network->inHost(tool + u"-save"_s);
            PacketRules rules;
            QVERIFY(native && rules.addNftJson(*native));
            QVERIFY(saved && rules.addIptablesSave(*saved, PacketFamily::IPv4, legacy));
            check(rules, *saved, wanted, accepted);
            if (legacy)
                forgetLegacy();
        }
    }

    void randomTranslations_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 40; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }

    void randomTranslations()
    {
        QFETCH(const int, seed);
        QRandomGenerator random(static_cast<quint32>(seed));
        const QByteArray text = ::randomTranslations(random);
        QVERIFY(m_network->inHost(u"nft flush ruleset"_s));
        QVERIFY(m_network->inHost(u"nft -f -"_s, translation()));
        const auto native = m_network->inHost(u"nft -j list ruleset"_s);
        QVERIFY2(m_network->inHost(u"iptables-nft-restore"_s, text), text.constData());
        PacketRules rules;
        QVERIFY(native && rules.addNftJson(*native));
        QVERIFY(rules.addIptablesSave(text, PacketFamily::IPv4, false));
        const Comparison seen = m_network->compare(rules, text);
        QVERIFY2(seen.contradiction.isEmpty(), seen.contradiction.constData());
    }

private:
    void
    check(const PacketRules &rules, const QByteArray &text, PacketVerdict four, PacketVerdict six)
    {
        const Comparison seen = m_network->compare(rules, text);
        QVERIFY2(seen.contradiction.isEmpty(), seen.contradiction.constData());
        QCOMPARE(rules.decide(packetTo(firstPort, PacketFamily::IPv4), containerBridge).verdict,
                 four);
        QCOMPARE(rules.decide(packetTo(firstPort, PacketFamily::IPv6), containerBridge).verdict,
                 six);
    }

    void forgetLegacy()
    {
        const QByteArray empty = "*raw\nCOMMIT\n*nat\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\n"
                                 ":FORWARD ACCEPT [0:0]\nCOMMIT\n";
        QVERIFY(m_network->inHost(u"iptables-legacy-restore"_s, empty));
    }
};

QTEST_GUILESS_MAIN(TestPacketCorners)
#include "tst_packetcorners.moc"
