#pragma once

#include "core/model/verdict.h"

#include <QSortFilterProxyModel>

#include <optional>

namespace ui {

/// Which findings the list shows. The three switches add up; none switched on shows all.
struct ChecklistChoice
{
    bool open = true; ///< fail and warning
    bool unknown = false; ///< unknown and manual
    bool pass = false; ///< pass and not applicable
    QString text;
    std::optional<model::Area> area;

    bool accepts(model::Verdict verdict) const;
    friend bool operator==(const ChecklistChoice &, const ChecklistChoice &) = default;
};

class ChecklistFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit ChecklistFilter(QObject *parent);

    const ChecklistChoice &choice() const { return m_choice; }
    void setChoice(ChecklistChoice choice);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    ChecklistChoice m_choice;
};

} // namespace ui
