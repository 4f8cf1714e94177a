#pragma once

#include "ui/session/serversession.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QPushButton;
class QToolButton;

namespace ui {

class ElidedLabel;
class Label;

/// Name, address, versions, host key, deployment, last audit, and what can be done.
class ServerHeader : public QWidget
{
    Q_OBJECT

public:
    explicit ServerHeader(QWidget *parent);

    void setSession(ServerSession *session);
    QString deployment() const;
    void setNarrow(bool narrow);
    /// "12 min ago" as of now.
    void refreshAge();
    QPushButton *exportButton() const { return m_export; }
    QToolButton *moreButton() const { return m_more; }

signals:
    void auditWanted();
    void cancelWanted();
    void deploymentChosen();

private:
    void refresh();
    void refreshDeployments();
    void refreshMeta();
    void addMeta(const char *icon,
                 const QString &text,
                 const char *objectName,
                 const QString &toolTip = {});

    QPointer<ServerSession> m_session;
    ElidedLabel *m_name;
    Label *m_group;
    Label *m_audited;
    QComboBox *m_deployment;
    QHBoxLayout *m_meta;
    QPushButton *m_export;
    QPushButton *m_audit;
    QPushButton *m_cancel;
    QToolButton *m_more;
    bool m_narrow = false;
};

} // namespace ui
