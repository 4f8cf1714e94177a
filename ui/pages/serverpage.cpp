#include "ui/pages/serverpage.h"

#include "ui/pages/auditpage.h"
#include "ui/pages/posturepage.h"
#include "ui/pages/serverheader.h"
#include "ui/parts/banner.h"
#include "ui/parts/buttons.h"
#include "ui/parts/gauges.h"
#include "ui/parts/label.h"

#include <QStackedWidget>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

ServerPage::ServerPage(Backend &backend, QWidget *parent)
    : QWidget(parent)
    , m_header(new ServerHeader(nullptr))
    , m_banner(new Banner)
    , m_stack(new QStackedWidget)
    , m_posture(new PosturePage(backend, nullptr))
    , m_running(new AuditPage(nullptr))
    , m_emptyTitle(new Label({}, Type::Title, QFont::DemiBold))
    , m_emptyText(new Label({}))
    , m_firstAudit(primaryButton(tr("&Audit now"), "firstAudit"))
    , m_never(notAuditedPage())
{
    setObjectName(u"serverPage"_s);
    setSurface(this, "base");
    m_stack->addWidget(m_posture);
    m_stack->addWidget(m_running);
    m_stack->addWidget(m_never);
    auto *message = new QVBoxLayout;
    message->setContentsMargins(look::space::page, 0, look::space::page, 0);
    message->addWidget(m_banner);
    m_banner->setContentsMargins(0, 12, 0, 12);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(hairline(Qt::Horizontal));
    column->addLayout(message);
    column->addWidget(m_stack, 1);
    connect(m_header, &ServerHeader::deploymentChosen, this,
            [this] { m_posture->setRun(m_shown, m_header->deployment()); });
}

QWidget *ServerPage::notAuditedPage()
{
    auto *page = new QWidget;
    page->setObjectName(u"notAuditedPage"_s);
    setSurface(page, "base");
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(look::space::page, 0, look::space::page, 0);
    column->setSpacing(look::space::small);
    nameWidget(m_emptyTitle, "emptyTitle", tr("State of this server"));
    m_emptyText->wrapped()->tone("2");
    m_emptyText->setAlignment(Qt::AlignHCenter);
    auto *holder = new QWidget;
    holder->setFixedWidth(420);
    auto *inner = new QVBoxLayout(holder);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->addWidget(m_emptyText);
    auto *ring = new ScoreRing;
    ring->setScore({});
    ring->setObjectName(u"neverRing"_s);
    column->addStretch(2);
    column->addWidget(ring, 0, Qt::AlignHCenter);
    column->addSpacing(look::space::medium);
    column->addWidget(m_emptyTitle, 0, Qt::AlignHCenter);
    column->addLayout(centred(holder));
    column->addSpacing(look::space::medium);
    column->addWidget(m_firstAudit, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(m_firstAudit, &QPushButton::clicked, this, [this] { emit m_header->auditWanted(); });
    return page;
}

/// "Not audited" is said only where that is known.
void ServerPage::sayWhyEmpty(const ServerSession &session)
{
    const bool loading = session.history() == ServerSession::History::Loading;
    const bool unreadable = session.history() == ServerSession::History::Unreadable;
    m_emptyTitle->setText(loading          ? tr("Reading the last audit…")
                              : unreadable ? tr("The last audit cannot be read")
                                           : tr("Not audited yet"));
    m_emptyText->setText(
        loading ? QString()
                : tr("An audit reads the server and changes nothing. It takes about a minute. The "
                     "host key is shown before anything is sent."));
    m_firstAudit->setVisible(!loading);
}

void ServerPage::setSession(ServerSession *session)
{
    if (m_session == session)
        return;
    if (m_session)
        disconnect(m_session, nullptr, this, nullptr);
    m_session = session;
    m_shown.reset();
    m_banner->hide();
    m_header->setSession(session);
    m_running->setSession(nullptr);
    if (session == nullptr)
        return;
    connect(session, &ServerSession::changed, this, &ServerPage::refresh);
    session->loadRun();
    refresh();
}

void ServerPage::refresh()
{
    ServerSession *session = m_session;
    if (session == nullptr)
        return;
    if (session->isRunning()) {
        if (m_stack->currentWidget() != m_running) {
            m_running->setSession(session);
            m_banner->hide();
            m_stack->setCurrentWidget(m_running);
        }
        return;
    }
    m_running->setSession(nullptr);
    const auto run = session->run();
    if (!run) {
        m_posture->setRun(nullptr, {});
        sayWhyEmpty(*session);
        m_stack->setCurrentWidget(m_never);
        return;
    }
    if (run != m_shown) {
        m_shown = run;
        m_posture->setRun(run, m_header->deployment());
    }
    m_stack->setCurrentWidget(m_posture);
}

void ServerPage::setNarrow(bool narrow)
{
    m_header->setNarrow(narrow);
    m_posture->setNarrow(narrow);
}

} // namespace ui
