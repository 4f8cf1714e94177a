#pragma once

#include "core/base/result.h"
#include "core/config/packetrules.h"
#include "core/facts/deployment.h"
#include "core/facts/section.h"
#include "core/model/observation.h"
#include "core/model/verdict.h"

#include <QByteArray>
#include <QDateTime>
#include <QHostAddress>
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

    friend bool operator==(const Connection &, const Connection &) = default;
};

/// Everything as received: what `collect` stores, what Facts are made of, what history can judge
/// again.
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
    bool fromFile
        = false; ///< origin not verified; set by whoever read a file that others may have made

    friend bool operator==(const Snapshot &, const Snapshot &) = default;
};

struct HostFacts
{
    QByteArray hostName;
    QByteArray machineId;
    QByteArray kernel;
    QByteArray bootId;
    QByteArray user; ///< whom the collector ran as
    int uid = -1;
    QDateTime clock; ///< UTC, the server's
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

/// The immutable snapshot that checks judge. Parsed from sections by `parse`; never changed
/// afterwards.
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
    Fact<config::NginxDump> hostNginx; ///< the nginx that runs on the host itself
    std::vector<Deployment>
        deployments; ///< at least a placeholder when containers could not be listed

    const model::Outside &outside() const { return snapshot.outside; }
    const Section *section(const QString &id) const;
};

/// Fills what the collector says of itself into the snapshot (version, server clock, privilege:
/// root when it ran as uid 0; whoever knows that sudo was used says so afterwards).
void readMeta(Snapshot &snapshot);

/// Reads every section; one that does not parse makes its own facts `Unparsable` and nothing else.
Facts parse(Snapshot snapshot);

/// A frame stream as it came over the wire or was carried here by hand. Skips up to 64 KiB of
/// noise, takes each known id once, caps sections and total. Without a nonce the first well-formed
/// frame line decides it. Fails with NothingCollected when no frame at all is found. Meta is read.
/// For progress while it arrives: FrameReader.
base::Result<Snapshot> readFrames(QByteArrayView stream, QByteArrayView nonce = {});

/// Facts JSON, schema flowkeep.facts/1, indented. `fromJson(toJson(s))` is `s`, but for `fromFile`,
/// which the caller decides: true for a file that others may have made, false for our own database.
QByteArray toJson(const Snapshot &snapshot);

/// At most 32 MiB and 32 levels; unknown fields and sections are ignored; a field of the wrong type
/// makes its own section unparsable (an observation: all of its kind are dropped), never the file.
/// Errors: TooLarge, BadFormat, UnsupportedSchema.
base::Result<Snapshot> fromJson(const QByteArray &json);

} // namespace facts
