#include "packetnetwork.h"

#include <QHostAddress>
#include <QProcess>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

using namespace Qt::StringLiterals;
using config::Packet;
using config::PacketFamily;
using config::PacketRules;
using config::PacketVerdict;

namespace packetnetwork {

namespace {

/// stdout of a shell line, nullopt when it failed.
std::optional<QByteArray> run(const QString &script, const QByteArray &input = {})
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

std::vector<Packet> packetsToTry()
{
    std::vector<Packet> packets;
    for (const PacketFamily family : {PacketFamily::IPv4, PacketFamily::IPv6}) {
        for (int i = 0; i <= portCount; ++i)
            packets.push_back(
                packetTo(i < portCount ? quint16(firstPort + i) : publishedPort, family));
    }
    return packets;
}

} // namespace

Packet packetTo(quint16 port, PacketFamily family)
{
    const bool six = family == PacketFamily::IPv6;
    Packet packet;
    packet.family = family;
    packet.source = QHostAddress(six ? u"fd77::2"_s : u"10.77.0.2"_s);
    packet.destination = QHostAddress(six ? u"fd77::1"_s : u"10.77.0.1"_s);
    packet.inInterface = "e0";
    packet.destinationPort = port;
    packet.localAddresses = {QHostAddress(u"10.78.0.1"_s), QHostAddress(u"fd78::1"_s)};
    return packet;
}

QByteArray translation()
{
    return "table ip n {\n  chain pre {\n    type nat hook prerouting priority dstnat; policy "
           "accept;\n"
           "    tcp dport 9001 dnat to 10.78.0.2:9001\n  }\n}\ntable ip6 n {\n  chain pre {\n"
           "    type nat hook prerouting priority dstnat; policy accept;\n"
           "    tcp dport 9001 dnat to [fd78::2]:9001\n  }\n}\n";
}

Network::Network()
    : m_prefix(u"fk%1"_s.arg(getpid()))
{ }

Network::~Network()
{
    std::ranges::for_each(m_sockets, [](int fd) { close(fd); });
    run(uR"(for n in s h c; do ip netns del @$n; done)"_s.replace(u'@', m_prefix));
}

std::unique_ptr<Network> Network::make()
{
    if (getuid() != 0)
        return nullptr;
    std::unique_ptr<Network> network(new Network);
    if (!network->up())
        return nullptr;
    std::thread([&] {
        if (!network->enter(u"h"_s))
            return;
        for (int i = 0; i < portCount; ++i)
            network->m_sockets.push_back(listenOn(static_cast<quint16>(firstPort + i)));
        if (network->enter(u"c"_s))
            network->m_sockets.push_back(listenOn(publishedPort));
    }).join();
    return network;
}

bool Network::listens() const
{
    return m_sockets.size() == portCount + 1
        && std::ranges::all_of(m_sockets, [](int fd) { return fd >= 0; });
}

bool Network::up() const
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
)"_s.replace(u'@', m_prefix);
    return run(script).has_value();
}

std::optional<QByteArray> Network::inHost(const QString &command, const QByteArray &input) const
{
    return run(u"ip netns exec "_s + m_prefix + u"h "_s + command, input);
}

bool Network::enter(const QString &which) const
{
    const int fd = open(qPrintable(u"/run/netns/"_s + m_prefix + which), O_RDONLY | O_CLOEXEC);
    const bool entered = fd >= 0 && setns(fd, CLONE_NEWNET) == 0;
    close(fd);
    return entered;
}

Comparison Network::compare(const PacketRules &rules, const QByteArray &loaded) const
{
    const std::vector<Packet> packets = packetsToTry();
    std::vector<bool> seen;
    // Silence where an answer is due may be a late neighbour discovery, or a limit that chose this
    // try: look again, longer. An answer where silence is due is final at once.
    for (const int patience : {120, 1500, 4000}) {
        std::thread([&] {
            if (enter(u"s"_s))
                seen = reachable(packets, std::chrono::milliseconds(patience));
        }).join();
        bool late = false;
        for (std::size_t i = 0; i < seen.size(); ++i) {
            late = late
                || (!seen[i]
                    && rules.decide(packets[i], containerBridge).verdict
                        == PacketVerdict::Accepted);
        }
        if (!late)
            break;
    }
    Comparison out;
    if (seen.size() != packets.size())
        out.contradiction = "the sender's namespace cannot be entered";
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const auto decision = rules.decide(packets[i], containerBridge);
        if (decision.verdict == PacketVerdict::Undecided) {
            ++out.undecided;
            continue;
        }
        ++out.decided;
        out.dropped += decision.verdict == PacketVerdict::Dropped;
        if ((decision.verdict == PacketVerdict::Accepted) != seen[i]) {
            out.contradiction = "port " + QByteArray::number(packets[i].destinationPort) + " of "
                + packets[i].destination.toString().toUtf8() + (seen[i] ? " answers" : " is silent")
                + "\ntrace:\n"
                + QByteArrayList(decision.trace.begin(), decision.trace.end()).join('\n')
                + "\nrules:\n" + loaded;
        }
    }
    return out;
}

} // namespace packetnetwork
