#include "core/engine/engine.h"

#include "core/checks/check.h"
#include "core/collect/collect.h"
#include "core/engine/auditor.h"
#include "core/engine/job.h"
#include "core/engine/judging.h"
#include "core/engine/storethread.h"
#include "core/transport/knownhostsfile.h"

#include <list>
#include <mutex>

namespace engine {

using base::ErrorKind;
using base::Stage;
using namespace Qt::StringLiterals;

namespace {

base::Error cancelled()
{
    return {ErrorKind::Cancelled, Stage::Collect, {}, {}};
}

SavedAudit savedAudit(const store::AuditRow &row)
{
    return {row.id, row.serverId, row.startedAt, row.summary};
}

} // namespace

struct Engine::Private
{
    explicit Private(Environment given)
        : environment(std::move(given))
        , store(environment.configDirectory, environment.clock)
    { }

    /// Starts work on a thread of its own; forgets what is done.
    template <typename T, typename Work>
    QFuture<T> start(const std::stop_token &stop, ProgressSink progress, T stopped, Work work)
    {
        const std::lock_guard lock(mutex);
        jobs.remove_if([](const Job &job) { return job.done(); });
        return jobs.emplace_back().start(stop, std::move(progress), std::move(stopped),
                                         std::move(work));
    }

    Environment environment;
    StoreThread store;
    std::mutex mutex;
    std::list<Job> jobs; ///< last member: its threads end before anything they use
};

Engine::Engine(Environment environment)
    : d(std::make_unique<Private>(std::move(environment)))
{ }

Engine::~Engine() = default;

QFuture<AuditOutcome>
Engine::audit(AuditRequest request, std::stop_token stop, ProgressSink progress)
{
    return d->start(stop, std::move(progress), AuditOutcome{{}, {cancelled(), {}, {}, {}}},
                    [environment = d->environment, request = std::move(request)](
                        const std::stop_token &stopped, const ProgressSink &report) mutable {
                        return runAudit(environment, std::move(request), stopped, report);
                    });
}

QFuture<ConnectionReport>
Engine::testConnection(AuditRequest request, std::stop_token stop, ProgressSink progress)
{
    ConnectionReport stopReport;
    stopReport.failure = Failure{cancelled(), {}, {}, {}};
    return d->start(stop, std::move(progress), stopReport,
                    [environment = d->environment, request = std::move(request)](
                        const std::stop_token &stopped, const ProgressSink &report) mutable {
                        return runConnectionTest(environment, std::move(request), stopped, report);
                    });
}

base::Result<AuditRun> Engine::demo() const
{
    base::Result<facts::Snapshot> snapshot = demoSnapshot();
    if (!snapshot)
        return base::fail(snapshot);
    return judged(std::move(*snapshot), d->environment.clock());
}

base::Result<AuditRun> Engine::evaluateFacts(const QByteArray &factsJson,
                                             const std::stop_token &stop) const
{
    base::Result<facts::Snapshot> snapshot = facts::fromJson(factsJson);
    if (!snapshot)
        return base::fail(snapshot);
    snapshot->fromFile = true;
    return judged(std::move(*snapshot), d->environment.clock(), stop);
}

base::Result<AuditRun> Engine::evaluateFrames(const QByteArray &frames,
                                              const std::stop_token &stop) const
{
    base::Result<facts::Snapshot> snapshot = facts::readFrames(frames);
    if (!snapshot) {
        base::Error error = snapshot.error();
        error.stage = Stage::Parse; // no server failed, the file holds nothing
        return base::fail(error);
    }
    snapshot->fromFile = true;
    const QDateTime now = d->environment.clock();
    if (!snapshot->startedAt.isValid())
        snapshot->startedAt = snapshot->serverClock.isValid() ? snapshot->serverClock : now;
    return judged(std::move(*snapshot), now, stop);
}

void Engine::onDatabaseSetAside(std::function<void(const QString &file)> tell)
{
    d->store.onSetAside(std::move(tell));
}

QFuture<base::Result<std::vector<model::Server>>> Engine::servers()
{
    return d->store.run<std::vector<model::Server>>(
        [](store::Store &store) { return store.servers(); });
}

QFuture<base::Result<model::Server>> Engine::saveServer(model::Server server)
{
    return d->store.run<model::Server>(
        [server = std::move(server)](store::Store &store) { return store.saveServer(server); });
}

QFuture<base::Result<void>> Engine::removeServer(QString id, bool withHistory)
{
    return d->store.run<void>([id = std::move(id), withHistory](store::Store &store) {
        return store.removeServer(id, withHistory);
    });
}

QFuture<base::Result<void>> Engine::saveAudit(QString serverId, AuditRun run)
{
    // Made from a file, or the demo: nothing that happened on this server.
    if (run.facts.snapshot.fromFile)
        return QtFuture::makeReadyFuture(base::Result<void>(
            base::fail(ErrorKind::BadInput, Stage::File, u"an audit from a file"_s)));
    return d->store.run<void>(
        [serverId = std::move(serverId), run = std::move(run)](store::Store &store) {
            return store.saveAudit(serverId, run.audit, run.facts.snapshot);
        });
}

QFuture<base::Result<std::vector<SavedAudit>>> Engine::audits(QString serverId)
{
    return d->store.run<std::vector<SavedAudit>>(
        [serverId
         = std::move(serverId)](store::Store &store) -> base::Result<std::vector<SavedAudit>> {
            const base::Result<std::vector<store::AuditRow>> rows = store.audits(serverId);
            if (!rows)
                return base::fail(rows);
            std::vector<SavedAudit> saved;
            for (const store::AuditRow &row : *rows)
                saved.push_back(savedAudit(row));
            return saved;
        });
}

QFuture<base::Result<AuditRun>> Engine::loadAudit(QString id)
{
    return d->store.run<AuditRun>([id = std::move(id), clock = d->environment.clock](
                                      store::Store &store) -> base::Result<AuditRun> {
        base::Result<facts::Snapshot> snapshot = store.loadSnapshot(id);
        if (!snapshot)
            return base::fail(snapshot);
        base::Result<AuditRun> run = judged(std::move(*snapshot), clock());
        if (run)
            run->audit.id = id;
        return run;
    });
}

QFuture<base::Result<void>> Engine::acceptHostKey(model::Server server, HostKeyOffer offer)
{
    // The file decides; the store only remembers since when, and its answer is not waited for.
    const auto note = [&thread = d->store](const store::HostKeySeen &seen) {
        static_cast<void>(
            thread.run<void>([seen](store::Store &store) { return store.noteHostKey(seen); }));
    };
    return d->start(
        {}, {}, base::Result<void>(base::fail(cancelled())),
        [environment = d->environment, server = std::move(server), offer = std::move(offer),
         note](const std::stop_token &stop, const ProgressSink &) -> base::Result<void> {
            if (auto prepared = prepareConfigDirectory(environment.configDirectory); !prepared)
                return prepared;
            const base::Result<void> remembered = transport::rememberHostKey(
                ownKnownHostsFile(environment), server.host, server.port, offer.key,
                !offer.known.isEmpty(), {stop});
            if (remembered) {
                note({server.host + u':' + QString::number(server.port), offer.type,
                      offer.fingerprint, environment.clock()});
            }
            return remembered;
        });
}

std::span<const model::CheckInfo> catalogue()
{
    static const std::vector<model::CheckInfo> infos = [] {
        std::vector<model::CheckInfo> all;
        for (const checks::Check &check : checks::catalogue())
            all.push_back(check.info);
        return all;
    }();
    return infos;
}

QByteArray collectorScript()
{
    return collect::collectorScript();
}

} // namespace engine
