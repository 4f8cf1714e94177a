#include "tests/ui/support/fakebackend.h"

#include "core/engine/sshlink.h"
#include "tests/ui/support/sample.h"

using namespace Qt::StringLiterals;

namespace {

template <typename T>
QFuture<T> ready(T value)
{
    QPromise<T> promise;
    promise.start();
    promise.addResult(std::move(value));
    promise.finish();
    return promise.future();
}

QByteArray copyOf(const base::SecretBytes &secret)
{
    return secret.view().toByteArray();
}

} // namespace

void FakeBackend::PendingAudit::succeed(engine::AuditRun run)
{
    promise->addResult(engine::AuditOutcome{std::move(run), {}});
    promise->finish();
}

void FakeBackend::PendingAudit::fail(engine::Failure failure)
{
    promise->addResult(engine::AuditOutcome{std::nullopt, std::move(failure)});
    promise->finish();
}

void FakeBackend::PendingAudit::fail(base::ErrorKind kind, base::Stage stage, const QString &what)
{
    fail(engine::Failure{{kind, stage, what, {}}, std::nullopt, {}, {}});
}

void FakeBackend::PendingTest::finish(engine::ConnectionReport report)
{
    promise->addResult(std::move(report));
    promise->finish();
}

QFuture<engine::AuditOutcome> FakeBackend::audit(engine::AuditRequest request,
                                                 std::stop_token stop,
                                                 engine::ProgressSink progress)
{
    auto promise = std::make_shared<QPromise<engine::AuditOutcome>>();
    promise->start();
    const model::Server server = request.server;
    const transport::SshOptions ssh = engine::sshOptions(request, {});
    pending.push_back({promise, server, copyOf(ssh.login.password), copyOf(ssh.sudoPassword),
                       copyOf(ssh.login.passphrase), std::move(stop), std::move(progress)});
    return promise->future();
}

QFuture<engine::ConnectionReport> FakeBackend::testConnection(engine::AuditRequest request,
                                                              std::stop_token stop,
                                                              engine::ProgressSink progress)
{
    auto promise = std::make_shared<QPromise<engine::ConnectionReport>>();
    promise->start();
    tests.push_back({promise, request.server, copyOf(request.credentials.loginPassword),
                     std::move(stop), std::move(progress)});
    return promise->future();
}

QFuture<base::Result<std::vector<model::Server>>> FakeBackend::servers()
{
    if (listError)
        return ready<base::Result<std::vector<model::Server>>>(base::fail(*listError));
    return ready<base::Result<std::vector<model::Server>>>(saved);
}

QFuture<base::Result<model::Server>> FakeBackend::saveServer(model::Server server)
{
    if (storeError)
        return ready<base::Result<model::Server>>(base::fail(*storeError));
    if (server.id.isEmpty())
        server.id = u"id-"_s + server.name;
    saved.push_back(server);
    return ready<base::Result<model::Server>>(server);
}

QFuture<base::Result<void>> FakeBackend::removeServer(QString id, bool)
{
    removed.push_back(id);
    return ready<base::Result<void>>({});
}

QFuture<base::Result<void>> FakeBackend::saveAudit(QString serverId, engine::AuditRun)
{
    if (storeError)
        return ready<base::Result<void>>(base::fail(*storeError));
    savedAudits.push_back(serverId);
    return ready<base::Result<void>>({});
}

QFuture<base::Result<std::vector<engine::SavedAudit>>> FakeBackend::audits(QString serverId)
{
    std::vector<engine::SavedAudit> list;
    if (stored) {
        list.push_back(
            {stored->audit.id, serverId, stored->audit.startedAt, stored->audit.summary});
    }
    return ready<base::Result<std::vector<engine::SavedAudit>>>(list);
}

QFuture<base::Result<engine::AuditRun>> FakeBackend::loadAudit(QString)
{
    if (loadError)
        return ready<base::Result<engine::AuditRun>>(base::fail(*loadError));
    return ready<base::Result<engine::AuditRun>>(*stored);
}

QFuture<base::Result<void>> FakeBackend::acceptHostKey(model::Server, engine::HostKeyOffer offer)
{
    if (storeError)
        return ready<base::Result<void>>(base::fail(*storeError));
    accepted.push_back(std::move(offer));
    return ready<base::Result<void>>({});
}

std::span<const model::CheckInfo> FakeBackend::checks() const
{
    return sample::checks();
}

QFuture<base::Result<QByteArray>> FakeBackend::report(model::Audit audit, ui::ExportFormat)
{
    return ready<base::Result<QByteArray>>(QByteArray("report of ") + audit.id.toUtf8());
}
