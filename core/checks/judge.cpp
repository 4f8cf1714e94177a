#include "core/checks/check.h"
#include "core/checks/support/answer.h"
#include "core/model/score.h"

#include <QCryptographicHash>

namespace checks {

using namespace Qt::StringLiterals;
using model::say;
using model::Verdict;

namespace {

Evaluation evaluationOf(const Check &check, const Context &context)
{
    if (context.deployment && context.deployment->placeholder) {
        const auto &containers = context.facts.containers;
        return containers
            ? answer(Verdict::Unknown,
                     say(QT_TRANSLATE_NOOP("Sentence",
                                           "The containers of this deployment are not known")))
            : unreadable(containers);
    }
    Evaluation out = check.evaluate(context);
    holdToTheRule(out);
    return out;
}

model::Finding findingOf(const Check &check, const Context &context)
{
    Evaluation evaluation = evaluationOf(check, context);
    model::Finding out;
    out.id = check.info.id;
    out.area = check.info.area;
    out.deployment = context.deployment ? context.deployment->id : QString();
    out.baseSeverity = check.info.severity;
    out.severity = evaluation.severity.value_or(check.info.severity);
    out.verdict = evaluation.verdict;
    out.reach = evaluation.reach;
    out.reachChain = std::move(evaluation.reachChain);
    out.summary = std::move(evaluation.summary);
    out.expected = std::move(evaluation.expected);
    out.actual = std::move(evaluation.actual);
    out.subjects = std::move(evaluation.subjects);
    out.evidence = std::move(evaluation.evidence);
    return out;
}

/// What a name that a server or a file chose becomes where reports take it as it is.
QString plain(const auto &chosen)
{
    return base::UntrustedText(chosen).display();
}

model::DeploymentInfo infoOf(const facts::Deployment &deployment)
{
    model::DeploymentInfo out;
    out.id = deployment.id;
    out.variant = deployment.variant;
    out.directory = base::UntrustedText(deployment.directory);
    out.project = base::UntrustedText(deployment.id);
    out.edge = deployment.edge;
    if (deployment.containers) {
        for (const facts::Container &container : *deployment.containers) {
            if (!container.service.isEmpty())
                out.versions.insert(plain(container.service), base::UntrustedText(container.image));
        }
    }
    return out;
}

model::ServerInfo serverOf(const facts::Facts &facts)
{
    const facts::Connection &connection = facts.snapshot.connection;
    model::ServerInfo out;
    out.name = plain(connection.name);
    const QByteArray address
        = connection.address.isEmpty() ? "file" : endpoint(connection.address, connection.port);
    out.address = plain(address);
    out.hostKey = plain(connection.hostKey);
    if (facts.host)
        out.machineId = base::UntrustedText(facts.host->machineId);
    if (facts.os)
        out.os = base::UntrustedText(facts.os->prettyName);
    if (facts.docker)
        out.docker = base::UntrustedText(facts.docker->serverVersion);
    return out;
}

model::VantageInfo vantageOf(const model::Outside &outside)
{
    const model::Vantage &vantage = outside.vantage;
    model::VantageInfo out;
    for (const QString &address : vantage.addresses)
        out.addresses.push_back(plain(address));
    for (const model::AddressFamily family : vantage.families)
        out.families.push_back(family == model::AddressFamily::IPv6 ? u"ipv6"_s : u"ipv4"_s);
    out.route = plain(vantage.route);
    for (const model::RefusedPlace &place : outside.refused)
        out.refused.push_back({place.name, plain(place.address), plain(place.reason)});
    return out;
}

} // namespace

model::Audit judge(const facts::Facts &facts,
                   const knowledge::Knowledge &knowledge,
                   const QStringList &only,
                   const std::stop_token &stop)
{
    model::Audit audit;
    const facts::Snapshot &snapshot = facts.snapshot;
    audit.factsSha256
        = QCryptographicHash::hash(facts::toJson(snapshot), QCryptographicHash::Sha256).toHex();
    audit.server = serverOf(facts);
    audit.startedAt = snapshot.startedAt;
    audit.durationMs = snapshot.durationMs;
    audit.catalogue = catalogueVersion();
    audit.vantage = vantageOf(snapshot.outside);
    audit.privilege = snapshot.privilege;
    audit.fromFile = snapshot.fromFile;

    const auto wanted = [&](const Check &check) {
        return !stop.stop_requested() && (only.isEmpty() || only.contains(check.info.id));
    };
    for (const Check &check : catalogue()) {
        if (!check.info.perDeployment && wanted(check))
            audit.findings.push_back(findingOf(check, {facts, nullptr, knowledge}));
    }
    for (const facts::Deployment &deployment : facts.deployments) {
        audit.deployments.push_back(infoOf(deployment));
        for (const Check &check : catalogue()) {
            if (check.info.perDeployment && wanted(check))
                audit.findings.push_back(findingOf(check, {facts, &deployment, knowledge}));
        }
    }
    model::summarise(audit);
    return audit;
}

} // namespace checks
