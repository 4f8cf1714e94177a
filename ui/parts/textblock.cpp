#include "ui/parts/textblock.h"

#include <QEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextLayout>
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
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
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
}

void TextBlock::setMono()
{
    setFont(monoFont(Type::Small));
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
    return {240, heightForWidth(240)};
}

QSize TextBlock::minimumSizeHint() const
{
    return {60, fontMetrics().lineSpacing()};
}

/// Laid out as the editor will do it: its own layout knows a height only once it has a width.
int TextBlock::heightForWidth(int width) const
{
    QTextOption option(Qt::AlignLeft);
    option.setWrapMode(wordWrapMode());
    option.setTabStopDistance(tabStopDistance());
    qreal height = 0;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
        QTextLayout lines(block.text(), font());
        lines.setTextOption(option);
        lines.beginLayout();
        for (QTextLine line = lines.createLine(); line.isValid(); line = lines.createLine()) {
            line.setLineWidth(width);
            height += line.height();
        }
        lines.endLayout();
    }
    return qMax(qCeil(height), fontMetrics().lineSpacing()) + 1;
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
        updateGeometry();
}

void TextBlock::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy) || event->matches(QKeySequence::SelectAll))
        QPlainTextEdit::keyPressEvent(event);
    else
        event->ignore();
}

} // namespace ui
