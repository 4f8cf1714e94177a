#pragma once

#include "core/base/result.h"
#include "core/config/packetrules.h"
#include "core/facts/deployment.h"
#include "core/facts/section.h"
#include "core/model/observation.h"
#include "core/model/verdict.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace facts {

/// How we reached the server; goes into the audit, never judged.
struct Connection
{
    QString name;
    QString address; ///< numeric, as connected; empty for a file
    quint16 port = 0;
    QString hostKey; ///< SHA256:...
};

/// Everything as received: what `collect` stores, what Facts are made of, what history can judge again.
struct Snapshot
{
    QByteArray collectorVersion;
    QByteArray collectorSha256; ///< hex
    Connection connection;
    model::Privilege privilege = model::Privilege::User;
    QDateTime startedAt; ///< UTC, our clock
    qint64 durationMs = 0;
    QDateTime serverClock; ///< UTC; invalid when not collected
    std::vector<Section> sections;
    bool ended = false; ///< the END frame was seen; otherwise every absent section is `cut`
    model::Outside outside;
    bool fromFile = false;
};

struct HostFacts
{
    QByteArray hostName;
    QByteArray machineId;
    QByteArray kernel;
};

struct OsRelease
{
    QByteArray id; ///< debian, ubuntu, ...
    QByteArray versionId;
    QByteArray prettyName;
};

struct DockerInfo
{
    QByteArray serverVersion;
    QByteArray composeVersion;
    QByteArray rootDirectory;
    bool rootless = false;
    bool swarm = false;
    bool podman = false;
    std::optional<bool> userlandProxy;
    std::optional<bool> ip6tables;
};

struct ListeningSocket
{
    QHostAddress address;
    quint16 port = 0;
    QByteArray protocol; ///< tcp, udp
    QByteArray process; ///< name, empty without root
    QByteArray device; ///< bound device, or empty
};

struct InterfaceAddress
{
    QByteArray interface;
    QHostAddress address;
    int prefix = 0;
};

struct DockerNetwork
{
    QByteArray name;
    QByteArray driver;
    QByteArray bridge; ///< name of the bridge interface
    std::vector<QByteArray> subnets;
    bool internal = false;
};

struct UfwStatus
{
    bool installed = false;
    std::optional<bool> active;
    QByteArray text; ///< the rules as ufw prints them
};

/// The immutable snapshot that checks judge. Parsed from sections by `parse`; never changed afterwards.
struct Facts
{
    Snapshot snapshot;
    Fact<HostFacts> host;
    Fact<OsRelease> os;
    Fact<DockerInfo> docker;
    Fact<std::vector<ListeningSocket>> listening;
    Fact<std::vector<InterfaceAddress>> addresses;
    Fact<std::vector<DockerNetwork>> networks;
    Fact<config::PacketRules> packetRules; ///< nft, iptables-nft and legacy, both families
    Fact<UfwStatus> ufw;
    Fact<std::vector<Container>> containers; ///< of all projects
    std::vector<Deployment> deployments; ///< at least a placeholder when containers could not be listed

    const model::Outside &outside() const { return snapshot.outside; }
    const Section *section(const QString &id) const;
};

/// Reads every section; one that does not parse makes its own facts `Unparsable` and nothing else.
Facts parse(Snapshot snapshot);

/// A frame stream as it came over the wire or was carried here by hand. Skips up to 64 KiB of noise,
/// takes each known id once, caps sections and total. Fails only when no frame at all is found.
base::Result<Snapshot> readFrames(QByteArrayView stream, QByteArrayView nonce = {});

/// Facts JSON, schema flowkeep.facts/1.
QByteArray toJson(const Snapshot &snapshot);
base::Result<Snapshot> fromJson(const QByteArray &json);

} // namespace facts
