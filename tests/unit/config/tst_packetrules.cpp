#include "core/config/packetrules.h"

#include <QRandomGenerator>
#include <QTest>

#include <ctime>

using namespace Qt::StringLiterals;
using config::Packet;
using config::PacketFamily;
using config::PacketPath;
using config::PacketRules;
using config::PacketVerdict;

namespace {

Packet to(quint16 port, PacketFamily family = PacketFamily::IPv4)
{
    Packet packet;
    packet.family = family;
    packet.source
        = QHostAddress(family == PacketFamily::IPv4 ? u"198.51.100.7"_s : u"2001:db8::7"_s);
    packet.destination
        = QHostAddress(family == PacketFamily::IPv4 ? u"203.0.113.5"_s : u"2001:db8:1::5"_s);
    packet.inInterface = "eth0";
    packet.destinationPort = port;
    return packet;
}

// ufw's shape: default deny, 22 and 80 allowed, chains of its own, policy DROP.
const QByteArray ufwLike
    = "*filter\n"
      ":INPUT DROP [0:0]\n"
      ":FORWARD DROP [0:0]\n"
      ":OUTPUT ACCEPT [0:0]\n"
      ":DOCKER - [0:0]\n"
      ":DOCKER-USER - [0:0]\n"
      ":ufw-user-input - [0:0]\n"
      "-A INPUT -i lo -j ACCEPT\n"
      "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
      "-A INPUT -m conntrack --ctstate INVALID -j DROP\n"
      "-A INPUT -j ufw-user-input\n"
      "-A FORWARD -j DOCKER-USER\n"
      "-A FORWARD -o br-fk -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
      "-A FORWARD -o br-fk -j DOCKER\n"
      "-A FORWARD -i br-fk ! -o br-fk -j ACCEPT\n"
      "-A DOCKER -d 172.18.0.5/32 ! -i br-fk -o br-fk -p tcp -m tcp --dport 9999 -j ACCEPT\n"
      "-A DOCKER-USER -j RETURN\n"
      "-A ufw-user-input -p tcp -m tcp --dport 22 -m comment --comment \"dapp_OpenSSH \\\"x\\\"\" "
      "-j ACCEPT\n"
      "-A ufw-user-input -p tcp -m multiport --dports 80,443 -j ACCEPT\n"
      "COMMIT\n"
      "*nat\n"
      ":PREROUTING ACCEPT [0:0]\n"
      ":DOCKER - [0:0]\n"
      "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n"
      "-A DOCKER -i br-fk -j RETURN\n"
      "-A DOCKER ! -i br-fk -p tcp -m tcp --dport 9999 -j DNAT --to-destination 172.18.0.5:9999\n"
      "COMMIT\n";

PacketRules rulesOf(const QByteArray &save, PacketFamily family = PacketFamily::IPv4)
{
    PacketRules rules;
    if (!rules.addIptablesSave(save, family, false))
        qFatal("the rules of a test do not parse");
    return rules;
}

/// One chain that accepts, with one rule: these statements, then drop.
QByteArray nftWith(const QByteArray &statements)
{
    return R"({"nftables":[{"chain":{"family":"inet","table":"fw","name":"in","handle":1,)"
           R"("type":"filter","hook":"input","prio":0,"policy":"accept"}},)"
           R"({"rule":{"family":"inet","table":"fw","chain":"in","handle":2,"expr":[)"
        + statements + R"(,{"drop":null}]}}]})";
}

} // namespace

class TestPacketRules : public QObject
{
    Q_OBJECT

private slots:
    void ufwBlocksASocketOfTheHost()
    {
        const PacketRules rules = rulesOf(ufwLike);
        QCOMPARE(rules.decide(to(22)).verdict, PacketVerdict::Accepted);
        QCOMPARE(rules.decide(to(443)).verdict, PacketVerdict::Accepted);
        const auto blocked = rules.decide(to(8000));
        QCOMPARE(blocked.verdict, PacketVerdict::Dropped);
        QCOMPARE(blocked.path, PacketPath::Input);
        QVERIFY(blocked.trace.back().startsWith("policy drop"));
        QVERIFY(rules.filters(PacketFamily::IPv4));
        QVERIFY(!rules.filters(PacketFamily::IPv6));
    }

    void ufwDoesNotBlockAPublishedPort()
    {
        const auto decision = rulesOf(ufwLike).decide(to(9999), "br-fk");
        QCOMPARE(decision.verdict, PacketVerdict::Accepted);
        QCOMPARE(decision.path, PacketPath::Forward);
        QCOMPARE(decision.finalDestination, QHostAddress(u"172.18.0.5"_s));
    }

    void aDropInDockerUserDoes()
    {
        QByteArray save = ufwLike;
        save.replace(
            "-A DOCKER-USER -j RETURN",
            "-A DOCKER-USER -p tcp -m conntrack --ctorigdstport 9999 --ctdir ORIGINAL -j DROP");
        QCOMPARE(rulesOf(save).decide(to(9999), "br-fk").verdict, PacketVerdict::Dropped);
    }

    void aDropAfterTheAcceptDoesNothing()
    {
        QByteArray save = ufwLike;
        save.replace("-A FORWARD -i br-fk ! -o br-fk -j ACCEPT",
                     "-A FORWARD -p tcp --dport 9999 -j DROP");
        QCOMPARE(rulesOf(save).decide(to(9999), "br-fk").verdict, PacketVerdict::Accepted);
    }

    void anotherSourceIsAnotherQuestion()
    {
        QByteArray save = ufwLike;
        save.replace("-A DOCKER-USER -j RETURN", "-A DOCKER-USER ! -s 10.0.0.0/8 -j DROP");
        Packet packet = to(9999);
        QCOMPARE(rulesOf(save).decide(packet, "br-fk").verdict, PacketVerdict::Dropped);
        packet.source = QHostAddress(u"10.3.4.5"_s);
        QCOMPARE(rulesOf(save).decide(packet, "br-fk").verdict, PacketVerdict::Accepted);
    }

    void aRuleNobodyCanReadLeavesItOpen()
    {
        QByteArray save = ufwLike;
        save.replace("-A DOCKER-USER -j RETURN",
                     "-A DOCKER-USER -m bpf --bytecode \"4,48\" -j DROP");
        QCOMPARE(rulesOf(save).decide(to(9999), "br-fk").verdict, PacketVerdict::Undecided);
        // It does not matter where both ways end the same.
        save = ufwLike;
        save.replace("-A INPUT -j ufw-user-input", "-A INPUT -m u32 --u32 \"0>>22\" -j DROP");
        QCOMPARE(rulesOf(save).decide(to(8000)).verdict, PacketVerdict::Dropped);
    }

    void anUnknownTranslationIsUndecided()
    {
        QByteArray save = ufwLike;
        save.replace("-A DOCKER ! -i br-fk -p tcp -m tcp --dport 9999",
                     "-A DOCKER -m set --match-set x src -p tcp -m tcp --dport 9999");
        QCOMPARE(rulesOf(save).decide(to(9999), "br-fk").verdict, PacketVerdict::Undecided);
    }

    void eachFamilyHasItsOwnRules()
    {
        const PacketRules rules = rulesOf(ufwLike);
        QCOMPARE(rules.decide(to(8000, PacketFamily::IPv6)).verdict, PacketVerdict::Accepted);
    }

    void legacyAndNftBothCount()
    {
        PacketRules rules;
        QVERIFY(rules.addIptablesSave("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", PacketFamily::IPv4,
                                      false));
        QVERIFY(rules.addIptablesSave(
            "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 25 -j DROP\nCOMMIT\n",
            PacketFamily::IPv4, true));
        QCOMPARE(rules.decide(to(25)).verdict, PacketVerdict::Dropped);
    }

    void cyclesEnd()
    {
        const PacketRules rules
            = rulesOf("*filter\n:INPUT ACCEPT [0:0]\n:A - [0:0]\n:B - [0:0]\n"
                      "-A INPUT -j A\n-A A -j B\n-A A -j B\n-A B -j A\n-A B -j A\nCOMMIT\n");
        QCOMPARE(rules.decide(to(1)).verdict, PacketVerdict::Undecided);
    }

    void cutOrForeignTextIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("cut in a table") << ufwLike.first(ufwLike.indexOf("COMMIT"));
        QTest::newRow("not a save") << QByteArray("iptables: command not found\n");
        QTest::newRow("rule outside") << QByteArray("-A INPUT -j DROP\n");
    }

    void cutOrForeignTextIsRefused()
    {
        QFETCH(const QByteArray, text);
        PacketRules rules;
        QVERIFY(!rules.addIptablesSave(text, PacketFamily::IPv4, false));
        QVERIFY(!rules.addNftJson(text));
    }

    void nftSetsMapsAndTranslations()
    {
        PacketRules rules;
        QVERIFY(rules.addNftJson(R"({"nftables":[
          {"metainfo":{"json_schema_version":1}},
          {"table":{"family":"inet","name":"fw","handle":1}},
          {"set":{"family":"inet","table":"fw","name":"open","type":"inet_service","elem":[22,{"range":[8000,8010]}]}},
          {"chain":{"family":"inet","table":"fw","name":"in","handle":1,"type":"filter","hook":"input","prio":0,"policy":"drop"}},
          {"chain":{"family":"inet","table":"fw","name":"pre","handle":2,"type":"nat","hook":"prerouting","prio":-100,"policy":"accept"}},
          {"chain":{"family":"inet","table":"fw","name":"web","handle":3}},
          {"rule":{"family":"inet","table":"fw","chain":"in","handle":4,"expr":[
            {"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"accept":null}]}},
          {"rule":{"family":"inet","table":"fw","chain":"in","handle":5,"expr":[
            {"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":"@open"}},{"counter":{"packets":0,"bytes":0}},{"accept":null}]}},
          {"rule":{"family":"inet","table":"fw","chain":"in","handle":6,"expr":[
            {"vmap":{"key":{"payload":{"protocol":"tcp","field":"dport"}},"data":{"set":[[443,{"jump":{"target":"web"}}],[25,{"drop":null}]]}}}]}},
          {"rule":{"family":"inet","table":"fw","chain":"web","handle":7,"expr":[
            {"match":{"op":"!=","left":{"payload":{"protocol":"ip","field":"saddr"}},"right":{"prefix":{"addr":"198.51.100.0","len":24}}}},{"accept":null}]}},
          {"rule":{"family":"inet","table":"fw","chain":"pre","handle":8,"expr":[
            {"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":9000}},{"dnat":{"family":"ip","addr":"172.18.0.9","port":9001}}]}}
        ]})"));
        QCOMPARE(rules.decide(to(22)).verdict, PacketVerdict::Accepted);
        QCOMPARE(rules.decide(to(8005)).verdict, PacketVerdict::Accepted);
        QCOMPARE(rules.decide(to(8011)).verdict, PacketVerdict::Dropped);
        QCOMPARE(rules.decide(to(443)).verdict,
                 PacketVerdict::Dropped); // our test source is excluded
        Packet packet = to(443);
        packet.source = QHostAddress(u"192.0.2.1"_s);
        QCOMPARE(rules.decide(packet).verdict, PacketVerdict::Accepted);
        // `ip saddr` never matches an IPv6 packet, and the policy then drops.
        QCOMPARE(rules.decide(to(443, PacketFamily::IPv6)).verdict, PacketVerdict::Dropped);
        const auto forwarded = rules.decide(to(9000));
        QCOMPARE(forwarded.path, PacketPath::Forward);
        QCOMPARE(forwarded.finalPort, quint16(9001));
        QCOMPARE(forwarded.verdict, PacketVerdict::Accepted);
    }

    // What a hostile server can say in the two MiB of a section must cost a moment.
    void longListsInLoopsAreUndecided()
    {
        QByteArray save = "*filter\n:INPUT ACCEPT [0:0]\n:A - [0:0]\n";
        for (int i = 0; i < 20000; ++i)
            save += "-A INPUT -j A\n";
        save += "-A A -p tcp -m multiport --dports " + QByteArray("7,").repeated(300'000)
            + "7 -j DROP\nCOMMIT\n";
        const PacketRules rules = rulesOf(save);
        const std::clock_t begin = std::clock();
        QCOMPARE(rules.decide(to(25)).verdict, PacketVerdict::Undecided);
        QVERIFY(std::clock() - begin < 5 * CLOCKS_PER_SEC);
    }

    void largeSetsInLoopsAreUndecided()
    {
        QByteArray elements = "'192.0.2.1'";
        for (int i = 0; i < 20000; ++i)
            elements += ",'10.0." + QByteArray::number(i / 250) + '.' + QByteArray::number(i % 250)
                + '\'';
        QByteArray json = "{'nftables':[{'set':{'family':'ip','table':'f','name':'s','elem':["
            + elements + "]}},{'map':{'family':'ip','table':'f','name':'m','elem':["
            + QByteArray("['x',{'drop':null}],").repeated(20000) + "['y',{'drop':null}]]}},"
            + "{'chain':{'family':'ip','table':'f','name':'in','type':'filter','hook':'input',"
              "'prio':0,'policy':'accept'}}";
        for (const char *expression :
             {"{'match':{'op':'==','left':{'payload':{'protocol':'ip','field':'saddr'}},"
              "'right':'@s'}},{'drop':null}",
              "{'vmap':{'key':{'meta':{'key':'iifname'}},'data':'@m'}}"}) {
            json += QByteArray(",{'rule':{'family':'ip','table':'f','chain':'in','expr':["
                               + QByteArray(expression) + "]}}")
                        .repeated(3000);
        }
        json += "]}";
        json.replace('\'', '"');
        const std::clock_t begin = std::clock();
        PacketRules rules;
        QVERIFY(rules.addNftJson(json));
        QCOMPARE(rules.decide(to(25)).verdict, PacketVerdict::Undecided);
        QVERIFY(std::clock() - begin < 10 * CLOCKS_PER_SEC);
    }

    void theTraceStaysShort()
    {
        QByteArray save = "*filter\n:INPUT ACCEPT [0:0]\n:A - [0:0]\n";
        for (int i = 0; i < 200; ++i)
            save += "-A INPUT -j A\n";
        save += "-A A -m comment --comment " + QByteArray(50'000, 'x') + " -j RETURN\nCOMMIT\n";
        const auto decision = rulesOf(save).decide(to(25));
        QVERIFY(!decision.trace.empty());
        QVERIFY(decision.trace.size() < 100);
        for (const QByteArray &rule : decision.trace)
            QVERIFY(rule.size() < 1000);
    }

    void manyQuestionsHaveOneAllowance()
    {
        QByteArray save = "*filter\n:INPUT DROP [0:0]\n";
        for (int i = 0; i < 24; ++i)
            save += "-A INPUT -s 192.0.2.9/32 -m comment --comment " + QByteArray(40'000, 'x')
                + " -j ACCEPT\n";
        const PacketRules rules = rulesOf(save + "COMMIT\n");
        QCOMPARE(rules.decide(to(25)).verdict, PacketVerdict::Dropped);
        PacketVerdict last = PacketVerdict::Dropped;
        for (int i = 0; i < 10'000 && last == PacketVerdict::Dropped; ++i)
            last = rules.decide(to(25)).verdict;
        QCOMPARE(last, PacketVerdict::Undecided);
    }

    void tooManyTablesAreRefused()
    {
        PacketRules rules;
        QVERIFY(!rules.addIptablesSave(QByteArray("*x\nCOMMIT\n").repeated(1000),
                                       PacketFamily::IPv4, false));
        QVERIFY(!rules.addIptablesSave(QByteArray('*' + QByteArray(5000, 'x') + "\nCOMMIT\n"),
                                       PacketFamily::IPv4, false));
        QByteArray json = "{'nftables':[{}";
        for (int i = 0; i < 1000; ++i)
            json
                += ",{'chain':{'family':'ip','table':'t" + QByteArray::number(i) + "','name':'c'}}";
        json += "]}";
        QVERIFY(!rules.addNftJson(json.replace('\'', '"')));
    }

    /// What nft 1.0.6 prints for rules that hardening guides tell to write. All drop, and none
    /// of them drops an opening packet of somebody who takes his time.
    void rulesForStrangePacketsLetOthersPass_data()
    {
        QTest::addColumn<QByteArray>("statements");
        const auto row = [](const char *name, const char *statements) {
            QTest::newRow(name) << QByteArray(statements);
        };
        row("fin and syn",
            R"({"match":{"op":"==","left":{"&":[{"payload":{"protocol":"tcp","field":"flags"}},["fin","syn"]]},"right":["fin","syn"]}})");
        row("fin and syn, as older tools print it",
            R"({"match":{"op":"==","left":{"&":[{"payload":{"protocol":"tcp","field":"flags"}},{"|":["fin","syn"]}]},"right":{"|":["fin","syn"]}}})");
        row("no opening packet",
            R"({"match":{"op":"!=","left":{"&":[{"payload":{"protocol":"tcp","field":"flags"}},["fin","syn","rst","ack"]]},"right":"syn"}})");
        row("no flag at all",
            R"({"match":{"op":"!","left":{"payload":{"protocol":"tcp","field":"flags"}},"right":["fin","syn","rst","psh","ack","urg"]}})");
        row("syn and ack",
            R"({"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"flags"}},"right":18}})");
        row("over a rate", R"({"limit":{"rate":10,"burst":5,"per":"second","inv":true}})");
        row("over a rate for each source",
            R"({"set":{"op":"update","elem":{"payload":{"protocol":"ip","field":"saddr"}},"set":"@flood","stmt":[{"limit":{"rate":10,"burst":5,"per":"second","inv":true}}]}})");
        row("over a rate by a meter",
            R"({"meter":{"key":{"payload":{"protocol":"ip","field":"saddr"}},"stmt":{"limit":{"rate":10,"burst":5,"per":"second","inv":true}},"size":65535,"name":"m1"}})");
        row("echo requests",
            R"({"match":{"op":"==","left":{"payload":{"protocol":"icmp","field":"type"}},"right":"echo-request"}})");
    }

    void rulesForStrangePacketsLetOthersPass()
    {
        QFETCH(QByteArray, statements);
        PacketRules rules;
        QVERIFY(rules.addNftJson(nftWith(statements)));
        QCOMPARE(rules.decide(to(9000)).verdict, PacketVerdict::Accepted);
    }

    /// A drop up to a limit stops whoever is slow, what others used up is not known, and flags
    /// that cannot be read may be ours.
    void whatDropsOnlySomeIsUndecided_data()
    {
        QTest::addColumn<QByteArray>("statements");
        const auto row = [](const char *name, const char *statements) {
            QTest::newRow(name) << QByteArray(statements);
        };
        row("up to a rate", R"({"limit":{"rate":10,"burst":5,"per":"second"}})");
        row("a rate that stands elsewhere", R"({"limit":"slow"})");
        row("up to a rate for each source",
            R"({"set":{"op":"add","elem":{"payload":{"protocol":"ip","field":"saddr"}},"set":"@s","stmt":[{"limit":{"rate":10,"burst":5,"per":"second"}}]}})");
        row("a number of connections for each source",
            R"({"set":{"op":"add","elem":{"payload":{"protocol":"ip","field":"saddr"}},"set":"@s","stmt":[{"ct count":{"val":20,"inv":true}}]}})");
        row("beyond a volume", R"({"quota":{"val":25,"val_unit":"mbytes","inv":true}})");
        row("a volume that stands elsewhere", R"({"quota":"q"})");
        row("an unknown flag",
            R"({"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"flags"}},"right":["syn","new"]}})");
        row("an exact status",
            R"({"match":{"op":"!=","left":{"ct":{"key":"status"}},"right":"dnat"}})");
    }

    void whatDropsOnlySomeIsUndecided()
    {
        QFETCH(QByteArray, statements);
        PacketRules rules;
        QVERIFY(rules.addNftJson(nftWith(statements)));
        QCOMPARE(rules.decide(to(9000)).verdict, PacketVerdict::Undecided);
    }

    void limitsOfIptablesDropNobodyForGood()
    {
        const auto verdict = [](const QByteArray &match) {
            return rulesOf("*filter\n:INPUT ACCEPT [0:0]\n:TRAP - [0:0]\n-A INPUT " + match
                           + "\n-A TRAP -j DROP\nCOMMIT\n")
                .decide(to(9000))
                .verdict;
        };
        for (const char *open : {"-m limit --limit 3/min -j DROP", "-m limit --limit 3/min -j TRAP",
                                 "-m hashlimit --hashlimit-upto 3/min --hashlimit-name x -j DROP"})
            QCOMPARE(verdict(open), PacketVerdict::Undecided);
        for (const char *passing :
             {"-m limit --limit 3/min -j LOG", "-m limit --limit 3/min -j RETURN", "-f -j DROP",
              "-m hashlimit --hashlimit-above 3/min --hashlimit-name x -j DROP"})
            QCOMPARE(verdict(passing), PacketVerdict::Accepted);
        QCOMPARE(verdict("! -f -j DROP"), PacketVerdict::Dropped);
    }

    /// nft 1.0 prints something else in place of the flag.
    void tablesThatSleep_data()
    {
        QTest::addColumn<QByteArray>("flags");
        QTest::addColumn<int>("verdict");
        const auto row = [](const char *flags, PacketVerdict verdict) {
            QTest::newRow(flags) << QByteArray(flags) << static_cast<int>(verdict);
        };
        row("[\"dormant\"]", PacketVerdict::Accepted);
        row("\"dormant\"", PacketVerdict::Accepted);
        row("[\"owner\",\"persist\"]", PacketVerdict::Dropped);
        row("\"owner\"", PacketVerdict::Dropped);
        row("\"fw\"", PacketVerdict::Undecided);
    }

    void tablesThatSleep()
    {
        QFETCH(const QByteArray, flags);
        QFETCH(const int, verdict);
        const QByteArray json = R"({"nftables":[{"table":{"family":"inet","name":"fw","flags":)"
            + flags + R"(}},{"chain":{"family":"inet","table":"fw","name":"in",
                 "type":"filter","hook":"input","prio":0,"policy":"drop"}}]})";
        PacketRules rules;
        QVERIFY(rules.addNftJson(json));
        QCOMPARE(static_cast<int>(rules.decide(to(22)).verdict), verdict);
    }

    void randomTextNeverCrashes()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 3000; ++round) {
            QByteArray text = ufwLike;
            for (int i = 0; i < 4; ++i) {
                const qsizetype at = random.bounded(int(text.size()));
                text.replace(at, random.bounded(6),
                             QByteArray(1, static_cast<char>(random.bounded(256))));
            }
            PacketRules rules;
            if (rules.addIptablesSave(text, PacketFamily::IPv4, false))
                rules.decide(to(9999), "br-fk");
        }
    }
};

QTEST_APPLESS_MAIN(TestPacketRules)
#include "tst_packetrules.moc"
