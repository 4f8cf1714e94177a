#include "app/cli/jsonoutput.h"

#include "core/base/json.h"
#include "core/engine/messages.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

QJsonArray array(const QStringList &texts)
{
    return QJsonArray::fromStringList(texts);
}

QJsonObject controls(const model::Controls &controls)
{
    return {{u"soc2"_s, array(controls.soc2)},
            {u"iso27001"_s, array(controls.iso27001)},
            {u"hipaa"_s, array(controls.hipaa)},
            {u"gdpr"_s, array(controls.gdpr)}};
}

QJsonObject check(const model::CheckInfo &info)
{
    QJsonArray lines;
    for (const int line : info.guideLines)
        lines += line;
    QJsonArray references;
    for (const model::Reference &reference : info.references)
        references += QJsonObject{
            {u"title"_s, reference.title}, {u"url"_s, reference.url}, {u"date"_s, reference.date}};
    return {{u"id"_s, info.id},
            {u"title"_s, QString::fromUtf8(info.title)},
            {u"area"_s, model::word(info.area)},
            {u"baseSeverity"_s, model::word(info.severity)},
            {u"guideLines"_s, lines},
            {u"controls"_s, controls(info.controls)},
            {u"needs"_s, array(info.needs)},
            {u"proofRequired"_s, info.proofRequired},
            {u"why"_s, QString::fromUtf8(info.why)},
            {u"advice"_s, QString::fromUtf8(info.advice)},
            {u"references"_s, references},
            {u"reviewed"_s, info.reviewed}};
}

QJsonObject errorObject(const base::Error &error)
{
    const engine::Message text = engine::message(error);
    return {{u"stage"_s, base::stageName(error.stage)},
            {u"kind"_s, base::kindName(error.kind)},
            {u"what"_s, text.what},
            {u"next"_s, text.next},
            {u"detail"_s, error.detail}};
}

QJsonObject failedTarget(const TargetAnswer &answer)
{
    QJsonObject object = errorObject(answer.error);
    if (!answer.hostKey.isEmpty())
        object.insert(u"hostKey"_s, answer.hostKey);
    return object;
}

} // namespace

QByteArray jsonBytes(const QJsonObject &object)
{
    return base::jsonText(object);
}

QByteArray checksJson(std::span<const model::CheckInfo> checks)
{
    QJsonArray all;
    for (const model::CheckInfo &info : checks)
        all += check(info);
    return jsonBytes({{u"schema"_s, u"flowkeep.checks/1"_s}, {u"checks"_s, all}});
}

QByteArray errorJson(const base::Error &error, ExitStatus status)
{
    return jsonBytes({{u"schema"_s, u"flowkeep.error/1"_s},
                      {u"exitStatus"_s, status},
                      {u"error"_s, errorObject(error)}});
}

QByteArray answersJson(const std::vector<TargetAnswer> &answers, ExitStatus overall)
{
    if (answers.size() == 1) {
        const TargetAnswer &answer = answers.front();
        QJsonObject object;
        if (answer.auditJson.isEmpty()) {
            object = {{u"schema"_s, u"flowkeep.error/1"_s},
                      {u"target"_s, answer.target},
                      {u"error"_s, failedTarget(answer)}};
        } else {
            object = QJsonDocument::fromJson(answer.auditJson).object();
        }
        object.insert(u"exitStatus"_s, answer.status);
        return jsonBytes(object);
    }
    QJsonArray targets;
    for (const TargetAnswer &answer : answers) {
        const bool failed = answer.auditJson.isEmpty();
        targets += QJsonObject{
            {u"target"_s, answer.target},
            {u"exitStatus"_s, answer.status},
            {u"audit"_s,
             failed ? QJsonValue()
                    : QJsonValue(QJsonDocument::fromJson(answer.auditJson).object())},
            {u"error"_s, failed ? QJsonValue(failedTarget(answer)) : QJsonValue()}};
    }
    return jsonBytes({{u"schema"_s, u"flowkeep.audits/1"_s},
                      {u"exitStatus"_s, overall},
                      {u"targets"_s, targets}});
}

} // namespace cli
