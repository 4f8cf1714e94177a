#pragma once

#include "core/base/deadline.h"
#include "core/base/result.h"
#include "core/engine/target.h"
#include "core/facts/facts.h"
#include "core/model/audit.h"

#include <QFuture>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace transport {
class RemoteHost;
}

/// Use cases for window and command line: the one door from `ui` and `app` to the machinery.
namespace engine {

/// One step of a running audit. Called on the worker thread; receivers marshal it themselves.
struct Progress
{
    base::Stage stage = base::Stage::Name; ///< what is being worked on now
    QString section; ///< collecting: the section just received
    int done = 0;
    int total = 0; ///< 0 while unknown
};
using ProgressSink = std::function<void(const Progress &)>;

struct AuditRun
{
    model::Audit audit;
    facts::Facts facts;
};

/// A failed attempt with what a dialog needs besides the error.
struct Failure
{
    base::Error error;
    std::optional<HostKeyOffer> hostKey; ///< HostKeyUnknown, HostKeyChanged, HostKeyMismatch
    QString serverOffer; ///< algorithms, banner, prompts: plain text of the server
    QString ourOffer;
};

struct AuditOutcome
{
    std::optional<AuditRun> run; ///< set exactly when it worked
    Failure failure;
};

/// What the connection test of "Add server" shows, stage by stage.
struct ConnectionReport
{
    base::Stage reached = base::Stage::Name; ///< the last stage that succeeded
    model::Privilege privilege = model::Privilege::User;
    QString hostKey; ///< SHA256:...
    QString banner; ///< the server's software, plain text
    std::optional<Failure> failure;
};

struct Environment
{
    QString configDirectory; ///< 0700; known_hosts and the database live there
    base::Clock clock = base::systemClock();
    /// Makes the host of a request; empty for SSH. Tests put a scripted host here.
    std::function<std::unique_ptr<transport::RemoteHost>(const AuditRequest &)> connector;
};

/// A saved audit in a list.
struct SavedAudit
{
    QString id;
    QString serverId;
    QDateTime startedAt;
    model::Score summary;
};

class Engine
{
public:
    explicit Engine(Environment environment);
    ~Engine();
    Engine(const Engine &) = delete;
    Engine &operator=(const Engine &) = delete;

    /// One connection, one collection, the probes, all checks. Stopping answers within 0.5 s. Once
    /// the future is finished the sink is not called any more.
    QFuture<AuditOutcome> audit(AuditRequest request, std::stop_token stop, ProgressSink progress);
    QFuture<ConnectionReport>
    testConnection(AuditRequest request, std::stop_token stop, ProgressSink progress);

    /// The built-in demo server through the same code.
    base::Result<AuditRun> demo() const;
    base::Result<AuditRun> evaluateFacts(const QByteArray &factsJson,
                                         const std::stop_token &stop = {}) const;
    base::Result<AuditRun> evaluateFrames(const QByteArray &frames,
                                          const std::stop_token &stop = {}) const;

    /// Calls `tell` once, on a thread of the engine, when a damaged database was set aside under
    /// the given name, now or before; an empty one is in its place then.
    void onDatabaseSetAside(std::function<void(const QString &file)> tell);

    // Saved servers and audits. Every call answers at once or queues on the store's thread.
    QFuture<base::Result<std::vector<model::Server>>> servers();
    QFuture<base::Result<model::Server>>
    saveServer(model::Server server); ///< new id where it has none
    QFuture<base::Result<void>> removeServer(QString id, bool withHistory);
    QFuture<base::Result<void>> saveAudit(QString serverId, AuditRun run);
    QFuture<base::Result<std::vector<SavedAudit>>> audits(QString serverId);
    /// Judged again from the stored facts with today's checks.
    QFuture<base::Result<AuditRun>> loadAudit(QString id);
    /// Remembers a host key in our own known_hosts file. TimedOut at Stage::File when another
    /// Flowkeep holds that file for over 5 s.
    QFuture<base::Result<void>> acceptHostKey(model::Server server, HostKeyOffer offer);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// Title, why, advice and references of every check, in the order of the posture page.
std::span<const model::CheckInfo> catalogue();

/// The user's own folder for saved servers, host keys and audits.
QString standardConfigDirectory();
/// Makes the folder, or takes it when it is the user's own, and closes it to others (0700).
base::Result<void> prepareConfigDirectory(const QString &directory);

/// The collector script as it is sent to servers, for people who carry it by hand.
QByteArray collectorScript();

} // namespace engine
