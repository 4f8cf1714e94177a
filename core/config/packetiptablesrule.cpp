// Rules of `iptables-save`.

#include "core/config/packetiptablesrule.h"

#include <QList>
#include <QString>

#include <algorithm>
#include <array>
#include <utility>

namespace config::packet {

namespace {

std::optional<quint16> port(QByteArrayView text)
{
    bool ok = false;
    const ushort number = text.toUShort(&ok);
    return ok ? std::optional<quint16>(number) : std::nullopt;
}

/// "80", "1000:2000", ":80", "1000:".
std::optional<std::pair<quint16, quint16>> portRange(const QByteArray &part)
{
    const qsizetype colon = part.indexOf(':');
    const auto low = port(colon < 0 ? part : (colon == 0 ? QByteArray("0") : part.first(colon)));
    const auto high = port(
        colon < 0 ? part
                  : (colon + 1 == part.size() ? QByteArray("65535") : part.sliced(colon + 1)));
    return low && high ? std::optional(std::pair(*low, *high)) : std::nullopt;
}

/// "80,443,1000:2000" against one port.
Tri matchPorts(const QByteArray &list, quint16 actual)
{
    Tri any = Tri::No;
    for (const QByteArray &part : list.split(',')) {
        const auto range = portRange(part);
        any = either(any,
                     range ? tri(range->first <= actual && actual <= range->second) : Tri::Maybe);
    }
    return any;
}

/// The same, of a list, for ports that the sender chooses.
Tri matchSourcePorts(const QByteArray &list, const State &state)
{
    Tri any = Tri::No;
    for (const QByteArray &part : list.split(',')) {
        const auto range = portRange(part);
        any = either(any, range ? matchSourcePort(state, range->first, range->second) : Tri::Maybe);
    }
    return any;
}

template <typename Match>
Tri matchNetworks(const QByteArray &list, Match match)
{
    Tri any = Tri::No;
    for (const QByteArray &text : list.split(',')) {
        const auto [network, prefix] = QHostAddress::parseSubnet(QString::fromLatin1(text));
        any = either(any, match(network, prefix));
    }
    return any;
}

/// NEW, not translated unless DNAT happened. Without a connection: UNTRACKED, or INVALID before the
/// tracker.
Tri matchStates(const QByteArray &list, const State &state)
{
    Tri any = Tri::No;
    for (const QByteArray &each : list.split(',')) {
        Tri one = Tri::No;
        if (each == "NEW")
            one = state.connection;
        else if (each == "DNAT")
            one = both(state.connection, tri(state.translated));
        else if (each == "UNTRACKED")
            one = both(!state.connection, state.untracked);
        else if (each == "INVALID")
            one = both(!state.connection, !state.untracked);
        else if (each != "ESTABLISHED" && each != "RELATED" && each != "SNAT")
            one = Tri::Maybe;
        any = either(any, one);
    }
    return any;
}

/// "FIN,SYN", "ALL", "NONE" as bits.
std::optional<int> tcpFlags(const QByteArray &list)
{
    if (list == "NONE")
        return 0;
    if (list == "ALL")
        return 0x3f;
    int bits = 0;
    for (const QByteArray &each : list.split(',')) {
        const std::optional<int> bit = tcpFlag(each.toLower());
        if (!bit)
            return std::nullopt;
        bits |= *bit;
    }
    return bits;
}

/// `list` against what routing says of the destination or the source.
Tri matchAddressType(const QByteArray &list, bool destination, const State &state)
{
    const Tri local = destination ? state.isLocal(state.destination) : state.isLocal(state.source);
    Tri any = Tri::No;
    for (const QByteArray &type : list.split(',')) {
        Tri one = Tri::Maybe;
        if (type == "LOCAL")
            one = local;
        else if (type == "UNICAST")
            one = !local;
        else if (type == "BROADCAST" || type == "MULTICAST" || type == "ANYCAST")
            one = Tri::No; // no connection begins so
        any = either(any, one);
    }
    return any;
}

QByteArray protocolNumber(const QByteArray &name)
{
    return name == "tcp" ? "6" : (name == "udp" ? "17" : name);
}

class RuleReader
{
public:
    RuleReader(std::vector<QByteArray> line, const QHash<QByteArray, Chain> &chains)
        : m_words(std::move(line))
        , m_chains(chains)
    { }

    Rule read()
    {
        while (m_at < m_words.size()) {
            if (m_words[m_at] == "!") {
                m_negated = true;
                ++m_at;
            } else if (m_words[m_at] == "-j" || m_words[m_at] == "-g") {
                readTarget();
                break; // the rest are the target's own options
            } else {
                readMatch();
                m_negated = false;
            }
        }
        if (m_recent)
            m_rule.senderChooses = true;
        if (m_recent && !m_counts)
            doubt();
        if (m_rule.branches.empty())
            m_rule.branches.push_back({});
        return std::move(m_rule);
    }

private:
    QByteArray next() { return m_at < m_words.size() ? m_words[m_at++] : QByteArray(); }

    void add(Condition condition)
    {
        if (m_negated) {
            m_rule.conditions.push_back([condition = std::move(condition)](const State &state) {
                return !condition(state);
            });
        } else {
            m_rule.conditions.push_back(std::move(condition));
        }
    }

    /// The rule may or may not match, whatever else it says.
    void doubt()
    {
        m_rule.conditions.push_back([](const State &) { return Tri::Maybe; });
    }

    /// What is asked of a connection; without one the answer depends on what else is asked.
    void addOfConnection(Condition condition)
    {
        add([condition = std::move(condition)](const State &state) {
            return state.connection == Tri::Yes ? condition(state) : Tri::Maybe;
        });
    }

    void readMatch()
    {
        const QByteArray option = next();
        if (option == "-m") {
            readModule(next());
            return;
        }
        if (readAddressing(option) || readConnection(option) || readRation(option)
            || isHarmless(option))
            return;
        while (m_at < m_words.size() && !m_words[m_at].startsWith('-') && m_words[m_at] != "!")
            ++m_at;
        if (!m_rationing)
            doubt(); // an option nobody taught us
    }

    void readModule(const QByteArray &name)
    {
        // The options of these say all we need; others may match something without any.
        static constexpr std::array<QByteArrayView, 13> plain{
            "tcp",    "udp",   "multiport", "conntrack", "state", "comment", "addrtype",
            "recent", "icmp6", "icmp",      "hl",        "rt",    "mark"};
        static constexpr std::array<QByteArrayView, 4> rations{"limit", "hashlimit", "connlimit",
                                                               "statistic"};
        m_rationing = std::ranges::find(rations, QByteArrayView(name)) != rations.end();
        m_rule.senderChooses = m_rule.senderChooses || name == "connlimit" || name == "statistic";
        if (!m_rationing && std::ranges::find(plain, QByteArrayView(name)) == plain.end())
            doubt();
    }

    /// Rates, and lists of who called before; hit counts make those rates as well.
    bool readRation(const QByteArray &option)
    {
        if (option == "--update" || option == "--rcheck") {
            m_recent = true;
        } else if (option == "--hitcount") {
            m_counts = next().toInt() > 1;
        } else if (option == "--limit" || option == "--hashlimit-upto") {
            next();
            m_rule.upToRate = true;
        } else if (option == "--hashlimit-above") {
            next();
            m_rule.senderChooses = true;
        } else if (option == "--set") {
            if (m_negated)
                doubt();
        } else {
            return false;
        }
        return true;
    }

    bool readAddressing(const QByteArray &option)
    {
        if (option == "-s" || option == "-d") {
            const bool source = option == "-s";
            add([source, list = next()](const State &state) {
                return matchNetworks(list, [&](const QHostAddress &network, int prefix) {
                    return source ? matchAddress(state.source, network, prefix)
                                  : matchDestination(state, network, prefix);
                });
            });
        } else if (option == "-i") {
            add([name = next()](const State &state) {
                return matchInterface(name, state.in, true);
            });
        } else if (option == "-o") {
            add([name = next()](const State &state) {
                return state.forwarded ? matchInterface(name, state.out, false) : Tri::No;
            });
        } else if (option == "-p") {
            add([name = next()](const State &state) {
                return tri(name == "all" || protocolNumber(name) == protocolNumber(state.protocol));
            });
        } else if (option == "--dport" || option == "--dports" || option == "--sport"
                   || option == "--sports" || option == "--ports") {
            add([option, list = next()](const State &state) {
                const Tri source = matchSourcePorts(list, state);
                const Tri destination = matchPorts(list, state.destinationPort);
                if (option == "--ports")
                    return either(source, destination);
                return option.startsWith("--d") ? destination : source;
            });
        } else if (option == "--dst-type" || option == "--src-type") {
            add([option, list = next()](const State &state) {
                return matchAddressType(list, option == "--dst-type", state);
            });
        } else {
            return false;
        }
        return true;
    }

    bool readConnection(const QByteArray &option)
    {
        if (option == "--ctstate" || option == "--state" || option == "--ctstatus") {
            add([list = next()](const State &state) { return matchStates(list, state); });
        } else if (option == "--ctorigdstport") {
            addOfConnection([list = next()](const State &state) {
                return matchPorts(list, state.originalPort);
            });
        } else if (option == "--ctorigdst") {
            addOfConnection([list = next()](const State &state) {
                return matchNetworks(list, [&](const QHostAddress &network, int prefix) {
                    return matchAddress(state.originalDestination, network, prefix);
                });
            });
        } else if (option == "--ctdir") {
            addOfConnection(
                [direction = next()](const State &) { return tri(direction == "ORIGINAL"); });
        } else if (option == "--ctproto") {
            addOfConnection([name = next()](const State &state) {
                return tri(protocolNumber(name) == protocolNumber(state.protocol));
            });
        } else if (option == "--tcp-flags") {
            const std::optional<int> mask = tcpFlags(next());
            const std::optional<int> wanted = tcpFlags(next());
            add([mask, wanted](const State &) {
                return mask && wanted ? matchTcpFlags(*mask, *wanted) : Tri::Maybe;
            });
        } else if (option == "--syn") {
            add([](const State &) { return Tri::Yes; });
        } else if (option == "--icmp-type" || option == "--icmpv6-type") {
            next();
            add([](const State &) { return Tri::No; });
        } else if (option == "-f") {
            add([](const State &) { return Tri::No; }); // a later fragment
        } else if (option == "--rt-type" || option == "--rt-segsleft") {
            next();
            m_rule.senderChooses = true;
        } else if (option == "--hl-eq" && m_at < m_words.size() && m_words[m_at] == "255") {
            next();
            add([](const State &) { return Tri::No; }); // that has not passed any router
        } else {
            return false;
        }
        return true;
    }

    /// Options that change nothing for a first packet.
    bool isHarmless(const QByteArray &option)
    {
        static constexpr std::array<const char *, 5> withValue{"--comment", "--seconds", "--name",
                                                               "--mask", "--rttl"};
        static constexpr std::array<const char *, 3> bare{"--rsource", "--rdest", "--reap"};
        if (std::ranges::any_of(withValue, [&](const char *each) { return option == each; })) {
            next();
            return true;
        }
        return std::ranges::any_of(bare, [&](const char *each) { return option == each; });
    }

    void readTarget()
    {
        const bool goes = next() == "-g";
        const QByteArray name = next();
        Action action;
        if (m_chains.contains(name))
            action = {goes ? Action::Kind::Goto : Action::Kind::Jump, name, {}, 0};
        else
            action = builtIn(name);
        m_rule.branches.push_back({{}, action});
    }

    Action builtIn(const QByteArray &name)
    {
        static constexpr std::array<const char *, 13> passing{
            "LOG",    "NFLOG",    "ULOG",     "MARK", "CONNMARK", "CT", "TRACE",
            "TCPMSS", "CHECKSUM", "CLASSIFY", "DSCP", "TOS",      "SET"};
        using Kind = Action::Kind;
        if (name == "ACCEPT" || name == "MASQUERADE" || name == "SNAT" || name == "NETMAP")
            return {name == "NETMAP" ? Kind::Opaque : Kind::Accept, {}, {}, 0};
        if (name == "DROP" || name == "REJECT")
            return {Kind::Drop, {}, {}, 0};
        if (name == "RETURN")
            return {Kind::Return, {}, {}, 0};
        if (name == "DNAT" || name == "REDIRECT")
            return translation(name == "DNAT");
        m_rule.untracks = name == "NOTRACK"
            || (name == "CT" && std::ranges::find(m_words, "--notrack") != m_words.end());
        if (m_rule.untracks)
            return {Kind::Continue, {}, {}, 0};
        if (std::ranges::any_of(passing, [&](const char *each) { return name == each; }))
            return {Kind::Continue, {}, {}, 0};
        return {Kind::Opaque, {}, {}, 0};
    }

    Action translation(bool destination)
    {
        Action action;
        action.kind = destination ? Action::Kind::Dnat : Action::Kind::Redirect;
        while (m_at < m_words.size()) {
            const QByteArray option = next();
            if (option == "--to-ports") {
                setPort(action, next());
            } else if (option == "--to-destination") {
                QByteArray to = next();
                const qsizetype colon = to.startsWith('[') ? to.indexOf("]:") + 1 : to.indexOf(':');
                const bool plainIpv6 = !to.startsWith('[') && to.count(':') > 1;
                if (colon > 0 && !plainIpv6) {
                    setPort(action, to.sliced(colon + 1));
                    to.truncate(colon);
                }
                if (to.startsWith('[') && to.endsWith(']'))
                    to = to.sliced(1, to.size() - 2);
                action.address = QHostAddress(QString::fromLatin1(to));
                if (action.address.isNull() && !to.isEmpty())
                    action.kind = Action::Kind::Opaque;
            }
        }
        return action;
    }

    /// A range is any of its ports.
    static void setPort(Action &action, const QByteArray &text)
    {
        if (const auto number = port(text))
            action.port = *number;
        else
            action.kind = Action::Kind::Opaque;
    }

    std::vector<QByteArray> m_words;
    const QHash<QByteArray, Chain> &m_chains;
    Rule m_rule;
    std::size_t m_at = 0;
    bool m_negated = false;
    bool m_rationing = false; ///< the options of a limit follow
    bool m_recent = false;
    bool m_counts = false;
};

} // namespace

Rule readIptablesRule(std::vector<QByteArray> words, const QHash<QByteArray, Chain> &chains)
{
    return RuleReader(std::move(words), chains).read();
}

} // namespace config::packet
