#pragma once

#include "ui/session/serversession.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QListWidget;
class QProgressBar;

namespace ui {

class Label;
class StageBar;

/// A running audit: the stages of the connection, then each section as it arrives.
class AuditPage : public QWidget
{
    Q_OBJECT

public:
    explicit AuditPage(QWidget *parent);

    void setSession(ServerSession *session);

private:
    void refresh();
    void tick();

    QPointer<ServerSession> m_session;
    Label *m_title;
    Label *m_time;
    QProgressBar *m_bar;
    StageBar *m_stages;
    Label *m_count;
    QListWidget *m_sections;
    QTimer m_timer;
};

} // namespace ui
