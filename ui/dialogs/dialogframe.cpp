#include "ui/dialogs/dialogframe.h"

#include "core/look/tokens.h"
#include "ui/parts/label.h"
#include "ui/parts/mark.h"
#include "ui/parts/textblock.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QScreen>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

DialogFrame::DialogFrame(const QString &title, const QString &subtitle, QWidget *parent)
    : QDialog(parent)
    , m_title(new Label(title, Type::Title, QFont::DemiBold))
    , m_head(new QHBoxLayout)
    , m_body(new QVBoxLayout)
    , m_foot(new QHBoxLayout)
{
    setWindowTitle(title);
    setAccessibleName(title);
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(560);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(look::space::page, 20, look::space::page, 20);
    inner->setSpacing(look::space::medium);
    auto *titles = new QVBoxLayout;
    titles->setSpacing(2);
    m_title->setWordWrap(true);
    titles->addWidget(m_title);
    if (!subtitle.isEmpty()) {
        auto *second = new Label(subtitle, Type::Small);
        titles->addWidget(second->wrapped()->tone("2"));
    }
    m_head->setSpacing(14);
    m_head->addLayout(titles, 1);
    inner->addLayout(m_head);
    m_body->setSpacing(look::space::medium);
    inner->addLayout(m_body);
    column->addLayout(inner);
    column->addWidget(hairline(Qt::Horizontal));
    m_foot->setContentsMargins(look::space::page - 12, 12, 20, 12);
    m_foot->setSpacing(look::space::small);
    m_foot->addStretch(1);
    column->addLayout(m_foot);
}

void DialogFrame::setTitle(const QString &title)
{
    m_title->setText(title);
    setWindowTitle(title);
    setAccessibleName(title);
}

void DialogFrame::setTitleIcon(const QString &icon)
{
    m_head->insertWidget(0, new Mark(icon, 28, look::Role::FailGlyph), 0, Qt::AlignTop);
}

void DialogFrame::addFootStart(QWidget *widget)
{
    m_foot->insertWidget(0, widget);
}

void DialogFrame::addFootEnd(QWidget *widget)
{
    m_foot->addWidget(widget);
}

void DialogFrame::addFact(const QString &label, const QString &value, bool mono)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(look::space::medium);
    auto *name = new Label(label, Type::Small);
    name->tone("2")->setFixedWidth(100);
    row->addWidget(name, 0, Qt::AlignTop);
    auto *text = new TextBlock(value);
    if (mono)
        text->setMono();
    row->addWidget(text, 1);
    m_body->addLayout(row);
}

bool DialogFrame::event(QEvent *event)
{
    const bool handled = QDialog::event(event);
    // The height follows from the text at this width.
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::Show)
        fitHeight();
    // Qt has placed it by the height it had before.
    if (event->type() == QEvent::Show && !event->spontaneous() && parentWidget() != nullptr) {
        QRect place(QPoint(), size());
        place.moveCenter(parentWidget()->window()->geometry().center());
        move(place.x(), qMax(place.y(), screen()->availableGeometry().top()));
    }
    return handled;
}

void DialogFrame::fitHeight()
{
    layout()->activate();
    const int wanted = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width())
                                                     : layout()->totalSizeHint().height();
    setFixedHeight(wanted);
}

} // namespace ui
