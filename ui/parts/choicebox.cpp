#include "ui/parts/choicebox.h"

#include "core/look/icons.h"
#include "ui/theme.h"

#include <QPainter>
#include <QStyle>

namespace ui {

using namespace Qt::StringLiterals;
using look::Role;

void ChoiceBox::paintEvent(QPaintEvent *event)
{
    QComboBox::paintEvent(event);
    QPainter painter(this);
    const QRect arrow(width() - 24, height() / 2 - 7, 14, 14);
    look::paintIcon(painter, QStyle::visualRect(layoutDirection(), rect(), arrow),
                    u"chevron-down"_s, colour(isEnabled() ? Role::Text2 : Role::Control),
                    colour(Role::Base));
}

} // namespace ui
