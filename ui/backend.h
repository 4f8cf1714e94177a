#pragma once

#include "core/engine/engine.h"
#include "core/model/finding.h"

#include <QByteArray>
#include <QFuture>

#include <functional>
#include <span>
#include <stop_token>
#include <vector>

namespace ui {

enum class ExportFormat { Pdf, Json };

/// What the window asks for. One implementation is the engine; tests have another that fails, waits
/// and lies on demand, which no real server does on time.
class Backend
{
public:
    virtual ~Backend() = default;

    virtual QFuture<engine::AuditOutcome>
    audit(engine::AuditRequest request, std::stop_token stop, engine::ProgressSink progress) = 0;
    virtual QFuture<engine::ConnectionReport> testConnection(engine::AuditRequest request,
                                                             std::stop_token stop,
                                                             engine::ProgressSink progress)
        = 0;
    virtual base::Result<engine::AuditRun> demo() = 0;

    /// Calls `tell` once, on any thread, when a damaged database was set aside under this name.
    virtual void onDatabaseSetAside(std::function<void(const QString &file)> tell) = 0;
    virtual QFuture<base::Result<std::vector<model::Server>>> servers() = 0;
    virtual QFuture<base::Result<model::Server>> saveServer(model::Server server) = 0;
    virtual QFuture<base::Result<void>> removeServer(QString id, bool withHistory) = 0;
    virtual QFuture<base::Result<void>> saveAudit(QString serverId, engine::AuditRun run) = 0;
    virtual QFuture<base::Result<std::vector<engine::SavedAudit>>> audits(QString serverId) = 0;
    virtual QFuture<base::Result<engine::AuditRun>> loadAudit(QString id) = 0;
    virtual QFuture<base::Result<void>> acceptHostKey(model::Server server,
                                                      engine::HostKeyOffer offer)
        = 0;

    /// The constants of every check, in the order of the catalogue.
    virtual std::span<const model::CheckInfo> checks() const = 0;
    /// The bytes of a report; made away from the window's thread.
    virtual QFuture<base::Result<QByteArray>> report(model::Audit audit, ExportFormat format) = 0;
};

/// The constants of one check; nullptr for an id of another version.
const model::CheckInfo *checkInfo(const Backend &backend, QStringView id);

} // namespace ui
