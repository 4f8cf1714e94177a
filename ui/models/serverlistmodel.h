#pragma once

#include "ui/session/serversession.h"

#include <QAbstractListModel>

#include <vector>

namespace ui {

/// The sidebar: groups as captions, servers below them. Holds no session, only shows them.
class ServerListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        CaptionRole = Qt::UserRole, ///< true for a group's caption
        ScoreRole, ///< text, "42" or empty
        LineRole, ///< second line
        AgeRole,
        IconRole, ///< name in resources/icons
        ToneRole, ///< look::Role as int
        AlarmRole, ///< true when the second line is a warning
    };

    explicit ServerListModel(QObject *parent = nullptr);

    void setSessions(std::vector<ServerSession *> sessions);
    /// The ages as of now.
    void refreshAges();
    void setFilter(const QString &text);
    ServerSession *session(const QModelIndex &index) const;
    QModelIndex indexOf(const ServerSession *session) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Row
    {
        QString caption;
        ServerSession *session = nullptr;
    };

    void rebuild();
    void refresh(ServerSession *session);

    std::vector<ServerSession *> m_sessions;
    std::vector<Row> m_rows;
    QString m_filter;
};

} // namespace ui
