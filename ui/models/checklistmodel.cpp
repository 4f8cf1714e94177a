#include "ui/models/checklistmodel.h"

#include "core/model/score.h"
#include "ui/words.h"

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

/// Trouble first, then what a person has to look at, then what is fine.
int rank(model::Verdict verdict)
{
    switch (verdict) {
    case model::Verdict::Fail:
        return 0;
    case model::Verdict::Warn:
        return 1;
    case model::Verdict::Unknown:
        return 2;
    case model::Verdict::Manual:
        return 3;
    case model::Verdict::Pass:
        return 4;
    case model::Verdict::NotApplicable:
        return 5;
    }
    return 6;
}

bool worseFirst(const model::Finding &a, const model::Finding &b)
{
    if (rank(a.verdict) != rank(b.verdict))
        return rank(a.verdict) < rank(b.verdict);
    if (a.severity != b.severity)
        return a.severity > b.severity;
    return a.id < b.id;
}

QString reachPhrase(const model::Finding &finding)
{
    if (!finding.reach)
        return {};
    return ChecklistModel::tr("%1, step %2 of 5")
        .arg(reachWord(*finding.reach))
        .arg(static_cast<int>(*finding.reach) + 1);
}

constexpr quintptr areaId = 0; // findings carry the group's row + 1

} // namespace

ChecklistModel::ChecklistModel(const Backend &backend, QObject *parent)
    : QAbstractItemModel(parent)
    , m_backend(backend)
{ }

void ChecklistModel::setAudit(std::shared_ptr<const engine::AuditRun> run,
                              const QString &deployment)
{
    beginResetModel();
    m_findings.clear();
    m_groups.clear();
    if (run) {
        std::ranges::copy_if(run->audit.findings, std::back_inserter(m_findings),
                             [&deployment](const model::Finding &finding) {
                                 return deployment.isEmpty() || finding.deployment.isEmpty()
                                     || finding.deployment == deployment;
                             });
    }
    for (int a = 0; a <= static_cast<int>(model::Area::Governance); ++a) {
        Group group{static_cast<model::Area>(a), {}, {}};
        std::vector<model::Finding> members;
        for (std::size_t i = 0; i < m_findings.size(); ++i) {
            if (m_findings[i].area != group.area)
                continue;
            group.members.push_back(i);
            members.push_back(m_findings[i]);
        }
        if (group.members.empty())
            continue;
        std::ranges::stable_sort(group.members, [this](std::size_t x, std::size_t y) {
            return worseFirst(m_findings[x], m_findings[y]);
        });
        group.counts = model::scoreOf(members, true);
        m_groups.push_back(std::move(group));
    }
    endResetModel();
}

const model::Finding *ChecklistModel::finding(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == areaId)
        return nullptr;
    const Group &group = m_groups[index.internalId() - 1];
    return &m_findings[group.members[static_cast<std::size_t>(index.row())]];
}

const model::Score &ChecklistModel::counts(const QModelIndex &area) const
{
    return m_groups[static_cast<std::size_t>(area.row())].counts;
}

QModelIndex ChecklistModel::indexOf(const QString &id) const
{
    for (int g = 0; g < rowCount(); ++g) {
        const QModelIndex area = index(g, 0);
        for (int row = 0; row < rowCount(area); ++row) {
            const QModelIndex candidate = index(row, 0, area);
            if (finding(candidate)->id == id)
                return candidate;
        }
    }
    return {};
}

QModelIndex ChecklistModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    if (!parent.isValid())
        return createIndex(row, column, areaId);
    return createIndex(row, column, static_cast<quintptr>(parent.row()) + 1);
}

QModelIndex ChecklistModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == areaId)
        return {};
    return createIndex(static_cast<int>(index.internalId() - 1), 0, areaId);
}

int ChecklistModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    if (parent.internalId() != areaId || parent.column() != 0)
        return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].members.size());
}

int ChecklistModel::columnCount(const QModelIndex &) const
{
    return 1;
}

QVariant ChecklistModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (const model::Finding *shown = finding(index))
        return findingData(*shown, role);
    return areaData(m_groups[static_cast<std::size_t>(index.row())], role);
}

QVariant ChecklistModel::areaData(const Group &group, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return areaWord(group.area);
    case Qt::AccessibleTextRole:
        return QString(areaWord(group.area) + u", "_s + countsPhrase(group.counts));
    case AreaRole:
        return static_cast<int>(group.area);
    case CountsRole:
        return countsPhrase(group.counts);
    default:
        return {};
    }
}

QVariant ChecklistModel::findingData(const model::Finding &finding, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return title(finding);
    case Qt::AccessibleTextRole: {
        QStringList parts{verdictWord(finding.verdict),
                          severityWord(finding.severity),
                          finding.id,
                          title(finding),
                          say(finding.summary),
                          reachPhrase(finding)};
        parts.removeAll(QString());
        return parts.join(u", "_s);
    }
    case Qt::AccessibleDescriptionRole:
    case SummaryRole:
        return say(finding.summary);
    case FindingRole:
        return QVariant::fromValue(static_cast<const void *>(&finding));
    case AreaRole:
        return static_cast<int>(finding.area);
    case VerdictRole:
        return static_cast<int>(finding.verdict);
    case IdRole:
        return finding.id;
    case SearchRole: {
        QString text = finding.id + u' ' + title(finding) + u' ' + say(finding.summary);
        for (const base::UntrustedText &subject : finding.subjects)
            text += u' ' + subject.display();
        return text;
    }
    case CopyRole:
        return QString(finding.id + u' ' + verdictWord(finding.verdict) + u' '
                       + severityWord(finding.severity) + u": "_s + title(finding) + u": "_s
                       + say(finding.summary));
    default:
        return {};
    }
}

QString ChecklistModel::title(const model::Finding &finding) const
{
    return titleOf(m_backend, finding);
}

QString titleOf(const Backend &backend, const model::Finding &finding)
{
    const model::CheckInfo *info = checkInfo(backend, finding.id);
    return info != nullptr ? checkText(info->title) : finding.id;
}

} // namespace ui
