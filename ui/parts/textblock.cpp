#include "ui/parts/textblock.h"

#include <QEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextOption>
#include <QWheelEvent>

namespace ui {

TextBlock::TextBlock(const QString &text, QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    setFocusPolicy(Qt::ClickFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    document()->setDocumentMargin(0);
    viewport()->setAutoFillBackground(false);
    setPlainText(text);
    setAccessibleName(text.left(500));
    applyTone();
}

void TextBlock::setTone(look::Role role)
{
    m_tone = role;
    applyTone();
}

void TextBlock::setWeight(Type type, QFont::Weight weight)
{
    setFont(ui::font(type, weight));
    fitHeight();
}

void TextBlock::setMono()
{
    setFont(monoFont(Type::Small));
    fitHeight();
}

void TextBlock::applyTone()
{
    m_applying = true;
    QPalette mine = palette();
    mine.setColor(QPalette::Text, colour(m_tone));
    mine.setColor(QPalette::Highlight, colour(look::Role::Sel));
    mine.setColor(QPalette::HighlightedText, colour(look::Role::Text));
    setPalette(mine);
    m_applying = false;
}

QSize TextBlock::sizeHint() const
{
    return {240, height()};
}

QSize TextBlock::minimumSizeHint() const
{
    return {60, fontMetrics().lineSpacing()};
}

void TextBlock::fitHeight()
{
    document()->setTextWidth(viewport()->width());
    qreal height = 0;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next())
        height += blockBoundingRect(block).height();
    setFixedHeight(qMax(qCeil(height), fontMetrics().lineSpacing()) + 1);
}

void TextBlock::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void TextBlock::wheelEvent(QWheelEvent *event)
{
    event->ignore();
}

void TextBlock::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    // A palette set on a widget stays when the theme switches, so it is made again.
    if (event->type() == QEvent::StyleChange && !m_applying)
        applyTone();
    if (event->type() == QEvent::FontChange)
        fitHeight();
}

void TextBlock::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy) || event->matches(QKeySequence::SelectAll))
        QPlainTextEdit::keyPressEvent(event);
    else
        event->ignore();
}

} // namespace ui
