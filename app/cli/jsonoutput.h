#pragma once

#include "app/cli/exitstatus.h"
#include "core/base/error.h"
#include "core/model/finding.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <span>
#include <vector>

namespace cli {

/// What became of one target.
struct TargetAnswer
{
    QString target;
    ExitStatus status = Done;
    QByteArray auditJson; ///< flowkeep.audit/1; empty when it failed
    base::Error error; ///< when it failed
    QJsonObject hostKey; ///< type, fingerprint, known: when the host key was the reason
};

QByteArray jsonBytes(const QJsonObject &object);
/// flowkeep.checks/1
QByteArray checksJson(std::span<const model::CheckInfo> checks);
/// flowkeep.error/1
QByteArray errorJson(const base::Error &error, ExitStatus status);
/// One target: its flowkeep.audit/1 with `exitStatus`, or flowkeep.error/1. Several:
/// flowkeep.audits/1.
QByteArray answersJson(const std::vector<TargetAnswer> &answers, ExitStatus overall);

} // namespace cli
