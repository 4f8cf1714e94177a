#pragma once

#include <QProxyStyle>

namespace ui {

/// Fusion with our own check boxes, radio buttons, arrows and focus: a style sheet cannot draw
/// those from the palette.
class FlowStyle : public QProxyStyle
{
    Q_OBJECT

public:
    FlowStyle();

    void drawPrimitive(PrimitiveElement element,
                       const QStyleOption *option,
                       QPainter *painter,
                       const QWidget *widget = nullptr) const override;
    int pixelMetric(PixelMetric metric,
                    const QStyleOption *option = nullptr,
                    const QWidget *widget = nullptr) const override;
};

} // namespace ui
