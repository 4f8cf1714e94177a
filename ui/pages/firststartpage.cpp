#include "ui/pages/firststartpage.h"

#include "ui/parts/banner.h"
#include "ui/parts/buttons.h"
#include "ui/parts/label.h"
#include "ui/parts/mark.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

QLayout *promise(const QString &icon, const QString &text)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(look::space::small);
    row->addWidget(new Mark(icon, 14, look::Role::Text2), 0, Qt::AlignTop);
    auto *words = new Label(text, Type::Small);
    row->addWidget(words->wrapped()->tone("2"), 1);
    return row;
}

} // namespace

FirstStartPage::FirstStartPage(int checks, QWidget *parent)
    : QWidget(parent)
    , m_banner(new Banner)
{
    setObjectName(u"firstStartPage"_s);
    setSurface(this, "base");
    auto *holder = new QWidget;
    holder->setFixedWidth(560);
    auto *column = new QVBoxLayout(holder);
    column->setContentsMargins(8, 0, 8, 0);
    column->setSpacing(look::space::hair);
    column->addWidget(new Mark(u"app"_s, 40, look::Role::AccentFill));
    column->addSpacing(10);
    auto *title = new Label(tr("See what your AppFlowy server really enforces"), Type::Title,
                            QFont::DemiBold);
    column->addWidget(title->wrapped());
    auto *what = new Label(tr(
        "Flowkeep connects over SSH, reads the server without changing it, and runs %n check(s). "
        "A setting in a file may never reach a container; Flowkeep shows which ones do.",
        nullptr, checks));
    column->addWidget(what->wrapped()->tone("2"));
    column->addSpacing(16);
    auto *add
        = new ChoiceCard(u"plus"_s, tr("Add a server"),
                         tr("Address and user. The host key is shown before anything is sent."),
                         QKeySequence(Qt::CTRL | Qt::Key_N));
    add->setObjectName(u"addServerCard"_s);
    auto *demo = new ChoiceCard(u"play"_s, tr("Open the demo server"),
                                tr("A complete audit to look at, without a network."),
                                QKeySequence(Qt::CTRL | Qt::Key_D));
    demo->setObjectName(u"demoCard"_s);
    column->addWidget(add);
    column->addWidget(demo);
    column->addSpacing(14);
    column->addLayout(
        promise(u"lock"_s, tr("Reads only. Passwords stay in memory until Flowkeep closes.")));
    column->addLayout(
        promise(u"shield"_s, tr("Audits are kept on this computer, readable by you alone.")));
    m_banner->setObjectName(u"firstBanner"_s);
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(look::space::page, 12, look::space::page, 12);
    page->addWidget(m_banner);
    page->addStretch(2);
    page->addLayout(centred(holder));
    page->addStretch(3);
    connect(add, &QAbstractButton::clicked, this, &FirstStartPage::addServer);
    connect(demo, &QAbstractButton::clicked, this, &FirstStartPage::openDemo);
    m_first = add;
}

void FirstStartPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_first->setFocus();
}

} // namespace ui
