#pragma once

#include "core/config/nginx.h"
#include "core/facts/container.h"
#include "core/facts/fact.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <optional>
#include <vector>

/// What is known of one AppFlowy deployment. File on disk, rendered compose, running container and
/// live behaviour are different members: no check can mix them by accident.
namespace facts {

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
        Accepted, ///< 400 validation_failed, or 2xx: even one blank satisfied the policy
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
    /// says one, as where the template's localhost was left.
    QByteArray fqdn() const;
};

} // namespace facts
