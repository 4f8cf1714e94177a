#include "ui/parts/buttons.h"

#include "core/look/icons.h"
#include "ui/parts/label.h"
#include "ui/theme.h"
#include "ui/words.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

namespace ui {

using namespace Qt::StringLiterals;
using look::Role;

namespace {

QPushButton *button(const QString &text, const char *objectName, const char *kind, QWidget *parent)
{
    auto *made = new QPushButton(text, parent);
    made->setProperty("kind", QLatin1StringView(kind));
    made->setAutoDefault(false);
    QString name = text;
    nameWidget(made, objectName, name.remove(u'&'));
    return made;
}

QRect placed(const QWidget *widget, const QRect &rect)
{
    return QStyle::visualRect(widget->layoutDirection(), widget->rect(), rect);
}

int aligned(const QWidget *widget, Qt::Alignment alignment)
{
    return static_cast<int>(QStyle::visualAlignment(widget->layoutDirection(), alignment));
}

} // namespace

QPushButton *primaryButton(const QString &text, const char *objectName, QWidget *parent)
{
    return button(text, objectName, "primary", parent);
}

QPushButton *plainButton(const QString &text, const char *objectName, QWidget *parent)
{
    return button(text, objectName, "plain", parent);
}

QPushButton *ghostButton(const QString &text, const char *objectName, QWidget *parent)
{
    return button(text, objectName, "ghost", parent);
}

QToolButton *
iconButton(const QString &icon, const QString &name, const char *objectName, QWidget *parent)
{
    auto *made = new QToolButton(parent);
    made->setIcon(look::icon(icon));
    made->setIconSize({16, 16});
    made->setToolTip(plainToolTip(name));
    made->setFocusPolicy(Qt::StrongFocus);
    nameWidget(made, objectName, name);
    return made;
}

ChoiceCard::ChoiceCard(const QString &icon,
                       const QString &title,
                       const QString &sentence,
                       const QKeySequence &keys,
                       QWidget *parent)
    : QAbstractButton(parent)
    , m_icon(icon)
    , m_sentence(sentence)
    , m_keys(keys.toString(QKeySequence::NativeText))
{
    setText(title);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(title);
    setAccessibleDescription(sentence + u' ' + m_keys);
}

QSize ChoiceCard::sizeHint() const
{
    return {540, 62};
}

void ChoiceCard::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void ChoiceCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Role fill = isDown() ? Role::Sel : underMouse() ? Role::Hover : Role::Base;
    const qreal inset = hasFocus() ? 1 : 0.5;
    painter.setPen(QPen(colour(hasFocus() ? Role::Accent : Role::Line2), hasFocus() ? 2 : 1));
    painter.setBrush(colour(fill));
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset),
                            look::radius::card, look::radius::card);
    look::paintIcon(painter, placed(this, QRect(19, height() / 2 - 9, 18, 18)), m_icon,
                    colour(Role::Accent), colour(fill));
    painter.setFont(ui::font(Type::Small));
    painter.setPen(colour(Role::Text2));
    const int keysWidth = painter.fontMetrics().horizontalAdvance(m_keys);
    painter.drawText(placed(this, QRect(width() - keysWidth - 18, 0, keysWidth, height())),
                     Qt::AlignCenter, m_keys);
    const int room = width() - 56 - keysWidth - 34;
    painter.drawText(placed(this, QRect(56, height() / 2, room, 20)),
                     aligned(this, Qt::AlignLeft | Qt::AlignVCenter),
                     painter.fontMetrics().elidedText(m_sentence, Qt::ElideRight, room));
    painter.setFont(ui::font(Type::Body, QFont::DemiBold));
    painter.setPen(colour(Role::Text));
    painter.drawText(placed(this, QRect(56, height() / 2 - 20, room, 20)),
                     aligned(this, Qt::AlignLeft | Qt::AlignVCenter), text());
}

SideButton::SideButton(const QString &icon, const QString &text, QWidget *parent)
    : QAbstractButton(parent)
    , m_icon(icon)
{
    setText(text);
    setFont(ui::font(Type::Body, QFont::Medium));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(text);
    setToolTip(plainToolTip(text));
}

QSize SideButton::sizeHint() const
{
    return {160, 28};
}

void SideButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (underMouse() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(colour(Role::Accent), 2) : QPen(Qt::NoPen));
        painter.setBrush(underMouse() ? colour(Role::Hover) : QColor(Qt::transparent));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), look::radius::button,
                                look::radius::button);
    }
    look::paintIcon(painter, placed(this, QRect(8, height() / 2 - 7, 14, 14)), m_icon,
                    colour(Role::Text2), colour(Role::Window));
    painter.setPen(colour(Role::Text2));
    const int room = width() - 36;
    painter.drawText(placed(this, QRect(28, 0, room, height())),
                     aligned(this, Qt::AlignLeft | Qt::AlignVCenter),
                     fontMetrics().elidedText(text(), Qt::ElideRight, room));
}

} // namespace ui
