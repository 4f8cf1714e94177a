#pragma once

#include "core/model/audit.h"
#include "ui/backend.h"

#include <QAbstractItemModel>

#include <memory>
#include <vector>

namespace ui {

/// The checklist: areas in the order of the posture page, findings below them, worst first. Holds
/// on to the audit it shows.
class ChecklistModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Role {
        FindingRole = Qt::UserRole, ///< pointer to model::Finding; nullptr for areas
        AreaRole, ///< model::Area as int
        VerdictRole, ///< model::Verdict as int
        IdRole,
        SummaryRole,
        SearchRole, ///< everything that a text filter looks at, lower case
        CopyRole, ///< "AUTH-01 Fail High: title: finding"
        CountsRole, ///< areas: "8 fail, 2 warnings"
    };

    ChecklistModel(const Backend &backend, QObject *parent);

    /// Only findings of `deployment` and host-wide ones; all when it is empty.
    void setAudit(std::shared_ptr<const engine::AuditRun> run, const QString &deployment);

    const model::Finding *finding(const QModelIndex &index) const;
    const model::Score &counts(const QModelIndex &area) const;
    /// The same check may have a finding in every deployment.
    QModelIndex indexOf(const QString &deployment, const QString &id) const;
    int checks() const { return static_cast<int>(m_findings.size()); }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Group
    {
        model::Area area;
        std::vector<const model::Finding *> members;
        model::Score counts;
    };

    QString title(const model::Finding &finding) const;
    QVariant areaData(const Group &group, int role) const;
    QVariant findingData(const model::Finding &finding, int role) const;

    const Backend &m_backend;
    std::shared_ptr<const engine::AuditRun> m_run;
    std::vector<const model::Finding *> m_findings; ///< those shown, in the audit's order
    std::vector<Group> m_groups;
};

/// The check's title, or its id where this version does not know it.
QString titleOf(const Backend &backend, const model::Finding &finding);

} // namespace ui
