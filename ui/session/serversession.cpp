#include "ui/session/serversession.h"

#include "ui/receive.h"

namespace ui {

ServerSession::ServerSession(Backend &backend, model::Server server, bool demo, QObject *parent)
    : QObject(parent)
    , m_backend(backend)
    , m_server(std::move(server))
    , m_demo(demo)
{ }

ServerSession::~ServerSession()
{
    m_stop.request_stop();
}

void ServerSession::setServer(model::Server server)
{
    // A password belongs to one account on one machine; it must never be sent to another.
    if (!sameLogin(server, m_server))
        m_credentials = {};
    if (server.host != m_server.host || server.port != m_server.port)
        m_hostKeyChanged = false;
    m_server = std::move(server);
    emit changed();
}

void ServerSession::takeTyped(engine::Credentials typed)
{
    for (base::SecretBytes engine::Credentials::*each :
         {&engine::Credentials::loginPassword, &engine::Credentials::sudoPassword,
          &engine::Credentials::passphrase}) {
        if (!(typed.*each).isEmpty())
            m_credentials.*each = std::move(typed.*each);
    }
}

void ServerSession::loadLast()
{
    m_history = History::Loading;
    receive(m_backend.audits(m_server.id), this,
            [this](const base::Result<std::vector<engine::SavedAudit>> &saved) {
                if (m_run)
                    return;
                if (!saved) {
                    loadFailed(saved.error());
                    return;
                }
                m_history = History::Known;
                if (!saved->empty())
                    m_last = *std::ranges::max_element(*saved, {}, &engine::SavedAudit::startedAt);
                emit changed();
            });
}

void ServerSession::loadFailed(const base::Error &error)
{
    m_history = History::Unreadable;
    emit changed();
    emit notLoaded(error);
}

void ServerSession::loadRun()
{
    if (m_run || !m_last || m_history != History::Known)
        return;
    m_history = History::Loading;
    receive(m_backend.loadAudit(m_last->id), this, [this](base::Result<engine::AuditRun> loaded) {
        if (m_run)
            return;
        if (!loaded)
            loadFailed(loaded.error());
        else
            show(std::move(*loaded));
    });
}

void ServerSession::audit()
{
    if (m_running)
        return;
    if (m_demo) {
        auditDemo();
        return;
    }
    m_running = true;
    m_stop = std::stop_source();
    m_progress = {};
    m_progress.clock.start();
    emit changed();
    receive(
        m_backend.audit(requestFor(m_server, m_credentials), m_stop.get_token(),
                        queuedTo(this, [this](const engine::Progress &step) { progress(step); })),
        this, [this](engine::AuditOutcome outcome) { finish(std::move(outcome)); });
}

void ServerSession::auditDemo()
{
    base::Result<engine::AuditRun> run = m_backend.demo();
    if (!run) {
        emit failed({run.error(), std::nullopt, {}, {}});
        return;
    }
    show(std::move(*run));
    emit finished();
}

void ServerSession::cancel()
{
    m_stop.request_stop();
}

void ServerSession::progress(const engine::Progress &step)
{
    if (!m_running)
        return;
    m_progress.stage = step.stage;
    if (!step.section.isEmpty())
        m_progress.sections << step.section;
    m_progress.done = step.done;
    m_progress.total = step.total;
    emit progressed();
}

void ServerSession::finish(engine::AuditOutcome outcome)
{
    m_running = false;
    if (outcome.run) {
        m_hostKeyChanged = false;
        show(std::move(*outcome.run));
        receive(m_backend.saveAudit(m_server.id, *m_run), this,
                [this](const base::Result<void> &saved) {
                    if (!saved)
                        emit notSaved(saved.error());
                });
        emit finished();
        return;
    }
    noteHostKey(outcome.failure.error);
    emit changed();
    if (outcome.failure.error.kind == base::ErrorKind::Cancelled)
        emit cancelled();
    else
        emit failed(outcome.failure);
}

/// A changed key stays on record until the server has shown an acceptable one: a failure before the
/// host key, or a cancelled audit, says nothing about it.
void ServerSession::noteHostKey(const base::Error &error)
{
    switch (error.kind) {
    case base::ErrorKind::HostKeyChanged:
    case base::ErrorKind::HostKeyRevoked:
        m_hostKeyChanged = true;
        return;
    case base::ErrorKind::HostKeyUnknown: // somebody removed the old one
        m_hostKeyChanged = false;
        return;
    case base::ErrorKind::Cancelled:
        return;
    default:
        break;
    }
    if (error.stage == base::Stage::Authentication || error.stage == base::Stage::Shell
        || error.stage == base::Stage::Sudo || error.stage == base::Stage::Collect) {
        m_hostKeyChanged = false;
    }
}

void ServerSession::show(engine::AuditRun run)
{
    m_history = History::Known;
    m_run = std::make_shared<const engine::AuditRun>(std::move(run));
    m_last = engine::SavedAudit{m_run->audit.id, m_server.id, m_run->audit.startedAt,
                                m_run->audit.summary};
    emit changed();
}

bool sameLogin(const model::Server &a, const model::Server &b)
{
    return a.host == b.host && a.port == b.port && a.user == b.user && a.login == b.login
        && a.keyFile == b.keyFile && a.sudo == b.sudo;
}

engine::AuditRequest requestFor(const model::Server &server, const engine::Credentials &credentials)
{
    engine::AuditRequest request;
    request.server = server;
    request.credentials = credentials.clone();
    request.probing.publicName = server.publicName;
    return request;
}

} // namespace ui
