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
    const bool sameLogin = server.host == m_server.host && server.port == m_server.port
        && server.user == m_server.user && server.login == m_server.login
        && server.keyFile == m_server.keyFile && server.sudo == m_server.sudo;
    // A password belongs to one account on one machine; it must never be sent to another.
    if (!sameLogin)
        m_credentials = {};
    m_server = std::move(server);
    m_hostKeyChanged = false;
    emit changed();
}

void ServerSession::loadLast()
{
    receive(m_backend.audits(m_server.id), this,
            [this](const base::Result<std::vector<engine::SavedAudit>> &saved) {
                if (!saved || saved->empty() || m_run)
                    return;
                m_last = *std::ranges::max_element(*saved, {}, &engine::SavedAudit::startedAt);
                emit changed();
            });
}

void ServerSession::loadRun()
{
    if (m_run || m_loading || !m_last)
        return;
    m_loading = true;
    receive(m_backend.loadAudit(m_last->id), this, [this](base::Result<engine::AuditRun> loaded) {
        m_loading = false;
        if (!loaded || m_run)
            return;
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
    const base::ErrorKind kind = outcome.failure.error.kind;
    m_hostKeyChanged
        = kind == base::ErrorKind::HostKeyChanged || kind == base::ErrorKind::HostKeyRevoked;
    emit changed();
    if (kind == base::ErrorKind::Cancelled)
        emit cancelled();
    else
        emit failed(outcome.failure);
}

void ServerSession::show(engine::AuditRun run)
{
    m_run = std::make_shared<const engine::AuditRun>(std::move(run));
    m_last = engine::SavedAudit{m_run->audit.id, m_server.id, m_run->audit.startedAt,
                                m_run->audit.summary};
    emit changed();
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
