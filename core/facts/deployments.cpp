#include "core/facts/deployments.h"

#include "core/base/untrustedtext.h"
#include "core/facts/records.h"
#include "core/facts/section.h"

#include <QSet>

#include <algorithm>

namespace facts {

using namespace Qt::StringLiterals;

namespace {

/// Names of projects may repeat when two directories have the same name; ids may not.
QString uniqueId(const QByteArray &project, QSet<QString> &taken)
{
    const QString name = base::UntrustedText(project).display();
    QString id = name;
    for (int copy = 2; taken.contains(id); ++copy)
        id = name + u'@' + QString::number(copy);
    taken.insert(id);
    return id;
}

/// Projects that run AppFlowy but are not in `records`: the list was lost, or had no room for them.
void addUnlisted(const std::vector<Container> &containers, std::vector<DeploymentRecord> &records)
{
    for (const Container &container : containers) {
        if (container.project.isEmpty() || !isAppFlowyImage(container.image))
            continue;
        const bool listed = std::any_of(records.begin(), records.end(), [&](const auto &record) {
            return record.project == container.project;
        });
        if (!listed) {
            records.push_back({0, container.project, container.workingDirectory,
                               container.configFiles, container.envFile, false});
        }
    }
}

bool belongs(const Container &container, const DeploymentRecord &record, bool nameShared)
{
    return container.project == record.project
        && (!nameShared || container.workingDirectory == record.directory);
}

Deployment placeholder(Gap gap, const Source &source)
{
    Deployment deployment;
    deployment.id = u"unknown"_s;
    deployment.placeholder = true;
    deployment.containers = Fact<std::vector<Container>>(gap, source);
    return deployment;
}

} // namespace

bool isAppFlowyImage(QByteArrayView image)
{
    return image.contains("appflowyinc/") || image.startsWith("appflowy_")
        || image.contains("/appflowy_");
}

std::optional<std::vector<DeploymentRecord>> parseDeployments(QByteArrayView data)
{
    const std::optional<std::vector<Record>> lines = readRecords(data);
    if (!lines)
        return std::nullopt;
    std::vector<DeploymentRecord> records;
    QSet<int> taken;
    for (const Record &line : *lines) {
        const std::optional<int> index = line.number(0, deploymentLimit);
        const QByteArray kind = line.field(5);
        if (!index || *index == 0 || taken.contains(*index) || line.field(1).isEmpty())
            return std::nullopt;
        if (kind != "compose" && kind != "swarm")
            return std::nullopt;
        taken.insert(*index);
        records.push_back(
            {*index, line.field(1), line.field(2), line.list(3), line.field(4), kind == "swarm"});
    }
    return records;
}

std::vector<Deployment> findDeployments(const Fact<std::vector<DeploymentRecord>> &listed,
                                        const Fact<std::vector<Container>> &containers)
{
    std::vector<DeploymentRecord> records = listed ? *listed : std::vector<DeploymentRecord>();
    if (containers)
        addUnlisted(*containers, records);
    const bool tooMany = records.size() > std::size_t(deploymentLimit);
    if (tooMany)
        records.erase(records.begin() + deploymentLimit, records.end());
    std::vector<Deployment> deployments;
    QSet<QString> taken;
    for (const DeploymentRecord &record : records) {
        Deployment deployment;
        deployment.index = record.index;
        deployment.id = uniqueId(record.project, taken);
        deployment.directory = record.directory;
        deployment.configFiles = record.configFiles;
        deployment.variant = record.swarm ? u"swarm"_s : QString();
        if (!containers) {
            deployment.placeholder = true;
            deployment.containers
                = Fact<std::vector<Container>>(containers.gap(), containers.source());
        } else {
            const auto sameName
                = std::count_if(records.begin(), records.end(),
                                [&](const auto &other) { return other.project == record.project; });
            std::vector<Container> own;
            for (const Container &container : *containers) {
                if (belongs(container, record, sameName > 1))
                    own.push_back(container);
            }
            deployment.containers
                = Fact<std::vector<Container>>(std::move(own), containers.source());
        }
        deployments.push_back(std::move(deployment));
    }
    if (tooMany) // what nobody looked at stays unknown
        deployments.push_back(placeholder(Gap::Cut, listed.source()));
    if (!deployments.empty())
        return deployments;
    // Neither tool: there is no container engine on this machine, and so no deployment.
    const bool noEngine = !containers && containers.gap() == Gap::ToolMissing && !listed
        && listed.gap() == Gap::ToolMissing;
    if (!containers && !noEngine)
        deployments.push_back(placeholder(containers.gap(), containers.source()));
    else if (containers && !listed)
        deployments.push_back(placeholder(listed.gap(), listed.source()));
    return deployments;
}

} // namespace facts
