#include "ui/models/checklistmodel.h"

#include "core/model/labels.h"
#include "core/model/score.h"
#include "ui/words.h"

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

bool worseFirst(const model::Finding &a, const model::Finding &b)
{
    if (a.verdict != b.verdict)
        return model::attentionRank(a.verdict) < model::attentionRank(b.verdict);
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
    m_run = std::move(run);
    m_findings.clear();
    m_groups.clear();
    if (m_run) {
        for (const model::Finding &finding : m_run->audit.findings) {
            if (deployment.isEmpty() || model::countsIn(finding, deployment))
                m_findings.push_back(&finding);
        }
    }
    for (int a = 0; a <= static_cast<int>(model::Area::Governance); ++a) {
        Group group{static_cast<model::Area>(a), {}, {}};
        model::ScoreSum sum;
        for (const model::Finding *finding : m_findings) {
            if (finding->area != group.area)
                continue;
            group.members.push_back(finding);
            sum.add(finding->verdict, finding->baseSeverity);
        }
        if (group.members.empty())
            continue;
        std::ranges::stable_sort(
            group.members,
            [](const model::Finding *x, const model::Finding *y) { return worseFirst(*x, *y); });
        group.counts = sum.score(true);
        m_groups.push_back(std::move(group));
    }
    endResetModel();
}

const model::Finding *ChecklistModel::finding(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == areaId)
        return nullptr;
    const Group &group = m_groups[index.internalId() - 1];
    return group.members[static_cast<std::size_t>(index.row())];
}

const model::Score &ChecklistModel::counts(const QModelIndex &area) const
{
    return m_groups[static_cast<std::size_t>(area.row())].counts;
}

QModelIndex ChecklistModel::indexOf(const QString &deployment, const QString &id) const
{
    for (int g = 0; g < rowCount(); ++g) {
        const QModelIndex area = index(g, 0);
        for (int row = 0; row < rowCount(area); ++row) {
            const QModelIndex candidate = index(row, 0, area);
            const model::Finding *each = finding(candidate);
            if (each->id == id && each->deployment == deployment)
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
