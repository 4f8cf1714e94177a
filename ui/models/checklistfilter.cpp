#include "ui/models/checklistfilter.h"

#include "ui/models/checklistmodel.h"

namespace ui {

using namespace Qt::StringLiterals;

bool ChecklistChoice::accepts(model::Verdict verdict) const
{
    if (!open && !unknown && !pass)
        return true;
    switch (verdict) {
    case model::Verdict::Fail:
    case model::Verdict::Warn:
        return open;
    case model::Verdict::Unknown:
    case model::Verdict::Manual:
        return unknown;
    case model::Verdict::Pass:
    case model::Verdict::NotApplicable:
        return pass;
    }
    return true;
}

ChecklistFilter::ChecklistFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    setRecursiveFilteringEnabled(true);
}

void ChecklistFilter::setChoice(ChecklistChoice choice)
{
    if (choice == m_choice)
        return;
    m_choice = std::move(choice);
    invalidateFilter();
}

bool ChecklistFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    // Areas stay as long as one of their findings does.
    if (!parent.isValid())
        return false;
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    const auto verdict
        = static_cast<model::Verdict>(index.data(ChecklistModel::VerdictRole).toInt());
    if (!m_choice.accepts(verdict))
        return false;
    if (m_choice.area
        && index.data(ChecklistModel::AreaRole).toInt() != static_cast<int>(*m_choice.area)) {
        return false;
    }
    const QString text = index.data(ChecklistModel::SearchRole).toString();
    const QStringList words = m_choice.text.split(u' ', Qt::SkipEmptyParts);
    return std::ranges::all_of(
        words, [&text](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace ui
