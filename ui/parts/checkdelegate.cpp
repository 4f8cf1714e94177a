#include "ui/parts/checkdelegate.h"

#include "core/look/icons.h"
#include "core/look/painters.h"
#include "core/look/verdictlook.h"
#include "ui/models/checklistmodel.h"
#include "ui/theme.h"
#include "ui/words.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStyle>
#include <QTreeView>

namespace ui {

using namespace Qt::StringLiterals;
using look::Role;

namespace {

constexpr int areaHeight = 32;
constexpr int rowHeight = 46;
constexpr int compactHeight = 28;
constexpr int inset = 16;

/// The row of the source model, whatever filter lies between.
QModelIndex sourceOf(const QModelIndex &index)
{
    const auto *proxy = qobject_cast<const QSortFilterProxyModel *>(index.model());
    return proxy != nullptr ? proxy->mapToSource(index) : index;
}

Role fillOf(const QStyleOptionViewItem &option)
{
    if (option.state & QStyle::State_Selected)
        return Role::Sel;
    return option.state & QStyle::State_MouseOver ? Role::Hover : Role::Base;
}

int widest(const QStringList &words, const QFont &font)
{
    const QFontMetrics metrics(font);
    int width = 0;
    for (const QString &word : words)
        width = qMax(width, metrics.horizontalAdvance(word));
    return width;
}

} // namespace

struct CheckDelegate::Row
{
    const model::Finding &finding;
    QString title;
    QString summary;
    QRect rect;
    Qt::LayoutDirection direction;
    Role fill;

    QRect at(int x, int y, int width, int height) const
    {
        return QStyle::visualRect(direction, rect,
                                  QRect(rect.left() + x, rect.top() + y, width, height));
    }
    int aligned(Qt::Alignment alignment) const
    {
        return static_cast<int>(QStyle::visualAlignment(direction, alignment | Qt::AlignVCenter));
    }
    void text(QPainter *painter, const QRect &where, const QString &words) const
    {
        painter->drawText(where, aligned(Qt::AlignLeft),
                          painter->fontMetrics().elidedText(words, Qt::ElideRight, where.width()));
    }
};

CheckDelegate::CheckDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
    measure();
}

void CheckDelegate::measure()
{
    QStringList verdicts;
    for (int v = 0; v <= static_cast<int>(model::Verdict::NotApplicable); ++v)
        verdicts << verdictWord(static_cast<model::Verdict>(v));
    QStringList right;
    for (int s = 0; s <= static_cast<int>(model::Severity::Critical); ++s)
        right << severityWord(static_cast<model::Severity>(s));
    for (int r = 0; r <= static_cast<int>(model::Reach::Proven); ++r)
        right << reachWordSmall(static_cast<model::Reach>(r));
    m_verdictWidth = qMax(widest(verdicts, ui::font(Type::Body, QFont::DemiBold)),
                          widest({u"AUTH-00"_s}, ui::font(Type::Small)));
    m_rightWidth = 22 + widest(right, ui::font(Type::Small, QFont::DemiBold));
}

QSize CheckDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    if (!index.parent().isValid())
        return {200, areaHeight};
    return {200, m_compact ? compactHeight : rowHeight};
}

void CheckDelegate::paint(QPainter *painter,
                          const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    painter->save();
    const auto *finding = static_cast<const model::Finding *>(
        index.data(ChecklistModel::FindingRole).value<const void *>());
    if (finding == nullptr) {
        paintArea(painter, option, index);
        painter->restore();
        return;
    }
    const Row row{
        *finding,    index.data().toString(), index.data(ChecklistModel::SummaryRole).toString(),
        option.rect, option.direction,        fillOf(option)};
    painter->fillRect(option.rect, colour(row.fill));
    if (m_compact)
        paintCompact(painter, row);
    else
        paintFinding(painter, row);
    const int from = inset + 20 + m_verdictWidth + 16;
    painter->fillRect(row.at(from, row.rect.height() - 1, row.rect.width() - from, 1),
                      colour(Role::Line));
    if (option.state & QStyle::State_Selected)
        painter->fillRect(row.at(0, 0, 3, row.rect.height()), colour(Role::Accent));
    painter->restore();
}

void CheckDelegate::paintArea(QPainter *painter,
                              const QStyleOptionViewItem &option,
                              const QModelIndex &index) const
{
    const QModelIndex source = sourceOf(index);
    const auto *checklist = qobject_cast<const ChecklistModel *>(source.model());
    const QRect rect = option.rect;
    const auto at = [&](int x, int y, int width, int height) {
        return QStyle::visualRect(option.direction, rect,
                                  QRect(rect.left() + x, rect.top() + y, width, height));
    };
    const bool current = option.state & QStyle::State_Selected;
    painter->fillRect(rect, colour(current ? Role::Sel : Role::Window));
    painter->fillRect(at(0, rect.height() - 1, rect.width(), 1), colour(Role::Line));
    const auto *tree = qobject_cast<const QTreeView *>(option.widget);
    const bool open = tree == nullptr || tree->isExpanded(index);
    look::paintIcon(*painter, at(inset - 2, 9, 14, 14), open ? u"chevron-down"_s : u"chevron"_s,
                    colour(Role::Text2), colour(Role::Window));
    const QString counts = index.data(ChecklistModel::CountsRole).toString();
    painter->setFont(ui::font(Type::Small));
    painter->setPen(colour(Role::Text2));
    const int countsWidth = painter->fontMetrics().horizontalAdvance(counts);
    painter->drawText(at(rect.width() - inset - countsWidth, 0, countsWidth, rect.height()),
                      Qt::AlignCenter, counts);
    painter->setFont(ui::font(Type::Small, QFont::DemiBold));
    painter->setPen(colour(Role::Text));
    const QString name = index.data().toString();
    const int nameWidth = painter->fontMetrics().horizontalAdvance(name) + 2;
    const int room = rect.width() - 2 * inset - 16 - countsWidth - 12;
    painter->drawText(at(inset + 16, 0, qMin(nameWidth, room), rect.height()), Qt::AlignCenter,
                      painter->fontMetrics().elidedText(name, Qt::ElideRight, room));
    if (checklist != nullptr && room - nameWidth > 100) {
        look::paintStackBar(
            *painter,
            at(rect.width() - inset - countsWidth - 12 - 80, rect.height() / 2 - 2, 80, 4),
            look::sharesOf(checklist->counts(source)), look::windowTheme(),
            option.direction == Qt::RightToLeft);
    }
}

void CheckDelegate::paintSeverity(QPainter *painter, const Row &row, int top) const
{
    const bool mirrored = row.direction == Qt::RightToLeft;
    const int right = row.rect.width() - inset - m_rightWidth;
    const bool critical = row.finding.severity == model::Severity::Critical;
    look::paintSeverity(*painter, row.at(right, top + 4, 14, 10), row.finding.severity,
                        look::windowTheme(), mirrored);
    painter->setFont(ui::font(Type::Small, critical ? QFont::DemiBold : QFont::Normal));
    painter->setPen(colour(Role::Text));
    row.text(painter, row.at(right + 22, top, m_rightWidth - 22, 18),
             severityWord(row.finding.severity));
}

void CheckDelegate::paintFinding(QPainter *painter, const Row &row) const
{
    const look::VerdictLook shown = look::verdictLook(row.finding.verdict);
    look::paintIcon(*painter, row.at(inset, 8, 14, 14), shown.icon, colour(shown.glyph),
                    colour(row.fill));
    painter->setFont(ui::font(Type::Body, QFont::DemiBold));
    painter->setPen(colour(shown.word));
    row.text(painter, row.at(inset + 20, 6, m_verdictWidth + 2, 18),
             verdictWord(row.finding.verdict));
    painter->setFont(ui::font(Type::Small));
    painter->setPen(colour(Role::Text3));
    row.text(painter, row.at(inset + 20, 24, m_verdictWidth + 8, 16), row.finding.id);

    const int left = inset + 20 + m_verdictWidth + 16;
    const int room = row.rect.width() - left - inset - m_rightWidth - 12;
    painter->setFont(ui::font(Type::Body, QFont::Medium));
    painter->setPen(colour(Role::Text));
    row.text(painter, row.at(left, 5, room, 19), row.title);
    painter->setFont(ui::font(Type::Small));
    painter->setPen(colour(Role::Text2));
    row.text(painter, row.at(left, 23, room, 18), row.summary);

    paintSeverity(painter, row, 6);
    if (!row.finding.reach || row.finding.verdict == model::Verdict::NotApplicable)
        return;
    const int right = row.rect.width() - inset - m_rightWidth;
    look::paintReachDots(*painter, row.at(right, 31, 15, 3), *row.finding.reach,
                         look::windowTheme(), row.direction == Qt::RightToLeft);
    painter->setFont(ui::font(Type::Caption));
    painter->setPen(colour(Role::Text2));
    row.text(painter, row.at(right + 22, 24, m_rightWidth - 22, 17),
             reachWordSmall(*row.finding.reach));
}

void CheckDelegate::paintCompact(QPainter *painter, const Row &row) const
{
    const look::VerdictLook shown = look::verdictLook(row.finding.verdict);
    look::paintIcon(*painter, row.at(inset, 7, 14, 14), shown.icon, colour(shown.glyph),
                    colour(row.fill));
    painter->setFont(ui::font(Type::Body, QFont::DemiBold));
    painter->setPen(colour(shown.word));
    row.text(painter, row.at(inset + 20, 5, m_verdictWidth + 2, 18),
             verdictWord(row.finding.verdict));
    const int ids = QFontMetrics(ui::font(Type::Small)).horizontalAdvance(u"AUTH-00"_s) + 8;
    const int left = inset + 20 + m_verdictWidth + 16;
    painter->setFont(ui::font(Type::Small));
    painter->setPen(colour(Role::Text3));
    row.text(painter, row.at(left, 5, ids, 18), row.finding.id);
    painter->setFont(ui::font(Type::Body, QFont::Medium));
    painter->setPen(colour(Role::Text));
    const int room = row.rect.width() - left - ids - inset - m_rightWidth - 12;
    row.text(painter, row.at(left + ids, 5, room, 18), row.title);
    paintSeverity(painter, row, 5);
}

} // namespace ui
