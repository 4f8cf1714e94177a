#pragma once

#include "ui/backend.h"

#include <QElapsedTimer>
#include <QObject>

#include <memory>
#include <optional>
#include <stop_token>

namespace ui {

/// What a running audit has told so far.
struct AuditProgress
{
    base::Stage stage = base::Stage::Name;
    QStringList sections; ///< received, in order
    int done = 0;
    int total = 0; ///< 0 while unknown
    QElapsedTimer clock;
};

/// One server of the sidebar: its description, its last audit, and the audit that runs now.
/// Passwords given by a person stay here, in memory, until the program ends.
class ServerSession : public QObject
{
    Q_OBJECT

public:
    ServerSession(Backend &backend, model::Server server, bool demo, QObject *parent);
    ~ServerSession() override;

    const model::Server &server() const { return m_server; }
    void setServer(model::Server server);
    bool isDemo() const { return m_demo; }
    bool isRunning() const { return m_running; }
    const AuditProgress &progress() const { return m_progress; }
    /// nullptr before the first audit.
    std::shared_ptr<const engine::AuditRun> run() const { return m_run; }
    /// Of the last audit, known before the audit itself is loaded.
    const std::optional<engine::SavedAudit> &last() const { return m_last; }
    bool hostKeyChanged() const { return m_hostKeyChanged; }
    engine::Credentials &credentials() { return m_credentials; }
    /// Keeps what was typed in elsewhere for this server.
    void takeTyped(engine::Credentials typed);

    /// What is known of earlier audits. A new server's history is known: there is none.
    enum class History { Known, Loading, Unreadable };
    History history() const { return m_history; }

    /// Asks the store for the newest audit.
    void loadLast();
    /// Loads the newest audit itself, when it is wanted on screen.
    void loadRun();
    void audit();
    void cancel();

signals:
    void changed();
    void progressed();
    void finished();
    void cancelled();
    void failed(const engine::Failure &failure);
    /// The audit is on screen, but could not be kept.
    void notSaved(const base::Error &error);
    /// There may be earlier audits, but they cannot be read.
    void notLoaded(const base::Error &error);

private:
    void auditDemo();
    void progress(const engine::Progress &step);
    void finish(engine::AuditOutcome outcome);
    void show(engine::AuditRun run);
    void loadFailed(const base::Error &error);
    void noteHostKey(const base::Error &error);

    Backend &m_backend;
    model::Server m_server;
    bool m_demo;
    bool m_running = false;
    History m_history = History::Known;
    bool m_hostKeyChanged = false;
    AuditProgress m_progress;
    std::stop_source m_stop;
    engine::Credentials m_credentials;
    std::shared_ptr<const engine::AuditRun> m_run;
    std::optional<engine::SavedAudit> m_last;
};

/// Whether passwords given for `a` are good for `b`: one account, one machine, one way in.
bool sameLogin(const model::Server &a, const model::Server &b);

/// A request for this server with copies of what has been typed in for it.
engine::AuditRequest requestFor(const model::Server &server,
                                const engine::Credentials &credentials);

} // namespace ui
