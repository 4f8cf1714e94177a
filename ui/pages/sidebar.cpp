#include "ui/pages/sidebar.h"

#include "core/look/icons.h"
#include "ui/parts/buttons.h"
#include "ui/parts/label.h"
#include "ui/parts/serverdelegate.h"

#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLineEdit>
#include <QListView>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

Sidebar::Sidebar(QWidget *parent)
    : QWidget(parent)
    , m_model(new ServerListModel(this))
    , m_search(new QLineEdit)
    , m_list(new QListView)
    , m_empty((new Label(tr("No servers yet"), Type::Small))->tone("2"))
{
    setObjectName(u"sidebar"_s);
    setSurface(this, "window");
    m_search->setPlaceholderText(tr("Find a server"));
    m_search->addAction(look::icon(u"search"_s), QLineEdit::LeadingPosition);
    m_search->setClearButtonEnabled(true);
    nameWidget(m_search, "serverSearch", tr("Find a server"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ServerDelegate(m_list));
    m_list->setProperty("surface", u"window"_s);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    nameWidget(m_list, "serverList", tr("Servers"));
    m_empty->setAlignment(Qt::AlignCenter);

    auto *add = new SideButton(u"plus"_s, tr("Add server…"));
    add->setObjectName(u"addServerButton"_s);
    auto *demo = new SideButton(u"play"_s, tr("Demo server"));
    demo->setObjectName(u"demoButton"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 12, 0, 10);
    column->setSpacing(0);
    auto *search = new QHBoxLayout;
    search->setContentsMargins(12, 0, 12, 8);
    search->addWidget(m_search);
    column->addLayout(search);
    column->addWidget(m_empty, 1, Qt::AlignTop | Qt::AlignHCenter);
    column->addWidget(m_list, 1);
    column->addWidget(hairline(Qt::Horizontal));
    column->addSpacing(8);
    auto *foot = new QVBoxLayout;
    foot->setContentsMargins(10, 0, 10, 0);
    foot->setSpacing(0);
    foot->addWidget(add);
    foot->addWidget(demo);
    column->addLayout(foot);

    connect(add, &QAbstractButton::clicked, this, &Sidebar::addServer);
    connect(demo, &QAbstractButton::clicked, this, &Sidebar::openDemo);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_changing = true;
        m_model->setFilter(text);
        m_changing = false;
        select(m_current);
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &Sidebar::moved);
    connect(m_list, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        if (ServerSession *session = m_model->session(m_list->indexAt(at)))
            emit menuWanted(session, m_list->viewport()->mapToGlobal(at));
    });
    setSessions({});
}

void Sidebar::setSessions(std::vector<ServerSession *> sessions)
{
    const bool none = sessions.empty();
    if (std::ranges::find(sessions, m_current) == sessions.end())
        m_current = nullptr;
    m_changing = true;
    m_model->setSessions(std::move(sessions));
    m_changing = false;
    m_search->setVisible(!none);
    m_list->setVisible(!none);
    m_empty->setVisible(none);
    select(m_current);
}

void Sidebar::select(ServerSession *session)
{
    m_changing = true;
    m_current = session;
    const QModelIndex index = m_model->indexOf(session);
    m_list->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
    m_changing = false;
}

ServerSession *Sidebar::current() const
{
    return m_current;
}

void Sidebar::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void Sidebar::focusList()
{
    m_list->setFocus(Qt::OtherFocusReason);
}

void Sidebar::moved(const QModelIndex &index)
{
    ServerSession *session = m_model->session(index);
    if (m_changing || session == nullptr || session == m_current)
        return;
    m_current = session;
    emit selected(session);
}

} // namespace ui
