#pragma once

#include "core/model/finding.h"
#include "core/model/score.h"

#include <QStyledItemDelegate>

namespace ui {

/// Paints the whole checklist: areas 32 high, findings 46 (28 when compact). One painter, one
/// truth.
class CheckDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit CheckDelegate(QObject *parent);

    void setCompact(bool compact) { m_compact = compact; }
    bool isCompact() const { return m_compact; }
    /// Columns are as wide as the longest translated word: measured again when font or language
    /// change.
    void measure();

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    struct Row;
    void paintArea(QPainter *painter,
                   const QStyleOptionViewItem &option,
                   const QModelIndex &index) const;
    void paintFinding(QPainter *painter, const Row &row) const;
    void paintCompact(QPainter *painter, const Row &row) const;
    void paintSeverity(QPainter *painter, const Row &row, int top) const;

    bool m_compact = false;
    int m_verdictWidth = 0;
    int m_rightWidth = 0;
};

} // namespace ui
