#pragma once

#include "ui/session/serversession.h"

#include <QPointer>
#include <QWidget>

class QPushButton;
class QStackedWidget;

namespace ui {

class AuditPage;
class Banner;
class Label;
class PosturePage;
class ServerHeader;

/// One server: its header, and below it the posture, the running audit, or "not audited yet".
class ServerPage : public QWidget
{
    Q_OBJECT

public:
    ServerPage(Backend &backend, QWidget *parent);

    void setSession(ServerSession *session);
    ServerSession *session() const { return m_session; }
    ServerHeader *header() const { return m_header; }
    PosturePage *posture() const { return m_posture; }
    Banner *banner() const { return m_banner; }
    void setNarrow(bool narrow);

private:
    void refresh();
    QWidget *notAuditedPage();
    void sayWhyEmpty(const ServerSession &session);

    QPointer<ServerSession> m_session;
    std::shared_ptr<const engine::AuditRun> m_shown;
    ServerHeader *m_header;
    Banner *m_banner;
    QStackedWidget *m_stack;
    PosturePage *m_posture;
    AuditPage *m_running;
    Label *m_emptyTitle;
    Label *m_emptyText;
    QPushButton *m_firstAudit;
    QWidget *m_never; ///< made from the three above
};

} // namespace ui
