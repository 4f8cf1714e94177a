#pragma once

#include "ui/backend.h"

/// The window's backend as it ships: the engine and the reports.
class EngineBackend : public ui::Backend
{
public:
    /// `language`: the window's, as BCP 47; reports are written in it.
    EngineBackend(engine::Engine &engine, QString language);

    QFuture<engine::AuditOutcome> audit(engine::AuditRequest request,
                                        std::stop_token stop,
                                        engine::ProgressSink progress) override;
    QFuture<engine::ConnectionReport> testConnection(engine::AuditRequest request,
                                                     std::stop_token stop,
                                                     engine::ProgressSink progress) override;
    base::Result<engine::AuditRun> demo() override;
    void onDatabaseSetAside(std::function<void(const QString &file)> tell) override;
    QFuture<base::Result<std::vector<model::Server>>> servers() override;
    QFuture<base::Result<model::Server>> saveServer(model::Server server) override;
    QFuture<base::Result<void>> removeServer(QString id, bool withHistory) override;
    QFuture<base::Result<void>> saveAudit(QString serverId, engine::AuditRun run) override;
    QFuture<base::Result<std::vector<engine::SavedAudit>>> audits(QString serverId) override;
    QFuture<base::Result<engine::AuditRun>> loadAudit(QString id) override;
    QFuture<base::Result<void>> acceptHostKey(model::Server server,
                                              engine::HostKeyOffer offer) override;
    std::span<const model::CheckInfo> checks() const override;
    QFuture<base::Result<QByteArray>> report(model::Audit audit, ui::ExportFormat format) override;

private:
    engine::Engine &m_engine;
    QString m_language;
};
