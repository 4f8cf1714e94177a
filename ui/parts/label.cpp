#include "ui/parts/label.h"

#include "ui/words.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>

namespace ui {

using namespace Qt::StringLiterals;

Label::Label(const QString &text, Type type, QFont::Weight weight, QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setFont(ui::font(type, weight));
    setText(text);
}

Label *Label::tone(const char *tone)
{
    setProperty("tone", QLatin1StringView(tone));
    style()->unpolish(this);
    style()->polish(this);
    return this;
}

Label *Label::wrapped()
{
    setWordWrap(true);
    return this;
}

QSize Label::minimumSizeHint() const
{
    const QSize hint = QLabel::minimumSizeHint();
    return wordWrap() ? QSize(qMin(hint.width(), 120), hint.height()) : hint;
}

void ElidedLabel::setFullText(const QString &text)
{
    setText(text);
    setToolTip(plainToolTip(text));
    updateGeometry();
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().horizontalAdvance(u"MMMM…"_s), Label::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, width());
    style()->drawItemText(&painter, rect(),
                          static_cast<int>(QStyle::visualAlignment(layoutDirection(), alignment())),
                          palette(), isEnabled(), shown, foregroundRole());
}

QFrame *hairline(Qt::Orientation orientation, QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setProperty("line", u"true"_s);
    if (orientation == Qt::Horizontal)
        line->setFixedHeight(1);
    else
        line->setFixedWidth(1);
    return line;
}

void setSurface(QWidget *widget, const char *surface)
{
    widget->setProperty("surface", QLatin1StringView(surface));
    widget->setAttribute(Qt::WA_StyledBackground);
}

QLayout *centred(QWidget *widget)
{
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(widget);
    row->addStretch(1);
    return row;
}

void clearRow(QLayout *row)
{
    while (QLayoutItem *item = row->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void nameWidget(QWidget *widget, const char *objectName, const QString &accessibleName)
{
    widget->setObjectName(QLatin1StringView(objectName));
    widget->setAccessibleName(accessibleName);
}

} // namespace ui
