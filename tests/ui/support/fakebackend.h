#pragma once

#include "ui/backend.h"

#include <QPromise>

#include <memory>

/// Answers when a test says so: servers that hang, refuse or lie on demand. What real servers do is
/// tested against real ones below the engine.
class FakeBackend : public ui::Backend
{
public:
    struct PendingAudit
    {
        std::shared_ptr<QPromise<engine::AuditOutcome>> promise;
        model::Server server;
        // What the connection over SSH would have at hand, not what the request carries.
        QByteArray loginPassword;
        QByteArray sudoPassword;
        QByteArray passphrase;
        std::stop_token stop;
        engine::ProgressSink progress;

        void succeed(engine::AuditRun run);
        void fail(base::ErrorKind kind, base::Stage stage, const QString &what = {});
        void fail(engine::Failure failure);
    };
    struct PendingTest
    {
        std::shared_ptr<QPromise<engine::ConnectionReport>> promise;
        model::Server server;
        QByteArray loginPassword;
        std::stop_token stop;
        engine::ProgressSink progress;

        void finish(engine::ConnectionReport report);
    };

    std::vector<PendingAudit> pending;
    std::vector<PendingTest> tests;
    std::vector<model::Server> saved;
    std::vector<QString> removed;
    std::vector<QString> savedAudits;
    std::vector<engine::HostKeyOffer> accepted;
    engine::AuditRun demoRun;
    std::function<void(const QString &file)> setAside; ///< call it on any thread
    std::optional<engine::AuditRun> stored; ///< the newest audit of every saved server
    std::optional<base::Error> storeError; ///< of everything that writes
    std::optional<base::Error> listError; ///< of the list of servers
    std::optional<base::Error> loadError; ///< of a stored audit

    QFuture<engine::AuditOutcome> audit(engine::AuditRequest request,
                                        std::stop_token stop,
                                        engine::ProgressSink progress) override;
    QFuture<engine::ConnectionReport> testConnection(engine::AuditRequest request,
                                                     std::stop_token stop,
                                                     engine::ProgressSink progress) override;
    base::Result<engine::AuditRun> demo() override { return demoRun; }
    void onDatabaseSetAside(std::function<void(const QString &file)> tell) override
    {
        setAside = std::move(tell);
    }
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
};
