#pragma once

#include "ui/models/checklistfilter.h"
#include "ui/models/checklistmodel.h"

#include <QTreeView>
#include <QWidget>

class QLineEdit;

namespace ui {

class CheckDelegate;
class FilterChip;
class Label;

/// The list itself: areas open and close with a click anywhere on them and with the arrow keys.
class CheckTree : public QTreeView
{
    Q_OBJECT

public:
    explicit CheckTree(QWidget *parent = nullptr);

signals:
    /// A finding was clicked, or Enter was pressed on it.
    void opened();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void drawBranches(QPainter *, const QRect &, const QModelIndex &) const override { }
};

/// Filter row and list.
class Checklist : public QWidget
{
    Q_OBJECT

public:
    Checklist(const Backend &backend, QWidget *parent);

    ChecklistModel *model() const { return m_model; }
    void setAudit(std::shared_ptr<const engine::AuditRun> run, const QString &deployment);
    void setArea(std::optional<model::Area> area);
    /// Opens the filters as far as needed and makes this finding the current one.
    void select(const QString &deployment, const QString &checkId);
    const model::Finding *current() const;
    void focusSearch();
    void focusList();
    void setCompact(bool compact);
    bool isCompact() const;

    const ChecklistChoice &choice() const { return m_filter->choice(); }
    void setChoice(const ChecklistChoice &choice);

signals:
    /// nullptr when nothing is current.
    void currentChanged(const model::Finding *finding);
    void detailWanted();
    void areaCleared();

private:
    void choiceChanged();
    void sayWhyEmpty(const ChecklistChoice &choice);
    void showCurrent();
    void contextMenu(const QPoint &at);
    void copyCurrent();

    ChecklistModel *m_model;
    ChecklistFilter *m_filter;
    CheckDelegate *m_delegate;
    QLineEdit *m_search;
    FilterChip *m_open;
    FilterChip *m_unknown;
    FilterChip *m_pass;
    CheckTree *m_tree;
    Label *m_nothing;
    std::optional<model::Area> m_area;
    bool m_changing = false;
};

} // namespace ui
