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

/// A match that cannot be read may or may not hold.
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
    quint16 sourcePort = 0;
    quint16 destinationPort = 0;
    QHostAddress originalDestination;
    quint16 originalPort = 0;
    bool translated = false; ///< destination rewritten
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
};

/// What a walk through hooks can end in; several bits where a rule could not be read.
struct Outcome
{
    bool accept = false;
    bool drop = false;
    bool next = false; ///< fell through
};

/// Walks one base chain. Rewrites `state` on DNAT; `uncertain` is set where a translation may or
/// may not happen. `budget` is the weight of rules that may still be looked at.
Outcome walk(const Table &table,
             const QByteArray &chain,
             State &state,
             std::vector<QByteArray> &trace,
             bool &uncertain,
             qint64 &budget,
             int depth = 0);

/// Reads the two languages. False: not that language at all, or more tables than tableLimit.
bool readNft(QByteArrayView json, std::vector<Table> &tables);
bool readIptables(QByteArrayView save, PacketFamily family, std::vector<Table> &tables);

/// Conditions both languages share.
Tri matchAddress(const QHostAddress &address, const QHostAddress &network, int prefix);
Tri matchInterface(const QByteArray &pattern, const QByteArray &actual, bool outside);

} // namespace config::packet
