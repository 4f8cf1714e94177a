#pragma once

#include "core/facts/deployment.h"

#include <QByteArrayView>

#include <optional>
#include <vector>

/// Which deployments there are, and whose container is whose.
namespace facts {

/// A line of the section `deployments`.
struct DeploymentRecord
{
    int index = 0;
    QByteArray project;
    QByteArray directory;
    std::vector<QByteArray> configFiles;
    QByteArray envFile;
    bool swarm = false;
};
std::optional<std::vector<DeploymentRecord>> parseDeployments(QByteArrayView data);

/// The deployments with index, id, directory and containers; everything else is filled by `parse`.
/// Where containers could not be listed: placeholders, one by name or one "unknown". Beyond
/// deploymentLimit: one "unknown" for all the others.
std::vector<Deployment> findDeployments(const Fact<std::vector<DeploymentRecord>> &records,
                                        const Fact<std::vector<Container>> &containers);

/// An image that AppFlowy's own services run from.
bool isAppFlowyImage(QByteArrayView image);

} // namespace facts
