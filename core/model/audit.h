#pragma once

#include "core/model/finding.h"
#include "core/model/observation.h"

#include <QHash>

#include <vector>

namespace model {

/// The numbers of the ring. All are derived from findings by `scoreOf`.
struct Score
{
    int pass = 0;
    int fail = 0;
    int warn = 0;
    int unknown = 0;
    int manual = 0;
    int notApplicable = 0;
    std::optional<int> score; ///< 0..100; nullopt = "not enough evidence"
    std::optional<int> scoreUpTo; ///< if everything unknown turned out well
    int coverage = 0; ///< percent of weight that is judged
    static constexpr int version = 1;
};

/// In this file every QString is plain already: safe on a screen and in a report.
struct DeploymentInfo
{
    QString id; ///< compose project; unique on the server
    QString variant; ///< v1, v2, swarm, helm, host-proxy, tunnel, third-party, unknown
    base::UntrustedText directory;
    base::UntrustedText project;
    QString edge; ///< none, cloudflare, tunnel, caddy, traefik, npm, coolify, other, unknown
    QMap<QString, base::UntrustedText> versions;
    Score summary;
};

struct ServerInfo
{
    QString name; ///< the person's name for it
    QString address; ///< host:port as connected, or "file"
    QString hostKey; ///< SHA256:..., empty for audits from a file
    base::UntrustedText machineId;
    base::UntrustedText os;
    base::UntrustedText docker;
};

struct VantageInfo
{
    QStringList addresses;
    QStringList families; ///< "ipv4", "ipv6"
    QString route; ///< direct, vpn, jump, unknown
    std::vector<RefusedPlace> refused; ///< named for probing and not asked
};

/// Days after which what we know of AppFlowy and its parts may be overtaken.
constexpr int knowledgeLimit = 180;

/// One complete audit of one server.
struct Audit
{
    QString id; ///< ULID
    QByteArray factsSha256; ///< hex
    ServerInfo server;
    QDateTime startedAt; ///< UTC
    qint64 durationMs = 0;
    QString toolVersion;
    QString catalogue; ///< ISO date of the newest review of a check
    int knowledgeDays = 0; ///< from that date to the judging
    QString profile;
    VantageInfo vantage;
    Privilege privilege = Privilege::User;
    bool fromFile = false; ///< made from a file: origin not verified
    std::vector<DeploymentInfo> deployments;
    Score summary; ///< the worst deployment's
    std::vector<Finding> findings;
};

} // namespace model
