#include "core/checks/all.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/exposure.h"
#include "core/checks/support/setting.h"

#include <QByteArrayList>

#include <algorithm>

namespace checks {

using namespace Qt::StringLiterals;
using facts::LengthBucket;
using model::arg;
using model::say;
using model::Severity;
using model::Verdict;

namespace {

model::CheckInfo info()
{
    return {
        .id = u"DATA-08"_s,
        .area = model::Area::Data,
        .severity = Severity::Critical,
        .title = QT_TRANSLATE_NOOP("Check", "Database and file store have their own passwords"),
        .why = QT_TRANSLATE_NOOP("Check",
                                 "AppFlowy ships with passwords that everybody can read. The "
                                 "database password counts as it is "
                                 "stored in the database: changing .env after the first start "
                                 "changes nothing there. The file "
                                 "store's console is reachable through the public site."),
        .advice = QT_TRANSLATE_NOOP(
            "Check",
            "Change the password in the database first:\n\n"
            "    docker compose exec postgres psql -U postgres -c '\\password postgres'\n\n"
            "Then write it behind POSTGRES_PASSWORD= in .env, or a new one of the object store "
            "behind AWS_SECRET=, and recreate the services. "
            "In connection addresses, special characters are percent-encoded.\n\n"
            "    docker compose up -d --no-build --pull never --wait"),
        .guideLines = {},
        .needs = {u"containers"_s, u"db-role"_s},
        .controls = {.soc2 = {u"CC6.1"_s},
                     .iso27001 = {u"A.5.17"_s, u"A.8.9"_s},
                     .hipaa = {u"164.308(a)(5)(ii)(D)"_s, u"164.312(d)"_s},
                     .gdpr = {u"Art. 32(1)(b)"_s}},
        .references
        = {{u"Docker official image of PostgreSQL, POSTGRES_PASSWORD"_s,
            u"https://hub.docker.com/_/postgres"_s, u"2026-11-24"_s},
           {u"AppFlowy-Cloud, docker-compose.yml"_s,
            u"https://github.com/AppFlowy-IO/AppFlowy-Cloud/blob/main/docker-compose.yml"_s,
            u"2026-11-24"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

/// Running containers of a service: by its name in compose or, under whatever name, by the image.
std::vector<const facts::Container *> runningAs(const facts::Deployment &deployment,
                                                const QByteArray &service,
                                                const QByteArrayList &images)
{
    std::vector<const facts::Container *> out;
    for (const facts::Container &container : *deployment.containers) {
        const bool is = container.service == service || images.contains(container.imageName());
        if (container.isRunning() && is)
            out.push_back(&container);
    }
    return out;
}

std::vector<const facts::Container *> databases(const facts::Deployment &deployment)
{
    return runningAs(deployment, "postgres", {"postgres", "pgvector"});
}

bool isShort(const facts::RedactedValue &value)
{
    return value.length < LengthBucket::From12To15;
}

/// A factory password on a port that others can reach is worse than one inside the bridge network.
Severity databaseSeverity(const facts::Deployment &deployment)
{
    for (const facts::Container *container : databases(deployment)) {
        for (const facts::PortBinding &binding : container->ports) {
            if (!isLoopback(binding.hostAddress))
                return Severity::Critical;
        }
        if (container->networkMode == "host")
            return Severity::Critical;
    }
    return Severity::High;
}

/// A connection address of a running container whose password is a factory value.
Evaluation judgeAddresses(const facts::Deployment &deployment)
{
    for (const facts::Container &container : *deployment.containers) {
        for (const facts::EnvEntry &entry : container.env) {
            const bool isAddress = entry.key.endsWith("_URL") || entry.key.endsWith("_URI");
            if (!container.isRunning() || !isAddress || !entry.value.knownDefault)
                continue;
            Evaluation out
                = answer(Verdict::Fail,
                         say(QT_TRANSLATE_NOOP("Sentence",
                                               "%1 connects with a password that AppFlowy "
                                               "ships, in %2"),
                             {arg(container.service), arg(entry.key)}));
            out.severity = databaseSeverity(deployment);
            out.evidence.push_back(
                evidence(deployment.containers, container.service + ": " + describe(entry)));
            out.actual = asWritten(describe(entry));
            out.subjects.emplace_back(container.service);
            return out;
        }
    }
    return answer(Verdict::Pass,
                  say(QT_TRANSLATE_NOOP("Sentence", "No factory password is in use")));
}

/// The stored password of the database role. The environment was used once, by the first start.
Evaluation judgeRole(const facts::Deployment &deployment)
{
    const facts::Fact<facts::DatabaseRole> &role = deployment.databaseRole;
    if (!role)
        return unreadable(role);
    Evaluation out;
    QByteArray compared = "could not be compared";
    if (role->method == "none") {
        out = answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "Database role %1 has no password: whoever reaches the database "
                                  "is let in"),
                {arg(role->name)}));
        compared = "no password";
    } else if (!role->factoryPassword) {
        out = answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "The password of database role %1 could not be compared with "
                                  "the shipped ones"),
                {arg(role->name)}));
    } else if (*role->factoryPassword) {
        out = answer(Verdict::Fail,
                     say(QT_TRANSLATE_NOOP("Sentence",
                                           "Database role %1 has a password that AppFlowy ships"),
                         {arg(role->name)}));
        compared = "equals a factory password";
    } else {
        out = answer(Verdict::Pass,
                     say(QT_TRANSLATE_NOOP("Sentence", "No factory password is in use")));
        compared = "equals no factory password";
    }
    if (out.verdict == Verdict::Fail)
        out.severity = databaseSeverity(deployment);
    const QByteArray excerpt = role->name + ", " + role->method + ": " + compared;
    out.actual = asWritten(excerpt);
    out.evidence.push_back(evidence(role, excerpt));
    out.subjects.emplace_back(QByteArray("postgres"));
    return out;
}

/// What the role's password does not say: another database, or one that asks for none.
Evaluation judgeDatabases(const facts::Deployment &deployment)
{
    const std::vector<const facts::Container *> all = databases(deployment);
    if (all.size() > 1) {
        Evaluation out
            = answer(Verdict::Unknown,
                     say(QT_TRANSLATE_NOOP("Sentence",
                                           "%n databases run in this deployment, and one was "
                                           "asked: look into the others"),
                         {}, static_cast<int>(all.size())));
        std::vector<QByteArray> names;
        for (const facts::Container *each : all)
            names.push_back(each->name);
        out.actual = asWritten(join(names, ", "));
        out.evidence.push_back(evidence(deployment.containers, join(names, "\n")));
        return out;
    }
    for (const facts::Container *container : all) {
        const facts::EnvEntry *method = find(container->env, "POSTGRES_HOST_AUTH_METHOD");
        if (!method || method->value.text != QByteArray("trust"))
            continue;
        // Used once, by the first start, like the password.
        Evaluation out = answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "The database was told to let everybody in without a password "
                                  "(%1): look into its pg_hba.conf"),
                {arg(describe(*method))}));
        out.actual = asWritten(describe(*method));
        out.evidence.push_back(evidence(deployment.containers, "postgres: " + describe(*method)));
        return out;
    }
    return answer(Verdict::Pass,
                  say(QT_TRANSLATE_NOOP("Sentence", "No factory password is in use")));
}

/// Says only "short": the environment alone neither passes nor fails the database password.
Evaluation judgeInitialPassword(const facts::Deployment &deployment)
{
    for (const facts::Container *container : databases(deployment)) {
        const facts::EnvEntry *entry = find(container->env, "POSTGRES_PASSWORD");
        if (!entry || !isShort(entry->value))
            continue;
        Evaluation out
            = answer(Verdict::Warn,
                     say(QT_TRANSLATE_NOOP("Sentence",
                                           "The database password is no shipped one, but the "
                                           "one it began with has fewer than 12 characters")));
        out.evidence.push_back(evidence(deployment.containers, "postgres: " + describe(*entry)));
        out.actual = asWritten(describe(*entry));
        return out;
    }
    return answer(Verdict::Pass,
                  say(QT_TRANSLATE_NOOP("Sentence", "No factory password is in use")));
}

/// A file in the container is read before the environment. The image names files that are not there
/// unless somebody mounts them.
bool readsFile(const facts::Container &minio)
{
    const bool mounted = std::ranges::any_of(minio.mounts, [](const facts::Mount &mount) {
        return mount.destination.startsWith("/run/secrets");
    });
    for (const char *key :
         {"MINIO_ROOT_PASSWORD_FILE", "MINIO_SECRET_KEY_FILE", "MINIO_CONFIG_ENV_FILE"}) {
        const facts::EnvEntry *entry = find(minio.env, key);
        const facts::EnvEntry *own = find(minio.imageEnv, key);
        if (entry && (mounted || !own || own->value.equals(entry->value) != true))
            return true;
    }
    return false;
}

Evaluation judgeStorePassword(const facts::Deployment &deployment, const facts::Container &minio)
{
    // The second name is that of releases before 2021.
    const facts::EnvEntry *entry = find(minio.env, "MINIO_ROOT_PASSWORD");
    if (!entry)
        entry = find(minio.env, "MINIO_SECRET_KEY");
    Evaluation out;
    if (readsFile(minio)) {
        out = answer(Verdict::Unknown,
                     say(QT_TRANSLATE_NOOP(
                         "Sentence", "minio reads its password from a file in the container")));
    } else if (!entry || entry->value.isEmpty()) {
        out = answer(Verdict::Fail,
                     say(QT_TRANSLATE_NOOP("Sentence",
                                           "minio has no password set and uses its built-in one")));
    } else if (entry->value.knownDefault) {
        out = answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence", "minio runs with a password that AppFlowy ships")));
    } else if (isShort(entry->value)) {
        out = answer(Verdict::Fail,
                     say(QT_TRANSLATE_NOOP("Sentence",
                                           "The password of minio has fewer than 12 characters")));
    } else {
        out = answer(Verdict::Pass,
                     say(QT_TRANSLATE_NOOP("Sentence", "No factory password is in use")));
    }
    const QByteArray excerpt = entry ? describe(*entry) : QByteArray("no MINIO_ROOT_PASSWORD");
    out.actual = asWritten(excerpt);
    out.evidence.push_back(evidence(deployment.containers, "minio: " + excerpt));
    out.subjects.emplace_back(QByteArray("minio"));
    return out;
}

/// No container of the deployment stores files: its keys for the store elsewhere.
Evaluation judgeForeignStore(const facts::Deployment &deployment)
{
    for (const facts::Container *cloud : running(deployment, "appflowy_cloud")) {
        const facts::EnvEntry *usesMinio = find(cloud->env, "APPFLOWY_S3_USE_MINIO");
        const facts::EnvEntry *secret = find(cloud->env, "APPFLOWY_S3_SECRET_KEY");
        const bool external = usesMinio && usesMinio->value.text == QByteArray("false");
        const QByteArray excerpt = "appflowy_cloud: "
            + (usesMinio ? describe(*usesMinio) : QByteArray("no APPFLOWY_S3_USE_MINIO")) + "\n"
            + (secret ? describe(*secret) : QByteArray("no APPFLOWY_S3_SECRET_KEY"));
        Evaluation out;
        if (secret && secret->value.knownDefault) {
            out = answer(
                Verdict::Fail,
                say(QT_TRANSLATE_NOOP("Sentence",
                                      "The file store is reached with a password that AppFlowy "
                                      "ships")));
        } else if (!external) {
            out = answer(
                Verdict::Unknown,
                say(QT_TRANSLATE_NOOP("Sentence",
                                      "AppFlowy is set to use minio, but no minio container runs "
                                      "here")));
        } else {
            out = answer(
                Verdict::Pass,
                say(QT_TRANSLATE_NOOP("Sentence",
                                      "No factory password is in use; files are stored outside "
                                      "this deployment")));
        }
        out.actual = asWritten(QByteArray(excerpt).replace('\n', ", "));
        out.evidence.push_back(evidence(deployment.containers, excerpt));
        return out;
    }
    return notRunning(deployment, "appflowy_cloud");
}

Evaluation judgeStore(const facts::Deployment &deployment)
{
    // A running minio is reachable whether AppFlowy uses it or not.
    const std::vector<const facts::Container *> stores = runningAs(deployment, "minio", {"minio"});
    if (stores.empty())
        return judgeForeignStore(deployment);
    return worstOf(stores, [&](const facts::Container *each) {
        return judgeStorePassword(deployment, *each);
    });
}

/// The worst part speaks; what fails with it is named and shown beside it.
Evaluation together(const std::vector<Evaluation> &parts)
{
    Evaluation out = worstOf(parts, [](const Evaluation &each) { return each; });
    out.evidence.clear();
    out.subjects.clear();
    for (const Evaluation &part : parts) {
        if (part.verdict != out.verdict)
            continue;
        out.evidence.insert(out.evidence.end(), part.evidence.begin(), part.evidence.end());
        out.subjects.insert(out.subjects.end(), part.subjects.begin(), part.subjects.end());
        if (part.severity.value_or(Severity::Critical) == Severity::Critical)
            out.severity.reset();
    }
    return out;
}

Evaluation evaluate(const Context &context)
{
    const facts::Deployment &deployment = *context.deployment;
    if (!deployment.containers)
        return unreadable(deployment.containers);
    const std::vector<Evaluation> parts{judgeStore(deployment), judgeRole(deployment),
                                        judgeAddresses(deployment), judgeDatabases(deployment),
                                        judgeInitialPassword(deployment)};
    Evaluation out = together(parts);
    out.expected = say(QT_TRANSLATE_NOOP(
        "Sentence", "12 characters or more, none of the values that AppFlowy ships"));
    return out;
}

} // namespace

Check credentialsNotDefault()
{
    return {info(), evaluate};
}

} // namespace checks
