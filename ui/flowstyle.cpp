#include "ui/flowstyle.h"

#include "core/look/icons.h"
#include "ui/theme.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

namespace ui {

using namespace Qt::StringLiterals;
using look::Role;

namespace {

void drawCheckBox(QPainter *painter, const QStyleOption *option)
{
    const bool on = option->state & QStyle::State_On;
    const bool enabled = option->state & QStyle::State_Enabled;
    const QRectF box = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter->setPen(QPen(colour(on && enabled ? Role::AccentFill : Role::Control), 1));
    painter->setBrush(colour(on && enabled ? Role::AccentFill : Role::Base));
    painter->drawRoundedRect(box, 4, 4);
    if (on) {
        look::paintIcon(*painter, box.adjusted(1, 1, -1, -1), u"check"_s,
                        colour(enabled ? Role::OnAccentFill : Role::Control), colour(Role::Base));
    }
}

void drawRadio(QPainter *painter, const QStyleOption *option)
{
    const bool on = option->state & QStyle::State_On;
    const bool enabled = option->state & QStyle::State_Enabled;
    const QRectF box = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter->setPen(QPen(colour(on && enabled ? Role::AccentFill : Role::Control), 1));
    painter->setBrush(colour(Role::Base));
    painter->drawEllipse(box);
    if (on) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(colour(enabled ? Role::AccentFill : Role::Control));
        painter->drawEllipse(box.adjusted(3.5, 3.5, -3.5, -3.5));
    }
}

} // namespace

FlowStyle::FlowStyle()
    : QProxyStyle(QStyleFactory::create(u"Fusion"_s))
{ }

void FlowStyle::drawPrimitive(PrimitiveElement element,
                              const QStyleOption *option,
                              QPainter *painter,
                              const QWidget *widget) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    switch (element) {
    case PE_IndicatorCheckBox:
        drawCheckBox(painter, option);
        break;
    case PE_IndicatorRadioButton:
        drawRadio(painter, option);
        break;
    case PE_IndicatorArrowDown: {
        QRectF square(0, 0, 14, 14);
        square.moveCenter(QRectF(option->rect).center());
        look::paintIcon(*painter, square, u"chevron-down"_s, colour(Role::Text2),
                        colour(Role::Base));
        break;
    }
    case PE_FrameFocusRect:
        painter->setPen(QPen(colour(Role::Accent), 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
        break;
    default:
        painter->restore();
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        return;
    }
    painter->restore();
}

int FlowStyle::pixelMetric(PixelMetric metric,
                           const QStyleOption *option,
                           const QWidget *widget) const
{
    if (metric == PM_IndicatorWidth || metric == PM_IndicatorHeight
        || metric == PM_ExclusiveIndicatorWidth || metric == PM_ExclusiveIndicatorHeight) {
        return 16;
    }
    return QProxyStyle::pixelMetric(metric, option, widget);
}

} // namespace ui
