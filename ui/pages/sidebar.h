#pragma once

#include "ui/models/serverlistmodel.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QListView;

namespace ui {

/// The list of servers with its search, and what can be added below it.
class Sidebar : public QWidget
{
    Q_OBJECT

public:
    explicit Sidebar(QWidget *parent);

    void setSessions(std::vector<ServerSession *> sessions);
    void select(ServerSession *session);
    ServerSession *current() const;
    void focusSearch();
    void focusList();
    ServerListModel *model() const { return m_model; }

signals:
    void selected(ServerSession *session);
    void addServer();
    void openDemo();
    void menuWanted(ServerSession *session, const QPoint &at);

private:
    void moved(const QModelIndex &index);

    ServerListModel *m_model;
    QLineEdit *m_search;
    QListView *m_list;
    QLabel *m_empty;
    ServerSession *m_current = nullptr;
    bool m_changing = false;
};

} // namespace ui
