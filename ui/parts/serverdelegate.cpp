#include "ui/parts/serverdelegate.h"

#include "core/look/icons.h"
#include "ui/models/serverlistmodel.h"
#include "ui/theme.h"

#include <QPainter>
#include <QStyle>

namespace ui {

using look::Role;

QSize ServerDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    return {160, index.data(ServerListModel::CaptionRole).toBool() ? 28 : 48};
}

void ServerDelegate::paint(QPainter *painter,
                           const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect rect = option.rect;
    const auto at = [&](int x, int y, int width, int height) {
        return QStyle::visualRect(option.direction, rect,
                                  QRect(rect.left() + x, rect.top() + y, width, height));
    };
    const auto text = [&](const QRect &where, const QString &words, Qt::Alignment side) {
        painter->drawText(
            where,
            static_cast<int>(QStyle::visualAlignment(option.direction, side | Qt::AlignVCenter)),
            painter->fontMetrics().elidedText(words, Qt::ElideRight, where.width()));
    };
    const QString name = index.data().toString();
    if (index.data(ServerListModel::CaptionRole).toBool()) {
        painter->setFont(ui::font(Type::Small, QFont::DemiBold));
        painter->setPen(colour(Role::Text2));
        text(at(16, 4, rect.width() - 32, 24), name, Qt::AlignLeft);
        painter->restore();
        return;
    }
    const bool selected = option.state & QStyle::State_Selected;
    const bool hovered = option.state & QStyle::State_MouseOver;
    const Role fill = selected ? Role::Sel : hovered ? Role::Hover : Role::Window;
    painter->setPen(Qt::NoPen);
    painter->setBrush(colour(fill));
    painter->drawRoundedRect(at(8, 1, rect.width() - 16, 46), look::radius::button,
                             look::radius::button);
    const auto tone = static_cast<Role>(index.data(ServerListModel::ToneRole).toInt());
    look::paintIcon(*painter, at(18, 8, 14, 14), index.data(ServerListModel::IconRole).toString(),
                    colour(tone), colour(fill));
    painter->setFont(ui::font(Type::Body, QFont::DemiBold));
    painter->setPen(colour(Role::Text));
    const QString score = index.data(ServerListModel::ScoreRole).toString();
    const int scoreWidth = painter->fontMetrics().horizontalAdvance(score) + 2;
    const int left = 40;
    const int end = rect.width() - 18;
    text(at(end - scoreWidth, 5, scoreWidth, 19), score, Qt::AlignRight);
    text(at(left, 5, end - left - scoreWidth - 8, 19), name, Qt::AlignLeft);
    painter->setFont(ui::font(Type::Small));
    painter->setPen(colour(Role::Text2));
    const QString ageText = index.data(ServerListModel::AgeRole).toString();
    const int ageWidth = painter->fontMetrics().horizontalAdvance(ageText) + 2;
    text(at(end - ageWidth, 25, ageWidth, 17), ageText, Qt::AlignRight);
    if (index.data(ServerListModel::AlarmRole).toBool())
        painter->setPen(colour(Role::Fail));
    text(at(left, 25, end - left - ageWidth - 8, 17),
         index.data(ServerListModel::LineRole).toString(), Qt::AlignLeft);
    painter->restore();
}

} // namespace ui
