#pragma once

#include "core/config/packetrules.h"

#include <QByteArray>
#include <QHash>
#include <QHostAddress>

#include <functional>
#include <optional>
#include <vector>

/// What both rule languages are read into. Internal to the evaluator.
namespace config::packet {

/// A match that cannot be read may or may not hold. Of an end of a walk: whether it can be reached.
enum class Tri { No, Maybe, Yes };

Tri operator!(Tri value);
Tri both(Tri a, Tri b);
Tri either(Tri a, Tri b);
inline Tri tri(bool value)
{
    return value ? Tri::Yes : Tri::No;
}

/// The first packet of a new connection on its way through the hooks.
struct State
{
    PacketFamily family = PacketFamily::IPv4;
    QHostAddress source;
    QHostAddress destination;
    QByteArray in; ///< empty: some outside interface
    QByteArray out; ///< empty: not known
    bool forwarded = false; ///< an out interface exists
    QByteArray protocol;
    quint16 sourcePort = 0; ///< 0: the sender's choice
    quint16 destinationPort = 0;
    QHostAddress originalDestination;
    quint16 originalPort = 0;
    std::vector<QHostAddress> local; ///< of this host, the original destination among them
    bool translated = false; ///< destination rewritten
    bool redirected = false; ///< to one of this host's own addresses, which one is not known
    Tri connection = Tri::Yes; ///< tracked; No before the tracker has seen it, or by notrack
    Tri untracked = Tri::No; ///< notrack spoke

    Tri isLocal(const QHostAddress &address) const;
};

using Condition = std::function<Tri(const State &)>;

struct Action
{
    enum class Kind {
        Continue, ///< counters, logs, marks
        Accept,
        Drop,
        Return,
        Jump,
        Goto,
        Dnat,
        Redirect, ///< to this host itself
        Opaque, ///< could decide anything
    } kind
        = Kind::Continue;
    QByteArray target; ///< chain
    QHostAddress address; ///< null: unchanged
    quint16 port = 0; ///< 0: unchanged
};

/// An alternative of a verdict map, or the one action of an ordinary rule.
struct Branch
{
    Condition condition; ///< empty: always
    Action action;
};

struct Rule
{
    std::vector<Condition> conditions; ///< all must hold
    std::vector<Branch> branches; ///< the first that holds acts
    QByteArray text; ///< as the tool prints it, cut at textLimit
    qint64 weight = 1; ///< what looking at it costs: its size, and that of the sets it names
    bool upToRate = false; ///< whoever sends faster gets past it
    /// Whether it holds at last is the sender's choice: a matter of rate, of chance or of a header.
    bool senderChooses = false;
    bool untracks = false; ///< besides its action
    bool rewrites = false; ///< addresses or ports, without translation
};

// Rule sets come from servers that nobody vouches for. In the field there are tens of tables, a
// rule prints in a line, and its text is evidence for people.
constexpr std::size_t tableLimit = 256;
constexpr std::size_t traceLimit = 64; ///< rules
constexpr qsizetype textLimit = 400; ///< bytes
constexpr qint64 weighedAsOne = 32; ///< bytes

enum class Hook { None, Prerouting, Input, Forward, Other };

struct Chain
{
    Hook hook = Hook::None;
    int priority = 0;
    bool dropsByPolicy = false;
    bool nat = false; ///< a base chain that translates and never filters
    std::vector<Rule> rules;
};

struct Table
{
    bool ipv4 = false;
    bool ipv6 = false;
    QByteArray name;
    QHash<QByteArray, Chain> chains;
    bool mayBeOff = false; ///< perhaps the kernel does not call it
};

/// What a walk through a chain can end in. Yes: some sender surely gets there; Maybe: by a rule
/// that could not be read.
struct Outcome
{
    Tri accept = Tri::No;
    Tri drop = Tri::No;
    Tri next = Tri::No; ///< fell through
};

/// Walks one base chain. Rewrites `state` on DNAT; `uncertain` is set where the packet may or may
/// not be another one afterwards. `budget` is the weight of rules that may still be looked at.
Outcome walk(const Table &table,
             const QByteArray &chain,
             State &state,
             std::vector<QByteArray> &trace,
             bool &uncertain,
             qint64 &budget);

/// Reads the two languages. False: not that language at all, or more tables than tableLimit.
bool readNft(QByteArrayView json, std::vector<Table> &tables);
bool readIptables(QByteArrayView save, PacketFamily family, std::vector<Table> &tables);

/// Conditions both languages share.
Tri matchAddress(const QHostAddress &address, const QHostAddress &network, int prefix);
Tri matchDestination(const State &state, const QHostAddress &network, int prefix);
Tri matchInterface(const QByteArray &pattern, const QByteArray &actual, bool outside);
/// `low` to `high`, both included, against the source port.
Tri matchSourcePort(const State &state, int low, int high);
/// Flags of TCP by their bits: does an opening packet have `wanted` in `mask`? Maybe where the
/// sender may set or leave a flag and still open a connection.
Tri matchTcpFlags(int mask, int wanted);
/// Bit of "syn" and its like in lower case; nullopt for other words.
std::optional<int> tcpFlag(QByteArrayView name);

} // namespace config::packet
