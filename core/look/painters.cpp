#include "core/look/painters.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace look {

namespace {

struct Part
{
    int count;
    Role role;
    bool judged;
};

std::array<Part, 5> partsOf(const Shares &shares)
{
    return {{
        {shares.pass, Role::PassGlyph, true},
        {shares.warn, Role::WarnGlyph, true},
        {shares.fail, Role::FailGlyph, true},
        {shares.unknown, Role::Control, false},
        {shares.manual, Role::Control, false},
    }};
}

/// Short strokes across the ring, from `from` to `to` degrees clockwise from twelve.
void hatch(QPainter &painter, const QRectF &rect, qreal stroke, qreal from, qreal to, QColor colour)
{
    const QPointF centre = rect.center();
    const qreal outer = rect.width() / 2;
    const qreal inner = outer - stroke;
    const qreal pitch = std::max(stroke * 0.42, rect.width() * 0.032);
    const qreal step = pitch / (outer - stroke / 2) * 180 / std::numbers::pi;
    painter.setPen(QPen(colour, std::max(pitch * 0.36, rect.width() * 0.008)));
    for (qreal angle = from + step / 2; angle < to; angle += step) {
        const qreal radians = angle * std::numbers::pi / 180;
        const QPointF direction(std::sin(radians), -std::cos(radians));
        painter.drawLine(centre + direction * inner, centre + direction * outer);
    }
}

} // namespace

Shares sharesOf(const model::Score &score)
{
    return {score.pass, score.warn, score.fail, score.unknown, score.manual};
}

void paintRing(QPainter &painter,
               const QRectF &rect,
               qreal stroke,
               const Shares &shares,
               Theme theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const int total = shares.total();
    if (total == 0) {
        hatch(painter, rect, stroke, 0, 360, colour(theme, Role::Control));
        painter.restore();
        return;
    }
    const QRectF middle = rect.adjusted(stroke / 2, stroke / 2, -stroke / 2, -stroke / 2);
    const auto parts = partsOf(shares);
    const auto shown
        = std::ranges::count_if(parts, [](const Part &part) { return part.count > 0; });
    const qreal gap = shown > 1 ? (rect.width() < 40 ? 8.0 : 3.0) : 0.0;
    qreal from = 0;
    for (const Part &part : parts) {
        if (part.count == 0)
            continue;
        const qreal span = 360.0 * part.count / total;
        const qreal drawn = std::max(span - gap, 1.0);
        if (part.judged) {
            painter.setPen(QPen(colour(theme, part.role), stroke, Qt::SolidLine, Qt::FlatCap));
            painter.drawArc(middle, qRound((90 - from - gap / 2) * 16), -qRound(drawn * 16));
        } else {
            hatch(painter, rect, stroke, from + gap / 2, from + span - gap / 2,
                  colour(theme, part.role));
        }
        from += span;
    }
    painter.restore();
}

void paintStackBar(QPainter &painter,
                   const QRectF &rect,
                   const Shares &shares,
                   Theme theme,
                   bool rightToLeft)
{
    const int total = shares.total();
    if (total == 0)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const auto parts = partsOf(shares);
    const auto shown
        = std::ranges::count_if(parts, [](const Part &part) { return part.count > 0; });
    const qreal gap = rect.height() / 2;
    const qreal usable = rect.width() - gap * static_cast<qreal>(shown - 1);
    const qreal round = rect.height() / 2;
    qreal x = 0;
    for (const Part &part : parts) {
        if (part.count == 0)
            continue;
        const qreal width = usable * part.count / total;
        QRectF piece(rect.left() + x, rect.top(), width, rect.height());
        if (rightToLeft)
            piece.moveRight(rect.right() - x);
        if (part.judged) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colour(theme, part.role));
            painter.drawRoundedRect(piece, round, round);
        } else {
            const qreal line = rect.height() / 4;
            painter.setPen(QPen(colour(theme, part.role), line));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(piece.adjusted(line / 2, line / 2, -line / 2, -line / 2), round,
                                    round);
        }
        x += width + gap;
    }
    painter.restore();
}

void paintSeverity(QPainter &painter,
                   const QRectF &rect,
                   model::Severity severity,
                   Theme theme,
                   bool rightToLeft)
{
    painter.save();
    painter.setPen(Qt::NoPen);
    painter.setRenderHint(QPainter::Antialiasing);
    const int filled = static_cast<int>(severity);
    const qreal pitch = rect.width() / 4;
    const qreal width = pitch * 0.68;
    for (int i = 0; i < 4; ++i) {
        const qreal height = rect.height() * (i + 2) / 5.0;
        QRectF bar(rect.left() + pitch * i, rect.bottom() - height, width, height);
        if (rightToLeft)
            bar.moveRight(rect.right() - pitch * i);
        painter.setBrush(colour(theme, i < filled ? Role::Text : Role::Line2));
        painter.drawRoundedRect(bar, width / 3, width / 3);
    }
    painter.restore();
}

void paintReachDots(QPainter &painter,
                    const QRectF &rect,
                    model::Reach reach,
                    Theme theme,
                    bool rightToLeft)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal size = rect.height();
    const qreal pitch = (rect.width() - size) / 3;
    for (int i = 0; i < 4; ++i) {
        QRectF dot(rect.left() + pitch * i, rect.top(), size, size);
        if (rightToLeft)
            dot.moveRight(rect.right() - pitch * i);
        if (i < static_cast<int>(reach)) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colour(theme, Role::Text2));
            painter.drawEllipse(dot);
        } else {
            const qreal line = size / 4;
            painter.setPen(QPen(colour(theme, Role::Control), line));
            painter.setBrush(Qt::NoBrush);
            painter.drawEllipse(dot.adjusted(line / 2, line / 2, -line / 2, -line / 2));
        }
    }
    painter.restore();
}

} // namespace look
