#include "core/config/packetiptablesrule.h"

#include <QHostAddress>
#include <QList>
#include <QString>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace config::packet {

namespace {

std::optional<quint16> port(QByteArrayView text)
{
    bool ok = false;
    const ushort number = text.toUShort(&ok);
    return ok ? std::optional<quint16>(number) : std::nullopt;
}

/// "80", "1000:2000", "80,443" against one port.
Tri matchPorts(const QByteArray &list, quint16 actual)
{
    Tri any = Tri::No;
    for (const QByteArray &part : list.split(',')) {
        const qsizetype colon = part.indexOf(':');
        const auto low
            = port(colon < 0 ? part : (colon == 0 ? QByteArray("0") : part.first(colon)));
        const auto high = port(
            colon < 0 ? part
                      : (colon + 1 == part.size() ? QByteArray("65535") : part.sliced(colon + 1)));
        any = either(any, low && high ? tri(actual >= *low && actual <= *high) : Tri::Maybe);
    }
    return any;
}

Tri matchNetwork(const QByteArray &list, const QHostAddress &actual)
{
    Tri any = Tri::No;
    for (const QByteArray &text : list.split(',')) {
        const auto [network, prefix] = QHostAddress::parseSubnet(QString::fromLatin1(text));
        any = either(any, matchAddress(actual, network, prefix));
    }
    return any;
}

/// A new connection's first packet: NEW, not translated unless DNAT happened.
Tri matchStates(const QByteArray &list, const State &state)
{
    Tri any = Tri::No;
    for (const QByteArray &each : list.split(',')) {
        if (each == "NEW" || (each == "DNAT" && state.translated))
            any = Tri::Yes;
        else if (each != "ESTABLISHED" && each != "RELATED" && each != "INVALID" && each != "DNAT"
                 && each != "SNAT" && each != "UNTRACKED")
            any = either(any, Tri::Maybe);
    }
    return any;
}

/// The flags of an opening SYN.
Tri matchTcpFlags(const QByteArray &mask, const QByteArray &wanted)
{
    const bool looks = mask.split(',').contains("SYN") || mask == "ALL";
    return tri(looks ? wanted == "SYN" : wanted == "NONE");
}

Tri matchAddressType(const QByteArray &type, const QHostAddress &address, const State &state)
{
    if (type == "LOCAL")
        return tri(address == state.originalDestination);
    if (type == "UNICAST")
        return Tri::Yes;
    if (type == "BROADCAST" || type == "MULTICAST" || type == "ANYCAST")
        return tri(address.isMulticast());
    return Tri::Maybe;
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

    void readMatch()
    {
        const QByteArray option = next();
        if (option == "-m") {
            next(); // its options say all we need
            return;
        }
        if (option == "--limit" || option == "--hashlimit-upto")
            m_limited = true;
        if (readAddressing(option) || readConnection(option) || isHarmless(option))
            return;
        // An option nobody taught us: the rule may or may not match, whatever it says.
        while (m_at < m_words.size() && !m_words[m_at].startsWith('-') && m_words[m_at] != "!")
            ++m_at;
        m_rule.conditions.push_back([](const State &) { return Tri::Maybe; });
    }

    bool readAddressing(const QByteArray &option)
    {
        if (option == "-s" || option == "-d") {
            const bool source = option == "-s";
            add([source, list = next()](const State &state) {
                return matchNetwork(list, source ? state.source : state.destination);
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
                return tri(name == "all" || name == state.protocol
                           || name == (state.protocol == "tcp" ? "6" : "17"));
            });
        } else if (option == "--dport" || option == "--dports" || option == "--sport"
                   || option == "--sports" || option == "--ports") {
            add([option, list = next()](const State &state) {
                const Tri source = matchPorts(list, state.sourcePort);
                const Tri destination = matchPorts(list, state.destinationPort);
                if (option == "--ports")
                    return either(source, destination);
                return option.startsWith("--d") ? destination : source;
            });
        } else if (option == "--dst-type" || option == "--src-type") {
            add([option, type = next()](const State &state) {
                return matchAddressType(
                    type, option == "--dst-type" ? state.destination : state.source, state);
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
            add([list = next()](const State &state) {
                return matchPorts(list, state.originalPort);
            });
        } else if (option == "--ctorigdst") {
            add([list = next()](const State &state) {
                return matchNetwork(list, state.originalDestination);
            });
        } else if (option == "--ctdir") {
            add([direction = next()](const State &) { return tri(direction == "ORIGINAL"); });
        } else if (option == "--ctproto") {
            add([name = next()](const State &state) {
                return tri(name == state.protocol || name == "6");
            });
        } else if (option == "--tcp-flags") {
            const QByteArray mask = next();
            add([mask, wanted = next()](const State &) { return matchTcpFlags(mask, wanted); });
        } else if (option == "--syn") {
            add([](const State &) { return Tri::Yes; });
        } else if (option == "--icmp-type" || option == "--icmpv6-type") {
            next();
            add([](const State &) { return Tri::No; });
        } else if (option == "--update" || option == "--rcheck") {
            // A first packet from an address that has not called before.
            add([](const State &) { return Tri::No; });
        } else if (option == "-f") {
            add([](const State &) { return Tri::No; }); // a later fragment
        } else if (option == "--hashlimit-above") {
            next();
            add([](const State &) { return Tri::No; }); // one packet is not above
        } else if (option == "--rt-type" || option == "--rt-segsleft" || option == "--hl-eq") {
            next();
            add([](const State &) { return Tri::No; });
        } else {
            return false;
        }
        return true;
    }

    /// Options that change nothing for a single first packet.
    bool isHarmless(const QByteArray &option)
    {
        static constexpr std::array<const char *, 18> withValue{"--comment",
                                                                "--limit",
                                                                "--limit-burst",
                                                                "--hashlimit-upto",
                                                                "--hashlimit-burst",
                                                                "--hashlimit-mode",
                                                                "--hashlimit-name",
                                                                "--hashlimit-htable-expire",
                                                                "--hashlimit-htable-size",
                                                                "--hashlimit-htable-max",
                                                                "--hashlimit-srcmask",
                                                                "--hashlimit-dstmask",
                                                                "--seconds",
                                                                "--hitcount",
                                                                "--name",
                                                                "--mask",
                                                                "--rttl",
                                                                "--hashlimit-rate-interval"};
        static constexpr std::array<const char *, 4> bare{"--set", "--rsource", "--rdest",
                                                          "--reap"};
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
        // Whoever sends faster than a limit gets past a rule that drops up to it.
        using Kind = Action::Kind;
        if (m_limited
            && (action.kind == Kind::Drop || action.kind == Kind::Jump
                || action.kind == Kind::Goto))
            m_rule.conditions.push_back([](const State &) { return Tri::Maybe; });
        m_rule.branches.push_back({{}, action});
    }

    Action builtIn(const QByteArray &name)
    {
        static constexpr std::array<const char *, 14> passing{
            "LOG",   "NFLOG",  "ULOG",     "MARK",     "CONNMARK", "CT",  "NOTRACK",
            "TRACE", "TCPMSS", "CHECKSUM", "CLASSIFY", "DSCP",     "TOS", "SET"};
        using Kind = Action::Kind;
        if (name == "ACCEPT" || name == "MASQUERADE" || name == "SNAT" || name == "NETMAP")
            return {name == "NETMAP" ? Kind::Opaque : Kind::Accept, {}, {}, 0};
        if (name == "DROP" || name == "REJECT")
            return {Kind::Drop, {}, {}, 0};
        if (name == "RETURN")
            return {Kind::Return, {}, {}, 0};
        if (name == "DNAT" || name == "REDIRECT")
            return translation(name == "DNAT");
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
                action.port = port(next().split('-').first()).value_or(0);
            } else if (option == "--to-destination") {
                QByteArray to = next();
                const qsizetype colon = to.startsWith('[') ? to.indexOf("]:") + 1 : to.indexOf(':');
                const bool plainIpv6 = !to.startsWith('[') && to.count(':') > 1;
                if (colon > 0 && !plainIpv6) {
                    action.port = port(to.sliced(colon + 1).split('-').first()).value_or(0);
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

    std::vector<QByteArray> m_words;
    const QHash<QByteArray, Chain> &m_chains;
    Rule m_rule;
    std::size_t m_at = 0;
    bool m_negated = false;
    bool m_limited = false;
};

} // namespace

Rule readIptablesRule(std::vector<QByteArray> words, const QHash<QByteArray, Chain> &chains)
{
    return RuleReader(std::move(words), chains).read();
}

} // namespace config::packet
