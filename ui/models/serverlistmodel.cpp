#include "ui/models/serverlistmodel.h"

#include "core/look/tokens.h"
#include "core/look/verdictlook.h"
#include "ui/words.h"

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

struct State
{
    QString icon;
    look::Role tone = look::Role::Neutral;
    QString line;
    bool alarm = false;
};

State fromSummary(const model::Score &score)
{
    const QString covered = ServerListModel::tr("%1 % covered").arg(score.coverage);
    const auto made = [&covered](model::Verdict verdict, const QString &what) {
        const look::VerdictLook shown = look::verdictLook(verdict);
        return State{shown.icon, shown.glyph, what + u" · "_s + covered, false};
    };
    if (score.fail > 0)
        return made(model::Verdict::Fail, ServerListModel::tr("%n fail", nullptr, score.fail));
    if (score.warn > 0)
        return made(model::Verdict::Warn,
                    ServerListModel::tr("%n warning(s)", nullptr, score.warn));
    if (score.coverage >= 50)
        return made(model::Verdict::Pass, ServerListModel::tr("Nothing open"));
    return made(model::Verdict::Unknown, ServerListModel::tr("Unknown"));
}

State stateOf(const ServerSession &session)
{
    if (session.isRunning())
        return {u"running"_s, look::Role::Accent, ServerListModel::tr("Audit running"), false};
    if (session.hostKeyChanged()) {
        return {u"blocked"_s, look::Role::FailGlyph, ServerListModel::tr("Host key changed"), true};
    }
    if (!session.last()) {
        const QString known = session.history() == ServerSession::History::Known
            ? ServerListModel::tr("Not audited yet")
            : session.history() == ServerSession::History::Loading
            ? QString()
            : ServerListModel::tr("Audits cannot be read");
        return {u"waiting"_s, look::Role::Control, known, false};
    }
    return fromSummary(session.last()->summary);
}

QString scoreOf(const ServerSession &session)
{
    if (!session.last())
        return {};
    const std::optional<int> score = session.last()->summary.score;
    return score ? QString::number(*score) : u"–"_s;
}

QString nameOf(const ServerSession &session)
{
    return base::UntrustedText(session.server().name).display();
}

QString accessibleText(const ServerSession &session)
{
    const State state = stateOf(session);
    const QString score = scoreOf(session);
    if (score.isEmpty())
        return nameOf(session) + u", "_s + state.line;
    return ServerListModel::tr("%1, score %2, %3").arg(nameOf(session), score, state.line);
}

} // namespace

ServerListModel::ServerListModel(QObject *parent)
    : QAbstractListModel(parent)
{ }

void ServerListModel::setSessions(std::vector<ServerSession *> sessions)
{
    for (ServerSession *session : m_sessions)
        disconnect(session, nullptr, this, nullptr);
    m_sessions = std::move(sessions);
    std::ranges::stable_sort(m_sessions, [](const ServerSession *a, const ServerSession *b) {
        const int group = a->server().group.localeAwareCompare(b->server().group);
        return group != 0 ? group < 0 : a->server().name.localeAwareCompare(b->server().name) < 0;
    });
    for (ServerSession *session : m_sessions)
        connect(session, &ServerSession::changed, this, [this, session] { refresh(session); });
    rebuild();
}

void ServerListModel::setFilter(const QString &text)
{
    m_filter = text.trimmed();
    rebuild();
}

void ServerListModel::rebuild()
{
    beginResetModel();
    m_rows.clear();
    QString group;
    for (ServerSession *session : m_sessions) {
        const model::Server &server = session->server();
        if (!server.name.contains(m_filter, Qt::CaseInsensitive)
            && !server.host.contains(m_filter, Qt::CaseInsensitive)
            && !server.group.contains(m_filter, Qt::CaseInsensitive)) {
            continue;
        }
        if (server.group != group) {
            group = server.group;
            m_rows.push_back({group, nullptr});
        }
        m_rows.push_back({{}, session});
    }
    endResetModel();
}

void ServerListModel::refreshAges()
{
    if (!m_rows.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
}

void ServerListModel::refresh(ServerSession *session)
{
    const QModelIndex changed = indexOf(session);
    if (changed.isValid())
        emit dataChanged(changed, changed);
}

ServerSession *ServerListModel::session(const QModelIndex &index) const
{
    return index.isValid() ? m_rows[static_cast<std::size_t>(index.row())].session : nullptr;
}

QModelIndex ServerListModel::indexOf(const ServerSession *session) const
{
    if (session == nullptr)
        return {};
    const auto found = std::ranges::find(m_rows, session, &Row::session);
    return found == m_rows.end() ? QModelIndex() : index(static_cast<int>(found - m_rows.begin()));
}

int ServerListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ServerListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    if (row.session == nullptr) {
        if (role == CaptionRole)
            return true;
        return role == Qt::DisplayRole ? QVariant(base::UntrustedText(row.caption).display())
                                       : QVariant();
    }
    const ServerSession &session = *row.session;
    switch (role) {
    case Qt::DisplayRole:
        return nameOf(session);
    case Qt::ToolTipRole:
        return plainToolTip(nameOf(session) + u", "_s
                            + base::UntrustedText(session.server().host).display());
    case Qt::AccessibleTextRole:
        return accessibleText(session);
    case CaptionRole:
        return false;
    case ScoreRole:
        return scoreOf(session);
    case LineRole:
        return stateOf(session).line;
    case AgeRole:
        return session.last() && !session.isRunning()
            ? age(session.last()->startedAt, QDateTime::currentDateTimeUtc())
            : QString();
    case IconRole:
        return stateOf(session).icon;
    case ToneRole:
        return static_cast<int>(stateOf(session).tone);
    case AlarmRole:
        return stateOf(session).alarm;
    default:
        return {};
    }
}

Qt::ItemFlags ServerListModel::flags(const QModelIndex &index) const
{
    if (session(index) == nullptr)
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

} // namespace ui
