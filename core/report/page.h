#pragma once

#include "core/look/tokens.h"

#include <QFont>
#include <QPainter>
#include <QPdfWriter>
#include <QString>

#include <functional>

/// A page with a cursor, in points. QPdfWriter at 1200 dpi, because at 72 advances are rounded and
/// letters stick. Internal to core/report.
namespace report {

enum class Weight { Regular, Medium, Strong };

/// One kind of text.
struct Type
{
    qreal points = 9.6;
    Weight weight = Weight::Regular;
    look::Role tone = look::Role::Text;
    bool mono = false;
};

class Page
{
public:
    /// `footer` paints the foot of a page, given its number from 1.
    Page(QPdfWriter &writer, std::function<void(Page &, int)> footer);

    qreal left() const { return margin; }
    qreal right() const { return m_width - margin; }
    qreal width() const { return m_width - 2 * margin; }
    qreal bottom() const { return m_height - footHeight; }
    qreal y() const { return m_y; }
    void moveTo(qreal y) { m_y = y; }
    void skip(qreal points) { m_y += points; }
    int number() const { return m_number; }

    void newPage();
    /// Starts a new page when less than `points` are left.
    void ensure(qreal points);

    /// Paragraphs at the cursor, over page ends; moves the cursor below.
    void text(const QString &text, qreal x, qreal width, const Type &type);
    /// Height that `text` will take.
    qreal heightOf(const QString &text, qreal width, const Type &type) const;
    /// One line at a place of its own, elided to `width`; does not move the cursor.
    void line(const QString &text,
              qreal x,
              qreal y,
              qreal width,
              const Type &type,
              bool alignRight = false);
    /// A label and its text beside it.
    void
    row(const QString &label, const QString &text, qreal x, qreal labelWidth, const Type &type);
    /// Monospaced text on a sunken ground; every line as it is, wrapped anywhere. No heading where
    /// it is empty.
    void code(const QString &heading, const QString &text, qreal x, qreal width);
    void rule(look::Role tone = look::Role::Line, qreal thickness = 0.6);
    void icon(const QString &name, look::Role tone, qreal x, qreal y, qreal size);

    QPainter &painter() { return m_painter; }
    /// A rectangle in points as device units.
    QRectF device(qreal x, qreal y, qreal w, qreal h) const;
    qreal unit(qreal points) const { return points * dotsPerPoint; }
    QFont font(const Type &type) const;
    QColor colour(look::Role role) const { return look::colour(look::Theme::Light, role); }

private:
    static constexpr qreal margin = 56;
    static constexpr qreal footHeight = 64;
    static constexpr qreal dotsPerPoint = 1200.0 / 72.0;

    QPdfWriter &m_writer;
    QPainter m_painter;
    std::function<void(Page &, int)> m_footer;
    qreal m_width = 0;
    qreal m_height = 0;
    qreal m_y = 0;
    int m_number = 1;
};

} // namespace report
