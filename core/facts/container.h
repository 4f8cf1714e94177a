#pragma once

#include "core/facts/redacted.h"

#include <QByteArray>
#include <QDateTime>

#include <optional>
#include <vector>

/// What a deployment is made of: containers as they run, services and settings as they are written.
namespace facts {

struct PortBinding
{
    QByteArray hostAddress; ///< numeric; "0.0.0.0" and "::" are all addresses
    quint16 hostPort = 0;
    quint16 containerPort = 0;
    QByteArray protocol; ///< tcp, udp

    friend bool operator==(const PortBinding &, const PortBinding &) = default;
};

struct Mount
{
    QByteArray type; ///< bind, volume, tmpfs
    QByteArray source; ///< host path or volume name
    QByteArray destination;
    bool writable = true;

    friend bool operator==(const Mount &, const Mount &) = default;
};

struct ContainerNetwork
{
    QByteArray name;
    QByteArray ipv4;
    QByteArray ipv6;

    friend bool operator==(const ContainerNetwork &, const ContainerNetwork &) = default;
};

/// A container as `docker inspect` shows it, redacted.
struct Container
{
    QByteArray id; ///< 12 hex digits or more
    QByteArray name; ///< without the leading slash
    QByteArray project; ///< compose label, empty where there is none
    QByteArray service;
    QByteArray workingDirectory; ///< compose label
    std::vector<QByteArray> configFiles; ///< compose label: what is really loaded
    QByteArray envFile; ///< compose label; empty unless --env-file was given
    QByteArray image; ///< reference as configured
    QByteArray imageId; ///< sha256:... it runs
    QByteArray
        tagImageId; ///< sha256:... its reference resolves to now; empty when it resolves to nothing
    QByteArray state; ///< running, exited, restarting, created, paused, dead
    QByteArray health; ///< healthy, unhealthy, starting, or empty
    QDateTime startedAt; ///< UTC
    int restartCount = 0;
    QByteArray restartPolicy;
    QByteArray networkMode;
    std::vector<EnvEntry> env;
    std::vector<EnvEntry> imageEnv; ///< what the image itself sets
    std::vector<RedactedValue> command; ///< Config.Cmd
    std::vector<RedactedValue> imageCommand;
    std::vector<Mount> mounts;
    std::vector<PortBinding> ports; ///< as bound now; empty for a stopped container
    std::vector<PortBinding> wantedPorts; ///< HostConfig.PortBindings
    std::vector<ContainerNetwork> networks;

    bool isRunning() const { return state == "running" || state == "restarting"; }
    /// "nginx" of "registry.example:5000/library/nginx:1.27@sha256:..."
    QByteArray imageName() const;
};

/// A service of `docker compose config`, redacted.
struct RenderedService
{
    QByteArray name;
    QByteArray image;
    std::vector<EnvEntry> env;
    std::optional<std::vector<RedactedValue>> command; ///< nullopt: the image's own
    std::vector<Mount> mounts;
    std::vector<PortBinding> ports; ///< hostAddress empty means all addresses
    QByteArray networkMode;
};

struct EnvFile
{
    QByteArray path; ///< absolute
    QByteArray mode; ///< octal digits, "600"
    QByteArray owner;
    std::vector<EnvEntry> entries; ///< in file order, duplicates kept
    /// Keys of which the compose files, or other lines of this file, make something of another
    /// name.
    std::vector<QByteArray> usedElsewhere;
};

} // namespace facts
