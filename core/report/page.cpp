#include "core/report/page.h"

#include "core/look/icons.h"

#include <QFontMetricsF>
#include <QTextLayout>
#include <QTextOption>

#include <memory>
#include <vector>

namespace report {

using namespace Qt::StringLiterals;

namespace {

constexpr qreal leading = 1.42;

/// Lays one paragraph out; the height of a line is the type's, not the fallback font's.
std::unique_ptr<QTextLayout>
layOut(const QString &text, const QFont &font, QPaintDevice *device, qreal width, bool anywhere)
{
    auto layout = std::make_unique<QTextLayout>(text, font, device);
    QTextOption option;
    option.setWrapMode(anywhere ? QTextOption::WrapAnywhere
                                : QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setUseDesignMetrics(true);
    layout->setTextOption(option);
    layout->beginLayout();
    for (;;) {
        QTextLine line = layout->createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(width);
    }
    layout->endLayout();
    return layout;
}

} // namespace

Page::Page(QPdfWriter &writer, std::function<void(Page &, int)> footer)
    : m_writer(writer)
    , m_painter(&writer)
    , m_footer(std::move(footer))
{
    const QSizeF size = writer.pageLayout().fullRect(QPageLayout::Point).size();
    m_width = size.width();
    m_height = size.height();
    m_y = margin;
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_footer(*this, m_number);
}

void Page::newPage()
{
    m_writer.newPage();
    m_y = margin;
    m_footer(*this, ++m_number);
}

void Page::ensure(qreal points)
{
    if (m_y + points > bottom())
        newPage();
}

QFont Page::font(const Type &type) const
{
    QFont font;
    font.setFamilies(type.mono
                         ? QStringList{u"Noto Sans Mono"_s, u"DejaVu Sans Mono"_s, u"Noto Sans"_s}
                         : QStringList{u"Inter"_s, u"Noto Sans"_s, u"DejaVu Sans"_s});
    font.setPointSizeF(type.points);
    font.setHintingPreference(QFont::PreferNoHinting);
    // Inter swaps "-", ":" and "(" beside capitals and digits for glyphs that cannot be copied out
    // of a PDF. Scripts that need shaping are shaped all the same.
    font.setStyleStrategy(QFont::PreferNoShaping);
    font.setWeight(type.weight == Weight::Strong       ? QFont::DemiBold
                       : type.weight == Weight::Medium ? QFont::Medium
                                                       : QFont::Normal);
    return font;
}

QRectF Page::device(qreal x, qreal y, qreal w, qreal h) const
{
    return {unit(x), unit(y), unit(w), unit(h)};
}

void Page::text(const QString &text, qreal x, qreal width, const Type &type)
{
    m_painter.setPen(colour(type.tone));
    const qreal step = type.points * leading;
    for (const QString &paragraph : text.split(u'\n')) {
        const auto layout = layOut(paragraph, font(type), &m_writer, unit(width), type.mono);
        for (int i = 0; i < layout->lineCount(); ++i) {
            ensure(step);
            const QTextLine line = layout->lineAt(i);
            // The baseline sits where the type's own ascent puts it, whatever font a glyph came
            // from.
            const qreal baseline = unit(m_y + type.points * 1.06);
            line.draw(&m_painter, QPointF(unit(x), baseline - line.ascent() - line.y()));
            m_y += step;
        }
    }
}

qreal Page::heightOf(const QString &text, qreal width, const Type &type) const
{
    qreal lines = 0;
    for (const QString &paragraph : text.split(u'\n'))
        lines += layOut(paragraph, font(type), &m_writer, unit(width), type.mono)->lineCount();
    return lines * type.points * leading;
}

void Page::line(const QString &text,
                qreal x,
                qreal y,
                qreal width,
                const Type &type,
                bool alignRight)
{
    const QFont used = font(type);
    m_painter.setFont(used);
    m_painter.setPen(colour(type.tone));
    const QString shown
        = QFontMetricsF(used, &m_writer).elidedText(text, Qt::ElideMiddle, unit(width));
    m_painter.drawText(device(x, y, width, type.points * leading),
                       int(alignRight ? Qt::AlignRight : Qt::AlignLeft) | int(Qt::AlignTop)
                           | int(Qt::TextSingleLine),
                       shown);
}

void Page::row(const QString &label,
               const QString &text,
               qreal x,
               qreal labelWidth,
               const Type &type)
{
    ensure(type.points * leading);
    Type quiet = type;
    quiet.tone = look::Role::Text2;
    quiet.weight = Weight::Regular;
    line(label, x, m_y + type.points * 0.12, labelWidth - 8, quiet);
    this->text(text, x + labelWidth, right() - x - labelWidth, type);
    skip(3);
}

void Page::code(const QString &heading, const QString &text, qreal x, qreal width)
{
    constexpr qreal pad = 8;
    const Type head{7.4, Weight::Regular, look::Role::Text2, true};
    const Type body{7.4, Weight::Regular, look::Role::Text, true};
    const auto block = [&](const QString &content, const Type &type, bool first, bool last) {
        for (const QString &paragraph : content.split(u'\n')) {
            const auto layout
                = layOut(paragraph, font(type), &m_writer, unit(width - 2 * pad), true);
            for (int i = 0; i < layout->lineCount(); ++i) {
                const qreal step = type.points * leading;
                ensure(step + pad);
                m_painter.fillRect(
                    device(x, m_y - (first ? pad * 0.7 : 0), width,
                           step + 0.4 + (first ? pad * 0.7 : 0) + (last ? pad * 0.7 : 0)),
                    colour(look::Role::Sunken));
                first = false;
                m_painter.setPen(colour(type.tone));
                const QTextLine line = layout->lineAt(i);
                line.draw(&m_painter,
                          QPointF(unit(x + pad),
                                  unit(m_y + type.points * 1.06) - line.ascent() - line.y()));
                m_y += step;
            }
        }
    };
    skip(pad * 0.7);
    if (!heading.isEmpty())
        block(heading, head, true, text.isEmpty());
    if (!text.isEmpty())
        block(text, body, heading.isEmpty(), true);
    skip(pad);
}

void Page::rule(look::Role tone, qreal thickness)
{
    m_painter.fillRect(device(left(), m_y, width(), thickness), colour(tone));
    m_y += thickness;
}

void Page::icon(const QString &name, look::Role tone, qreal x, qreal y, qreal size)
{
    look::paintIcon(m_painter, device(x, y, size, size), name, colour(tone),
                    colour(look::Role::Base));
}

} // namespace report
