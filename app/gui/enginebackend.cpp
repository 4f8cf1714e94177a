#include "app/gui/enginebackend.h"

#include "core/report/report.h"

#include <QCoreApplication>
#include <QLocale>
#include <QPromise>
#include <QThreadPool>

#include <memory>

using namespace Qt::StringLiterals;

namespace {

QString translated(const char *context, const char *text, int number)
{
    return QCoreApplication::translate(context, text, nullptr, number);
}

base::Result<QByteArray>
make(const model::Audit &audit, ui::ExportFormat format, const QString &language)
{
    const report::Subject subject{audit, engine::catalogue()};
    if (format == ui::ExportFormat::Json)
        return report::auditJson(subject);
    report::Options options;
    options.translate = translated;
    options.language = language;
    options.letter = QLocale().measurementSystem() == QLocale::ImperialUSSystem;
    return report::pdf(subject, options);
}

} // namespace

EngineBackend::EngineBackend(engine::Engine &engine, QString language)
    : m_engine(engine)
    , m_language(std::move(language))
{ }

QFuture<engine::AuditOutcome> EngineBackend::audit(engine::AuditRequest request,
                                                   std::stop_token stop,
                                                   engine::ProgressSink progress)
{
    return m_engine.audit(std::move(request), std::move(stop), std::move(progress));
}

QFuture<engine::ConnectionReport> EngineBackend::testConnection(engine::AuditRequest request,
                                                                std::stop_token stop,
                                                                engine::ProgressSink progress)
{
    return m_engine.testConnection(std::move(request), std::move(stop), std::move(progress));
}

base::Result<engine::AuditRun> EngineBackend::demo()
{
    return m_engine.demo();
}

void EngineBackend::onDatabaseSetAside(std::function<void(const QString &file)> tell)
{
    m_engine.onDatabaseSetAside(std::move(tell));
}

QFuture<base::Result<std::vector<model::Server>>> EngineBackend::servers()
{
    return m_engine.servers();
}

QFuture<base::Result<model::Server>> EngineBackend::saveServer(model::Server server)
{
    return m_engine.saveServer(std::move(server));
}

QFuture<base::Result<void>> EngineBackend::removeServer(QString id, bool withHistory)
{
    return m_engine.removeServer(std::move(id), withHistory);
}

QFuture<base::Result<void>> EngineBackend::saveAudit(QString serverId, engine::AuditRun run)
{
    return m_engine.saveAudit(std::move(serverId), std::move(run));
}

QFuture<base::Result<std::vector<engine::SavedAudit>>> EngineBackend::audits(QString serverId)
{
    return m_engine.audits(std::move(serverId));
}

QFuture<base::Result<engine::AuditRun>> EngineBackend::loadAudit(QString id)
{
    return m_engine.loadAudit(std::move(id));
}

QFuture<base::Result<void>> EngineBackend::acceptHostKey(model::Server server,
                                                         engine::HostKeyOffer offer)
{
    return m_engine.acceptHostKey(std::move(server), std::move(offer));
}

std::span<const model::CheckInfo> EngineBackend::checks() const
{
    return engine::catalogue();
}

QFuture<base::Result<QByteArray>> EngineBackend::report(model::Audit audit, ui::ExportFormat format)
{
    auto promise = std::make_shared<QPromise<base::Result<QByteArray>>>();
    const QFuture<base::Result<QByteArray>> future = promise->future();
    promise->start();
    QThreadPool::globalInstance()->start(
        [promise, audit = std::move(audit), format, language = m_language] {
            promise->addResult(make(audit, format, language));
            promise->finish();
        });
    return future;
}
