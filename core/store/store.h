#pragma once

#include "core/base/deadline.h"
#include "core/base/result.h"
#include "core/facts/facts.h"
#include "core/model/audit.h"
#include "core/model/server.h"

#include <QDateTime>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

/// Servers, host keys seen and audits, in one SQLite file. Synchronous; one thread owns an
/// instance. Never holds a secret.
namespace store {

struct HostKeySeen
{
    QString host; ///< host:port
    QString type;
    QString fingerprint; ///< SHA256:...
    QDateTime firstSeen; ///< UTC
};

struct AuditRow
{
    QString id;
    QString serverId;
    QDateTime startedAt; ///< UTC
    qint64 durationMs = 0;
    model::Score summary;
    QByteArray factsSha256; ///< hex
};

class Store
{
public:
    /// Opens or creates DIRECTORY/flowkeep.sqlite (0600 in a 0700 directory). A damaged file is set
    /// aside under another name (`damagedCopy`); a newer schema is refused; a read-only home is an
    /// error.
    static base::Result<std::unique_ptr<Store>> open(const QString &directory, base::Clock clock);
    ~Store();
    Store(const Store &) = delete;
    Store &operator=(const Store &) = delete;

    /// Where a damaged database was put when this one was opened; empty when nothing was wrong.
    QString damagedCopy() const;

    base::Result<std::vector<model::Server>> servers();
    base::Result<model::Server> saveServer(model::Server server); ///< gives an id to a new one
    base::Result<void> removeServer(const QString &id, bool withHistory);

    base::Result<void> noteHostKey(const HostKeySeen &key);
    base::Result<std::vector<HostKeySeen>> hostKeys(const QString &host);

    /// Keeps the compressed facts, so that old audits can be judged again.
    base::Result<void>
    saveAudit(const QString &serverId, const model::Audit &audit, const facts::Snapshot &snapshot);
    base::Result<std::vector<AuditRow>> audits(const QString &serverId);
    base::Result<facts::Snapshot> loadSnapshot(const QString &auditId);
    /// Forgets audits older than this many days.
    base::Result<int> expire(int days);

private:
    struct Private;
    explicit Store(std::unique_ptr<Private> data);
    std::unique_ptr<Private> d;
};

/// A new ULID: 26 characters of Crockford base 32, sorted by time.
QString newUlid(const QDateTime &now);

} // namespace store
