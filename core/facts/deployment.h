#pragma once

#include "core/config/nginx.h"
#include "core/facts/fact.h"
#include "core/facts/redacted.h"

#include <QByteArray>
#include <QDateTime>
#include <QHostAddress>
#include <QJsonObject>
#include <QString>

#include <optional>
#include <vector>

/// What is known of one AppFlowy deployment. File on disk, rendered compose, running container and
/// live behaviour are different members: no check can mix them by accident.
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
};

/// Which line of AppFlowy's sign-in server runs, read from its own migrations table.
struct GotrueSchema
{
    QByteArray newestMigration; ///< 14 digits
    bool oldFork = false; ///< 20250425035447 is there
    bool newFork = false; ///< 20251107000000 is there
};

/// GET /settings of the running sign-in server.
struct GotrueSettings
{
    std::optional<bool> disableSignup;
    std::optional<bool> mailerAutoconfirm;
    std::optional<bool> samlEnabled;
    bool mfaEnabledField = false; ///< the field exists: a fingerprint
    QJsonObject raw;
};

/// Answer to a sign-up that can create nobody (e-mail and phone together, one blank as password).
struct PasswordProbe
{
    enum class Outcome {
        WeakPassword, ///< 422 weak_password: the policy spoke
        Accepted, ///< 400 validation_failed: even one blank satisfied the policy
        SignupDisabled,
        Captcha,
        Other,
    } outcome
        = Outcome::Other;
    int httpStatus = 0;
    std::optional<int> minimumLength; ///< named in the answer
    bool wantsCharacters = false;
    QByteArray errorCode;
};

/// How the database role authenticates, compared on the server with the known factory passwords.
struct DatabaseRole
{
    QByteArray name;
    QByteArray method; ///< scram-sha-256, md5, none
    std::optional<bool> factoryPassword; ///< nullopt: could not be compared
    bool isSuperuser = false;
};

/// The switch for signing up only with an invitation list, where the server keeps one.
struct SignupWhitelist
{
    bool tableFound = false;
    std::optional<bool> enabled;
};

struct Deployment
{
    int index = 0; ///< N of "@N"; 0 where the collector did not number it
    QString id; ///< compose project; the name in findings
    QByteArray directory; ///< working directory of the compose project
    QString variant; ///< model::DeploymentInfo::variant
    QString edge;
    std::vector<QByteArray> configFiles; ///< loaded compose files, by the container label
    /// Containers could not be listed: every check is unknown. Its id is "unknown" where not even
    /// the names of projects came through.
    bool placeholder = false;

    Fact<EnvFile> envFile;
    Fact<std::vector<RenderedService>> rendered;
    Fact<std::vector<Container>> containers;
    Fact<config::NginxDump> nginx; ///< of the proxy that serves it: bundled, or the host's
    bool hostNginx = false;
    Fact<GotrueSchema> gotrueSchema;
    Fact<GotrueSettings> gotrueSettings;
    Fact<PasswordProbe> passwordProbe;
    Fact<DatabaseRole> databaseRole;
    Fact<SignupWhitelist> signupWhitelist;

    /// The container that runs a compose service, a running one first; nullptr when unknown or
    /// absent.
    const Container *container(QByteArrayView service) const;
    const RenderedService *service(QByteArrayView name) const;
    /// The public host name from the process environment, else from `.env`; empty when neither
    /// says.
    QByteArray fqdn() const;
};

} // namespace facts
