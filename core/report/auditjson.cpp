#include "core/base/json.h"
#include "core/model/score.h"
#include "core/report/report.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace report {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestExcerpt = 4000;

QJsonValue orNull(std::optional<int> number)
{
    return number ? QJsonValue(*number) : QJsonValue(QJsonValue::Null);
}

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QJsonObject toJson(const model::Score &score)
{
    return {{u"pass"_s, score.pass},           {u"fail"_s, score.fail},
            {u"warn"_s, score.warn},           {u"unknown"_s, score.unknown},
            {u"manual"_s, score.manual},       {u"notApplicable"_s, score.notApplicable},
            {u"score"_s, orNull(score.score)}, {u"scoreUpTo"_s, orNull(score.scoreUpTo)},
            {u"coverage"_s, score.coverage},   {u"scoreVersion"_s, model::Score::version}};
}

QJsonArray fromRefused(const std::vector<model::RefusedPlace> &refused)
{
    QJsonArray places;
    for (const model::RefusedPlace &place : refused) {
        places.append(QJsonObject{{u"name"_s, place.name.display()},
                                  {u"address"_s, orNull(place.address)},
                                  {u"reason"_s, place.reason}});
    }
    return places;
}

QJsonObject toJson(const model::DeploymentInfo &deployment)
{
    QJsonObject versions;
    for (auto each = deployment.versions.cbegin(); each != deployment.versions.cend(); ++each)
        versions.insert(each.key(), each.value().display());
    return {{u"id"_s, deployment.id},
            {u"variant"_s, deployment.variant},
            {u"directory"_s, deployment.directory.display()},
            {u"project"_s, deployment.project.display()},
            {u"edge"_s, deployment.edge},
            {u"versions"_s, versions},
            {u"summary"_s, toJson(deployment.summary)}};
}

QJsonObject toJson(const model::Evidence &evidence)
{
    return {{u"section"_s, evidence.section},
            {u"command"_s, evidence.command.display()},
            {u"exitStatus"_s, orNull(evidence.exitStatus)},
            {u"at"_s,
             orNull(evidence.at.isValid() ? evidence.at.toUTC().toString(Qt::ISODate) : QString())},
            {u"excerpt"_s, evidence.excerpt.lines(longestExcerpt)},
            {u"sha256"_s, QString::fromLatin1(evidence.sha256)}};
}

QJsonObject toJson(const model::Controls &controls)
{
    return {{u"soc2"_s, QJsonArray::fromStringList(controls.soc2)},
            {u"iso27001"_s, QJsonArray::fromStringList(controls.iso27001)},
            {u"hipaa"_s, QJsonArray::fromStringList(controls.hipaa)},
            {u"gdpr"_s, QJsonArray::fromStringList(controls.gdpr)}};
}

QJsonObject toJson(const model::Finding &finding, std::span<const model::CheckInfo> checks)
{
    const auto info = std::ranges::find(checks, finding.id, &model::CheckInfo::id);
    QJsonArray chain;
    for (const model::ReachStep &step : finding.reachChain) {
        chain.append(QJsonObject{{u"level"_s, word(step.level)},
                                 {u"reached"_s, step.reached},
                                 {u"where"_s, render(step.where)},
                                 {u"section"_s, step.section}});
    }
    QJsonArray subjects;
    for (const base::UntrustedText &subject : finding.subjects)
        subjects.append(subject.display());
    QJsonArray evidence;
    for (const model::Evidence &each : finding.evidence)
        evidence.append(toJson(each));
    return {{u"id"_s, finding.id},
            {u"area"_s, word(finding.area)},
            {u"deployment"_s, orNull(finding.deployment)},
            {u"title"_s, info == checks.end() ? finding.id : QString::fromUtf8(info->title)},
            {u"severity"_s, word(finding.severity)},
            {u"baseSeverity"_s, word(finding.baseSeverity)},
            {u"verdict"_s, word(finding.verdict)},
            {u"reach"_s,
             finding.reach ? QJsonValue(word(*finding.reach)) : QJsonValue(QJsonValue::Null)},
            {u"reachChain"_s, chain},
            {u"summary"_s, render(finding.summary)},
            {u"expected"_s, render(finding.expected)},
            {u"actual"_s, render(finding.actual)},
            {u"subjects"_s, subjects},
            {u"evidence"_s, evidence},
            {u"remediation"_s, QJsonValue::Null},
            {u"controls"_s, toJson(info == checks.end() ? model::Controls() : info->controls)},
            {u"waiver"_s, QJsonValue::Null},
            {u"attestation"_s, QJsonValue::Null}};
}

} // namespace

QByteArray auditJson(const Subject &subject)
{
    const model::Audit &audit = subject.audit;
    QJsonArray deployments;
    for (const model::DeploymentInfo &each : audit.deployments)
        deployments.append(toJson(each));
    QJsonArray findings;
    for (const model::Finding &each : audit.findings)
        findings.append(toJson(each, subject.checks));
    const QJsonObject root{
        {u"schema"_s, u"flowkeep.audit/1"_s},
        {u"id"_s, audit.id},
        {u"factsSha256"_s, QString::fromLatin1(audit.factsSha256)},
        {u"server"_s,
         QJsonObject{{u"name"_s, audit.server.name},
                     {u"address"_s, audit.server.address},
                     {u"hostKey"_s, orNull(audit.server.hostKey)},
                     {u"machineId"_s, audit.server.machineId.display()},
                     {u"os"_s, audit.server.os.display()},
                     {u"docker"_s, audit.server.docker.display()}}},
        {u"startedAt"_s, audit.startedAt.toUTC().toString(Qt::ISODate)},
        {u"durationMs"_s, audit.durationMs},
        {u"toolVersion"_s, audit.toolVersion},
        {u"catalogue"_s, audit.catalogue},
        {u"profile"_s, audit.profile},
        {u"vantage"_s,
         QJsonObject{{u"addresses"_s, QJsonArray::fromStringList(audit.vantage.addresses)},
                     {u"families"_s, QJsonArray::fromStringList(audit.vantage.families)},
                     {u"route"_s, audit.vantage.route},
                     {u"refused"_s, fromRefused(audit.vantage.refused)}}},
        {u"privilege"_s, word(audit.privilege)},
        {u"fromFile"_s, audit.fromFile},
        {u"deployments"_s, deployments},
        {u"summary"_s, toJson(audit.summary)},
        {u"findings"_s, findings}};
    return base::jsonText(root);
}

} // namespace report
