// The evaluator against the kernel: random rule sets are loaded in a network namespace, printed by
// the tools as on a server, and real connections are opened from outside. Every decided verdict
// must be what happens.

#include "core/config/packetrules.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTest>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

using namespace Qt::StringLiterals;
using config::Packet;
using config::PacketFamily;
using config::PacketRules;
using config::PacketVerdict;

namespace {

constexpr quint16 firstPort = 7001; // sockets of the host
constexpr int portCount = 3;
constexpr quint16 publishedPort = 9001; // translated to the container

/// Source, host and container: three namespaces in a row.
class Network
{
public:
    QString prefix = u"fk%1"_s.arg(getpid());

    bool up()
    {
        const QString script = uR"(set -e
for n in s h c; do ip netns add @$n; ip -n @$n link set lo up; done
ip -n @s link add e0 type veth peer name e0 netns @h
ip -n @h link add br-fk type veth peer name e0 netns @c
ip -n @s addr add 10.77.0.2/24 dev e0; ip -n @h addr add 10.77.0.1/24 dev e0
ip -n @h addr add 10.78.0.1/24 dev br-fk; ip -n @c addr add 10.78.0.2/24 dev e0
ip -n @s addr add fd77::2/64 dev e0 nodad; ip -n @h addr add fd77::1/64 dev e0 nodad
ip -n @h addr add fd78::1/64 dev br-fk nodad; ip -n @c addr add fd78::2/64 dev e0 nodad
ip -n @s link set e0 up; ip -n @h link set e0 up; ip -n @h link set br-fk up; ip -n @c link set e0 up
ip -n @c route add default via 10.78.0.1; ip -n @c -6 route add default via fd78::1
ip netns exec @h sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
)"_s.replace(u'@', prefix);
        return run(script).has_value();
    }

    ~Network() { run(uR"(for n in s h c; do ip netns del @$n; done)"_s.replace(u'@', prefix)); }

    /// stdout of a shell line, nullopt when it failed.
    static std::optional<QByteArray> run(const QString &script, const QByteArray &input = {})
    {
        QProcess shell;
        shell.start(u"/bin/sh"_s, {u"-c"_s, script});
        shell.write(input);
        shell.closeWriteChannel();
        if (!shell.waitForFinished(20000) || shell.exitCode() != 0) {
            qWarning("%s", shell.readAllStandardError().constData());
            return std::nullopt;
        }
        return shell.readAllStandardOutput();
    }

    std::optional<QByteArray> inHost(const QString &command, const QByteArray &input = {}) const
    {
        return run(u"ip netns exec "_s + prefix + u"h "_s + command, input);
    }

    bool enter(const QString &which) const
    {
        const int fd = open(qPrintable(u"/run/netns/"_s + prefix + which), O_RDONLY | O_CLOEXEC);
        const bool entered = fd >= 0 && setns(fd, CLONE_NEWNET) == 0;
        close(fd);
        return entered;
    }
};

/// A listening socket for both families; the backlog completes the handshakes.
int listenOn(quint16 port)
{
    const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int off = 0;
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    if (bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0
        || listen(fd, 4096) != 0)
        return -1;
    return fd;
}

/// All connections at once. A loaded machine may answer late, a dropped packet never does.
std::vector<bool> reachable(const std::vector<Packet> &packets, std::chrono::milliseconds patience)
{
    std::vector<pollfd> waiting;
    for (const Packet &packet : packets) {
        const bool four = packet.family == PacketFamily::IPv4;
        const int fd
            = socket(four ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(packet.destinationPort);
        v4.sin_addr.s_addr = htonl(packet.destination.toIPv4Address());
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(packet.destinationPort);
        const Q_IPV6ADDR bytes = packet.destination.toIPv6Address();
        std::copy_n(bytes.c, 16, v6.sin6_addr.s6_addr);
        if (four)
            connect(fd, reinterpret_cast<sockaddr *>(&v4), sizeof v4);
        else
            connect(fd, reinterpret_cast<sockaddr *>(&v6), sizeof v6);
        waiting.push_back({fd, POLLOUT, 0});
    }
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const auto left
            = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        std::vector<pollfd> open;
        std::ranges::copy_if(waiting, std::back_inserter(open),
                             [](const pollfd &each) { return each.revents == 0; });
        if (open.empty() || left.count() <= 0)
            break;
        poll(open.data(), open.size(), static_cast<int>(left.count()));
        poll(waiting.data(), waiting.size(), 0);
    }
    std::vector<bool> answers;
    for (const pollfd &each : waiting) {
        int error = ETIMEDOUT;
        socklen_t size = sizeof error;
        if (each.revents != 0)
            getsockopt(each.fd, SOL_SOCKET, SO_ERROR, &error, &size);
        answers.push_back(each.revents != 0 && error == 0);
        close(each.fd);
    }
    return answers;
}

/// Conditions that iptables-restore and the kernel accept; about half of them match our packets.
QByteArray randomMatch(QRandomGenerator &random, bool six, bool forward)
{
    const QByteArray port = QByteArray::number(firstPort + random.bounded(portCount));
    switch (random.bounded(14)) {
    case 0:
        return "-p tcp -m tcp --dport " + port;
    case 1:
        return "-p tcp -m multiport --dports " + port + ",9001,22";
    case 2:
        return six ? "-s fd77::/64" : "-s 10.77.0.0/24";
    case 3:
        return six ? "! -s fd77::2/128" : "! -s 10.77.0.2/32";
    case 4:
        return "-m conntrack --ctstate NEW";
    case 5:
        return "-m conntrack --ctstate RELATED,ESTABLISHED";
    case 6:
        return random.bounded(2) ? "-i e0" : "! -i e0";
    case 7:
        return "-p udp -m udp --dport " + port;
    case 8:
        return "-p tcp -m conntrack --ctorigdstport 9001 --ctdir ORIGINAL";
    case 9:
        return forward ? "-o br-fk" : "-m addrtype --dst-type LOCAL";
    case 10:
        return "-p tcp -m tcp --tcp-flags FIN,SYN FIN,SYN";
    case 11:
        return "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN";
    case 12:
        return six ? "-p tcp -m tcp --tcp-flags ALL NONE" : "-f";
    default:
        return "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m limit --limit 1000/sec "
               "--limit-burst 1000";
    }
}

QByteArray randomIptables(QRandomGenerator &random, bool six)
{
    const QByteArray policy[] = {"ACCEPT", "DROP"};
    // No REJECT: refusing the third packet of a handshake would end a connection that was let in.
    const char *targets[] = {"ACCEPT", "DROP", "RETURN", "DROP", "U1", "U2"};
    QByteArray save = "*filter\n:INPUT " + policy[random.bounded(2)] + " [0:0]\n:FORWARD "
        + policy[random.bounded(2)] + " [0:0]\n:OUTPUT ACCEPT [0:0]\n:U1 - [0:0]\n:U2 - [0:0]\n";
    for (const char *chain : {"INPUT", "FORWARD", "U1", "U2"}) {
        const QByteArray name(chain);
        // Replies of the container travel through FORWARD as well.
        if (name == "FORWARD")
            save += "-A FORWARD -i br-fk -j ACCEPT\n";
        if (name == "INPUT" && six)
            save += "-A INPUT -p ipv6-icmp -j ACCEPT\n";
        for (int i = random.bounded(5); i > 0; --i) {
            // U2 ends, U1 may only call U2: no cycles.
            const int most = name == "U2" ? 4 : (name == "U1" ? 5 : 6);
            QByteArray target(targets[random.bounded(most)]);
            if (name == "U1" && target == "U1")
                target = "U2";
            const QByteArray match = randomMatch(random, six, name == "FORWARD");
            // A limit before a drop is left open on purpose: fast senders get past it.
            if (match.contains("--limit") && target != "RETURN")
                target = "ACCEPT";
            save += "-A " + name + ' ' + match + " -j " + target + '\n';
        }
    }
    save += "COMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\n:DOCKER - [0:0]\n"
            "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER -i br-fk -j RETURN\n";
    save += six ? "-A DOCKER ! -i br-fk -p tcp -m tcp --dport 9001 -j DNAT --to-destination "
                  "[fd78::2]:9001\n"
                : "-A DOCKER ! -i br-fk -p tcp -m tcp --dport 9001 -j DNAT --to-destination "
                  "10.78.0.2:9001\n";
    return save + "COMMIT\n";
}

/// The published port in nft's words.
QByteArray translation()
{
    return "table ip n {\n  chain pre {\n    type nat hook prerouting priority dstnat; policy "
           "accept;\n"
           "    tcp dport 9001 dnat to 10.78.0.2:9001\n  }\n}\ntable ip6 n {\n  chain pre {\n"
           "    type nat hook prerouting priority dstnat; policy accept;\n"
           "    tcp dport 9001 dnat to [fd78::2]:9001\n  }\n}\n";
}

QByteArray randomNft(QRandomGenerator &random)
{
    const QByteArray policy[] = {"accept", "drop"};
    const QByteArray verdicts[] = {"accept", "drop", "return", "jump other", "drop"};
    const QByteArray matches[] = {"tcp dport 7001",
                                  "tcp dport { 7001-7002, 9001 }",
                                  "tcp dport @ports",
                                  "ip saddr 10.77.0.0/24",
                                  "ip6 saddr fd77::2",
                                  "ip saddr != 10.77.0.0-10.77.0.9",
                                  "iifname \"e0\"",
                                  "iifname != \"e0\"",
                                  "ct state new",
                                  "ct state established,related",
                                  "meta nfproto ipv6",
                                  "meta l4proto udp",
                                  "ct status dnat",
                                  "fib daddr type local",
                                  "tcp flags & (fin|syn|rst|ack) == syn",
                                  "tcp flags & (fin|syn) == (fin|syn)",
                                  "tcp flags & (fin|syn|rst|ack) != syn",
                                  "tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0",
                                  "tcp flags { syn, ack }",
                                  "tcp flags == (syn|ack)",
                                  "tcp flags & (syn|ack) == { syn, ack, syn|ack }",
                                  "icmp type echo-request",
                                  "ct state != { established, related }",
                                  "limit rate over 1000/second burst 1000 packets",
                                  "add @seen { ip saddr limit rate over 1000/second burst 1000 "
                                  "packets }",
                                  "limit rate 1000/second burst 1000 packets"};
    constexpr int matchCount = std::size(matches);
    const auto rules = [&](bool mayJump) {
        QByteArray text;
        for (int i = random.bounded(5); i > 0; --i) {
            const QByteArray match = matches[random.bounded(matchCount)];
            const QByteArray verdict = verdicts[mayJump ? random.bounded(5) : random.bounded(3)];
            // A limit before a drop is left open on purpose: fast senders get past it.
            const bool open = match.contains("limit rate 1000/second")
                || (match.startsWith("limit") && verdict == "jump other");
            text += "    " + match + ' ' + (open ? QByteArray("accept") : verdict) + '\n';
        }
        if (mayJump && random.bounded(3) == 0)
            text += "    tcp dport vmap { 7001 : drop, 7003 : accept, 9001 : jump other }\n";
        return text;
    };
    return "table inet fw {\n  set ports { type inet_service; flags interval; elements = { "
           "7002-7003 }; }\n"
           "  set seen { type ipv4_addr; flags dynamic; timeout 1m; }\n"
           "  chain other {\n"
        + rules(false) + "  }\n  chain in {\n    type filter hook input priority 0; policy "
        + policy[random.bounded(2)] + ";\n    meta l4proto ipv6-icmp accept\n" + rules(true)
        + "  }\n  chain through {\n    type filter hook forward priority 0; policy "
        + policy[random.bounded(2)] + ";\n    iifname \"br-fk\" accept\n" + rules(true) + "  }\n}\n"
        + translation();
}

std::vector<Packet> packetsToTry()
{
    std::vector<Packet> packets;
    for (const PacketFamily family : {PacketFamily::IPv4, PacketFamily::IPv6}) {
        const bool six = family == PacketFamily::IPv6;
        for (int i = 0; i <= portCount; ++i) {
            Packet packet;
            packet.family = family;
            packet.source = QHostAddress(six ? u"fd77::2"_s : u"10.77.0.2"_s);
            packet.destination = QHostAddress(six ? u"fd77::1"_s : u"10.77.0.1"_s);
            packet.inInterface = "e0";
            packet.destinationPort = i < portCount ? quint16(firstPort + i) : publishedPort;
            packets.push_back(packet);
        }
    }
    return packets;
}

} // namespace

class TestPacketKernel : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Network> m_network;
    std::vector<int> m_sockets;
    int m_decided = 0;
    int m_dropped = 0;
    int m_undecided = 0;

    void compare(const PacketRules &rules, const QByteArray &loaded)
    {
        const std::vector<Packet> packets = packetsToTry();
        std::vector<bool> seen;
        // Silence where an answer is due may be a late neighbour discovery: look again, longer. An
        // answer where silence is due is final at once.
        for (const int patience : {120, 1500, 4000}) {
            std::thread([&] {
                if (m_network->enter(u"s"_s))
                    seen = reachable(packets, std::chrono::milliseconds(patience));
            }).join();
            bool late = false;
            for (std::size_t i = 0; i < seen.size(); ++i) {
                late = late
                    || (!seen[i]
                        && rules.decide(packets[i], "br-fk").verdict == PacketVerdict::Accepted);
            }
            if (!late)
                break;
        }
        QCOMPARE(seen.size(), packets.size());
        for (std::size_t i = 0; i < packets.size(); ++i) {
            const auto decision = rules.decide(packets[i], "br-fk");
            if (decision.verdict == PacketVerdict::Undecided) {
                ++m_undecided;
                continue;
            }
            ++m_decided;
            m_dropped += decision.verdict == PacketVerdict::Dropped;
            const bool says = decision.verdict == PacketVerdict::Accepted;
            const QByteArray story = "port " + QByteArray::number(packets[i].destinationPort)
                + " of " + packets[i].destination.toString().toUtf8()
                + (seen[i] ? " answers" : " is silent") + "\ntrace:\n"
                + QByteArrayList(decision.trace.begin(), decision.trace.end()).join('\n')
                + "\nrules:\n" + loaded;
            QVERIFY2(says == seen[i], story.constData());
        }
    }

private slots:
    void initTestCase()
    {
        m_network = std::make_unique<Network>();
        if (getuid() != 0 || !m_network->up()) {
            QSKIP("SKIPPED: network namespaces need root. Run the tests as root, with iproute2, "
                  "nftables "
                  "and iptables installed, to hold the evaluator against the kernel.");
        }
        std::thread([this] {
            if (!m_network->enter(u"h"_s))
                return;
            for (int i = 0; i < portCount; ++i)
                m_sockets.push_back(listenOn(static_cast<quint16>(firstPort + i)));
            // A socket of the host on the published port: only the translation tells them apart.
            if (m_network->enter(u"c"_s))
                m_sockets.push_back(listenOn(publishedPort));
        }).join();
        QCOMPARE(m_sockets.size(), std::size_t(portCount + 1));
        QVERIFY(std::ranges::all_of(m_sockets, [](int fd) { return fd >= 0; }));
    }

    void everythingAnswersWithoutRules()
    {
        QVERIFY(m_network->inHost(u"nft -f -"_s, translation()));
        const auto json = m_network->inHost(u"nft -j list ruleset"_s);
        PacketRules rules;
        QVERIFY(json && rules.addNftJson(*json));
        compare(rules, *json);
    }

    void iptables_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 40; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }

    void iptables()
    {
        QFETCH(const int, seed);
        QRandomGenerator random(static_cast<quint32>(seed));
        const QByteArray four = randomIptables(random, false);
        const QByteArray six = randomIptables(random, true);
        QVERIFY(m_network->inHost(u"nft flush ruleset"_s));
        QVERIFY2(m_network->inHost(u"iptables-restore"_s, four), four.constData());
        QVERIFY2(m_network->inHost(u"ip6tables-restore"_s, six), six.constData());
        const auto saved = m_network->inHost(u"iptables-save"_s);
        const auto saved6 = m_network->inHost(u"ip6tables-save"_s);
        const auto nft = m_network->inHost(u"nft -j list ruleset"_s);
        QVERIFY(saved && saved6 && nft);
        PacketRules rules;
        QVERIFY(rules.addNftJson(*nft));
        QVERIFY(rules.addIptablesSave(*saved, PacketFamily::IPv4, false));
        QVERIFY(rules.addIptablesSave(*saved6, PacketFamily::IPv6, false));
        compare(rules, *saved + *saved6);
    }

    void nftables_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 40; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }

    void nftables()
    {
        QFETCH(const int, seed);
        QRandomGenerator random(static_cast<quint32>(1000 + seed));
        const QByteArray text = randomNft(random);
        QVERIFY(m_network->inHost(u"nft flush ruleset"_s));
        QVERIFY2(m_network->inHost(u"nft -f -"_s, text), text.constData());
        const auto json = m_network->inHost(u"nft -j list ruleset"_s);
        QVERIFY(json);
        PacketRules rules;
        QVERIFY(rules.addNftJson(*json));
        compare(rules, text);
    }

    void cleanupTestCase()
    {
        std::ranges::for_each(m_sockets, [](int fd) { close(fd); });
        m_network.reset();
        qInfo("%d verdicts held against the kernel, %d of them drops, %d left open", m_decided,
              m_dropped, m_undecided);
        if (!m_sockets.empty())
            QVERIFY2(m_undecided * 20 < m_decided, "the evaluator leaves more than 5 % open");
    }
};

QTEST_GUILESS_MAIN(TestPacketKernel)
#include "tst_packetkernel.moc"
