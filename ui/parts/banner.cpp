#include "ui/parts/banner.h"

#include "core/look/icons.h"
#include "ui/parts/buttons.h"
#include "ui/parts/label.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;
using look::Role;

Banner::Banner(QWidget *parent)
    : QWidget(parent)
    , m_title(new Label({}, Type::Body, QFont::DemiBold))
    , m_sentence(new Label({}, Type::Small))
    , m_button(plainButton({}, "bannerButton"))
{
    setObjectName(u"banner"_s);
    m_button->setAccessibleName(tr("What to do"));
    m_sentence->wrapped()->tone("2");
    m_title->wrapped();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(44, 10, 8, 10);
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_sentence);
    row->addLayout(words, 1);
    row->addWidget(m_button);
    auto *close = iconButton(u"close"_s, tr("Close this message"), "bannerClose");
    row->addWidget(close, 0, Qt::AlignTop);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_button, &QPushButton::clicked, this, &Banner::clicked);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    hide();
}

void Banner::show(Kind kind, const QString &title, const QString &sentence, const QString &button)
{
    m_kind = kind;
    m_title->setText(title);
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
    m_button->setText(button);
    if (!button.isEmpty())
        m_button->setAccessibleName(button);
    m_button->setVisible(!button.isEmpty());
    setAccessibleName(title + u' ' + sentence);
    setVisible(true);
    update();
}

void Banner::paintEvent(QPaintEvent *)
{
    const Role soft = m_kind == Kind::Failure ? Role::FailSoft
        : m_kind == Kind::Warning             ? Role::WarnSoft
                                              : Role::AccentSoft;
    const Role glyph = m_kind == Kind::Failure ? Role::FailGlyph
        : m_kind == Kind::Warning              ? Role::WarnGlyph
                                               : Role::Accent;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour(soft));
    painter.drawRoundedRect(contentsRect(), look::radius::card, look::radius::card);
    look::paintIcon(
        painter,
        QStyle::visualRect(layoutDirection(), rect(), QRect(14, contentsRect().top() + 11, 18, 18)),
        m_kind == Kind::Failure       ? u"fail"_s
            : m_kind == Kind::Warning ? u"warning"_s
                                      : u"info"_s,
        colour(glyph), colour(soft));
}

} // namespace ui
