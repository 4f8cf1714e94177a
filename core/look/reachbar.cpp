#include "core/look/painters.h"

#include "core/look/icons.h"

#include <QFontMetricsF>
#include <QPainter>

#include <functional>

namespace look {

using namespace Qt::StringLiterals;

namespace {

constexpr int stops = 5;

bool isTrouble(model::Verdict verdict)
{
    return verdict == model::Verdict::Fail || verdict == model::Verdict::Warn;
}

struct Geometry
{
    QRectF rect;
    qreal node;
    bool rightToLeft;

    qreal fifth() const { return rect.width() / stops; }
    QPointF centre(int stop) const
    {
        const qreal x = fifth() * (stop + 0.5);
        return {rightToLeft ? rect.right() - x : rect.left() + x, rect.top() + node / 2 + 1};
    }
};

void paintLinks(QPainter &painter, const Geometry &at, const ReachView &view, Theme theme)
{
    const qreal clear = at.node * 0.73;
    const QColor done = colour(theme, view.passed ? Role::PassGlyph : Role::Text2);
    for (int stop = 1; stop < stops; ++stop) {
        const qreal direction = at.rightToLeft ? -1 : 1;
        const qreal from = stop == 1 ? at.node * 0.48 : clear;
        const QPointF a = at.centre(stop - 1) + QPointF(from * direction, 0);
        const QPointF b = at.centre(stop) - QPointF(clear * direction, 0);
        const qreal thickness = at.node / 7;
        if (stop == view.broken) {
            const QPointF middle = (a + b) / 2;
            const QPointF half(at.node * 0.4 * direction, 0);
            painter.setPen(QPen(colour(theme, Role::FailGlyph), thickness));
            painter.drawLine(a, middle - half);
            painter.drawLine(middle + half, b);
            const qreal arm = at.node * 0.2;
            painter.setPen(QPen(colour(theme, Role::FailGlyph), thickness * 0.75));
            painter.drawLine(middle + QPointF(-arm, -arm), middle + QPointF(arm, arm));
            painter.drawLine(middle + QPointF(-arm, arm), middle + QPointF(arm, -arm));
            continue;
        }
        const bool reached = stop <= static_cast<int>(view.reach);
        painter.setPen(QPen(reached ? done : colour(theme, Role::Line2), thickness));
        painter.drawLine(a, b);
    }
}

void paintNodes(QPainter &painter, const Geometry &at, const ReachView &view, Theme theme)
{
    const QColor done = colour(theme, view.passed ? Role::PassGlyph : Role::Text2);
    const bool lostAtStart = view.broken == 1;
    painter.setPen(Qt::NoPen);
    painter.setBrush(lostAtStart ? colour(theme, Role::FailGlyph) : colour(theme, Role::Text2));
    painter.drawEllipse(at.centre(0), at.node / 4.5, at.node / 4.5);
    for (int stop = 1; stop < stops; ++stop) {
        const QPointF centre = at.centre(stop);
        const QRectF circle(centre.x() - at.node / 2, centre.y() - at.node / 2, at.node, at.node);
        if (stop <= static_cast<int>(view.reach)) {
            paintIcon(painter, circle, u"pass"_s, done, colour(theme, Role::Base));
            continue;
        }
        const qreal line = at.node / 9;
        painter.setPen(QPen(colour(theme, Role::Control), line));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(circle.adjusted(line / 2, line / 2, -line / 2, -line / 2));
    }
}

void paintWords(QPainter &painter,
                const Geometry &at,
                const ReachView &view,
                const QFont &font,
                const QFont &strong,
                Theme theme)
{
    const qreal height = QFontMetricsF(strong, painter.device()).height();
    const qreal top = at.rect.top() + at.node * 1.4;
    for (int stop = 0; stop < stops; ++stop) {
        const auto index = static_cast<std::size_t>(stop);
        const bool current = stop == static_cast<int>(view.reach);
        const QPointF centre = at.centre(stop);
        const QRectF cell(centre.x() - at.fifth() / 2, top, at.fifth(), height);
        painter.setFont(current ? strong : font);
        painter.setPen(colour(theme, current ? Role::Text : Role::Text2));
        painter.drawText(cell, Qt::AlignHCenter | Qt::TextDontClip, view.words[index]);
        painter.setFont(font);
        painter.setPen(colour(theme, stop == view.broken ? Role::Fail : Role::Text2));
        painter.drawText(cell.translated(0, height + 1), Qt::AlignHCenter | Qt::TextDontClip,
                         view.notes[index]);
    }
}

} // namespace

std::optional<ReachView> reachViewOf(const model::Finding &finding,
                                     const std::function<QString(model::Reach)> &word,
                                     const model::Translator &translator)
{
    if (!finding.reach || finding.verdict == model::Verdict::NotApplicable)
        return std::nullopt;
    ReachView view;
    view.reach = *finding.reach;
    view.passed = finding.verdict == model::Verdict::Pass;
    if (isTrouble(finding.verdict) && *finding.reach < model::Reach::Honoured)
        view.broken = static_cast<int>(*finding.reach) + 1;
    for (int stop = 0; stop < stops; ++stop) {
        const auto level = static_cast<model::Reach>(stop);
        view.words[static_cast<std::size_t>(stop)] = word(level);
    }
    for (const model::ReachStep &step : finding.reachChain) {
        const int stop = static_cast<int>(step.level);
        // Only both sides of the current end are named: more words would not fit and say less.
        if (stop == static_cast<int>(view.reach) || stop == view.broken)
            view.notes[static_cast<std::size_t>(stop)] = model::render(step.where, translator);
    }
    return view;
}

bool reachWordsFit(const ReachView &view,
                   qreal width,
                   const QFont &font,
                   const QFont &strong,
                   const QPaintDevice *device)
{
    const QFontMetricsF plain(font, device);
    const QFontMetricsF heavy(strong, device);
    const qreal fifth = width / stops - 2;
    for (std::size_t stop = 0; stop < stops; ++stop) {
        if (heavy.horizontalAdvance(view.words[stop]) > fifth
            || plain.horizontalAdvance(view.notes[stop]) > fifth) {
            return false;
        }
    }
    return true;
}

QString reachSentence(const ReachView &view)
{
    const auto part = [&view](int stop) {
        const auto index = static_cast<std::size_t>(stop);
        const QString &note = view.notes[index];
        return QString(view.words[index] + (note.isEmpty() ? QString() : u": "_s + note) + u'.');
    };
    const QString reached = part(static_cast<int>(view.reach));
    return view.broken > 0 ? QString(reached + u' ' + part(view.broken)) : reached;
}

void paintReachBar(QPainter &painter,
                   const QRectF &rect,
                   const ReachView &view,
                   qreal node,
                   bool withWords,
                   const QFont &font,
                   const QFont &strong,
                   Theme theme,
                   bool rightToLeft)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const Geometry at{rect, node, rightToLeft};
    paintLinks(painter, at, view, theme);
    paintNodes(painter, at, view, theme);
    if (withWords)
        paintWords(painter, at, view, font, strong, theme);
    painter.restore();
}

} // namespace look
