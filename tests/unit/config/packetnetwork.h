#pragma once

#include "core/config/packetrules.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

/// Real packets through real rule sets: a sender, a host and a container, each in a network
/// namespace of its own. Needs root, iproute2, nftables and iptables.
namespace packetnetwork {

constexpr quint16 firstPort = 7001; ///< sockets of the host
constexpr int portCount = 3;
constexpr quint16 publishedPort = 9001; ///< of the container
inline constexpr const char *containerBridge = "br-fk"; ///< of the host

/// What the evaluator said and what happened.
struct Comparison
{
    int decided = 0;
    int dropped = 0;
    int undecided = 0;
    QByteArray contradiction; ///< empty where every decided verdict was what happened
};

class Network
{
public:
    /// nullptr without the rights to make namespaces.
    static std::unique_ptr<Network> make();
    ~Network();

    bool listens() const; ///< the sockets of host and container came to be

    /// stdout of a command inside the host, nullopt when it failed.
    std::optional<QByteArray> inHost(const QString &command, const QByteArray &input = {}) const;

    /// Opens connections to all ports over both families and compares; `loaded` is told with a
    /// contradiction.
    Comparison compare(const config::PacketRules &rules, const QByteArray &loaded) const;

private:
    Network();
    bool up() const;
    bool enter(const QString &which) const;

    QString m_prefix;
    std::vector<int> m_sockets;
};

/// To a port of the host over one family, as `Network::compare` asks.
config::Packet packetTo(quint16 port, config::PacketFamily family);

/// The published port in nft's words.
QByteArray translation();

} // namespace packetnetwork
