#include "core/engine/judging.h"

#include "core/checks/check.h"
#include "core/knowledge/knowledge.h"
#include "core/model/score.h"
#include "core/store/store.h"

#include <QDate>
#include <QFile>

#include <algorithm>

namespace engine {

using namespace Qt::StringLiterals;

base::Result<AuditRun>
judged(facts::Snapshot snapshot, const QDateTime &now, const std::stop_token &stop)
{
    facts::Facts facts = facts::parse(std::move(snapshot));
    model::Audit audit = checks::judge(facts, knowledge::Knowledge::builtIn(), {}, stop);
    if (stop.stop_requested())
        return base::fail(base::ErrorKind::Cancelled, base::Stage::Parse, {});
    audit.id = store::newUlid(now);
    audit.toolVersion = QStringLiteral(FLOWKEEP_VERSION);
    audit.knowledgeDays = static_cast<int>(std::clamp<qint64>(
        QDate::fromString(audit.catalogue, Qt::ISODate).daysTo(now.toUTC().date()), 0, 100000));
    audit.profile = u"baseline"_s;
    return AuditRun{std::move(audit), std::move(facts)};
}

base::Result<void> restrictTo(model::Audit &audit, const QString &deployment)
{
    if (deployment.isEmpty())
        return {};
    if (std::ranges::find(audit.deployments, deployment, &model::DeploymentInfo::id)
        == audit.deployments.end())
        return base::fail(base::ErrorKind::UnknownName, base::Stage::Parse, deployment);
    std::erase_if(audit.deployments,
                  [&](const model::DeploymentInfo &info) { return info.id != deployment; });
    std::erase_if(audit.findings, [&](const model::Finding &finding) {
        return !finding.deployment.isEmpty() && finding.deployment != deployment;
    });
    model::summarise(audit);
    return {};
}

base::Result<facts::Snapshot> demoSnapshot()
{
    QFile file(u":/flowkeep/demo/facts.json"_s);
    if (!file.open(QIODevice::ReadOnly))
        return base::fail(base::ErrorKind::FileNotFound, base::Stage::File,
                          u"of the demo server"_s);
    return facts::fromJson(file.readAll());
}

} // namespace engine
