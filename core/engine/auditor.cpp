#include "core/engine/auditor.h"

#include "core/collect/collect.h"
#include "core/collect/probing.h"
#include "core/engine/judging.h"
#include "core/engine/sshlink.h"

namespace engine {

using base::ErrorKind;
using base::Stage;
using namespace Qt::StringLiterals;

namespace {

/// A host to run the collector on, and how it was reached.
struct Link
{
    std::unique_ptr<transport::RemoteHost> host;
    transport::SshHost *ssh = nullptr; ///< the same, unless a test's
    facts::Connection connection;
};

/// What is worked on once `reached` has succeeded.
Stage stageAfter(Stage reached)
{
    switch (reached) {
    case Stage::Name:
        return Stage::Tcp;
    case Stage::Tcp:
        return Stage::Banner;
    case Stage::Banner:
        return Stage::Kex;
    case Stage::Kex:
        return Stage::HostKey;
    case Stage::HostKey:
        return Stage::Authentication;
    case Stage::Authentication:
        return Stage::Shell;
    default:
        return reached;
    }
}

using StageSink = std::function<void(Stage)>;

StageSink telling(const ProgressSink &progress)
{
    return [&progress](Stage reached) {
        if (progress)
            progress({.stage = stageAfter(reached), .section = {}, .done = 0, .total = 0});
    };
}

/// Also filled when connecting failed: `ssh` then knows what was offered.
base::Result<void> connectTo(Link &link,
                             const Environment &environment,
                             AuditRequest &request,
                             const base::Interrupt &interrupt,
                             const StageSink &reached)
{
    link.connection = {request.server.name, request.server.host, request.server.port, {}};
    if (environment.connector) {
        link.host = environment.connector(request);
        return {};
    }
    if (environment.configDirectory.isEmpty())
        return base::fail(ErrorKind::Internal, Stage::File, u"no config directory"_s);
    if (auto prepared = prepareConfigDirectory(environment.configDirectory); !prepared)
        return prepared;
    auto ssh
        = std::make_unique<transport::SshHost>(sshOptions(request, ownKnownHostsFile(environment)));
    link.ssh = ssh.get();
    link.host = std::move(ssh);
    if (const base::Result<void> connected = link.ssh->connect(interrupt, reached); !connected)
        return connected;
    const transport::ConnectionDetails &details = link.ssh->details();
    link.connection.address = details.peerAddress;
    if (details.hostKey)
        link.connection.hostKey = details.hostKey->fingerprint;
    return {};
}

Failure failureWith(const base::Error &error, const Link &link)
{
    return link.ssh ? failureOf(error, link.ssh->details()) : Failure{error, {}, {}, {}};
}

base::Result<collect::OutsideView> outsideView(const AuditRequest &request,
                                               const Link &link,
                                               const Environment &environment,
                                               const base::Interrupt &interrupt)
{
    if (!request.probing.enabled || !link.ssh)
        return collect::OutsideView{};
    probe::Plan plan;
    plan.address = link.connection.address;
    plan.sshPort = request.server.port;
    plan.sshHost = request.server.host;
    plan.publicName = request.probing.publicName.isEmpty() ? request.server.publicName
                                                           : request.probing.publicName;
    for (const ProbeOptions::Resolve &resolve : request.probing.resolve)
        plan.pinned.push_back({resolve.name, resolve.port, resolve.address});
    plan.caFile = request.probing.caFile;
    return collect::prepareProbes(plan, environment.clock, interrupt);
}

transport::RunAs runAsOf(const AuditRequest &request)
{
    if (request.server.sudo == model::SudoMethod::None)
        return transport::RunAs::User;
    return request.userInstead ? transport::RunAs::RootOrUser : transport::RunAs::Root;
}

/// An error without a subject is about the server.
base::Error named(base::Error error, const AuditRequest &request)
{
    if (error.what.isEmpty() && error.kind != ErrorKind::Cancelled)
        error.what = request.server.host;
    return error;
}

} // namespace

QString ownKnownHostsFile(const Environment &environment)
{
    return environment.configDirectory + u"/known_hosts"_s;
}

AuditOutcome runAudit(const Environment &environment,
                      AuditRequest request,
                      const std::stop_token &stop,
                      const ProgressSink &progress)
{
    const base::Interrupt interrupt{stop, base::Deadline::after(request.auditTimeout)};
    Link link;
    const auto failed = [&](const base::Error &error) {
        return AuditOutcome{{}, failureWith(named(error, request), link)};
    };
    if (const auto connected = connectTo(link, environment, request, interrupt, telling(progress));
        !connected)
        return failed(connected.error());
    auto outside = outsideView(request, link, environment, interrupt);
    if (!outside)
        return failed(outside.error());

    collect::Order order;
    order.script = collect::collectorScript();
    order.runAs = runAsOf(request);
    order.connection = link.connection;
    order.outside = std::move(*outside);
    order.clock = environment.clock;
    auto snapshot
        = collect::collect(*link.host, order, interrupt, [&](const collect::Progress &step) {
              if (progress)
                  progress({step.stage, step.section, step.done, step.total});
          });
    if (!snapshot)
        return failed(snapshot.error());

    base::Result<AuditRun> run = judged(std::move(*snapshot), environment.clock(), stop);
    if (!run)
        return failed(run.error());
    if (const auto restricted = restrictTo(run->audit, request.deployment); !restricted)
        return failed(restricted.error());
    return {std::move(*run), {}};
}

ConnectionReport runConnectionTest(const Environment &environment,
                                   AuditRequest request,
                                   const std::stop_token &stop,
                                   const ProgressSink &progress)
{
    const base::Interrupt interrupt{stop, base::Deadline::after(2 * request.connectTimeout)};
    ConnectionReport report;
    Link link;
    const StageSink note = [&](Stage reached) {
        report.reached = reached;
        telling(progress)(reached);
    };
    const auto fill = [&] {
        report.hostKey = link.connection.hostKey;
        if (link.ssh)
            report.banner = link.ssh->details().software.display(200);
    };
    if (const auto connected = connectTo(link, environment, request, interrupt, note); !connected) {
        fill();
        report.failure = failureWith(named(connected.error(), request), link);
        return report;
    }
    fill();
    const auto ran = link.host->runScript(
        "true\n", runAsOf(request), [](QByteArrayView) { return true; }, interrupt);
    if (!ran) {
        report.failure = failureWith(named(ran.error(), request), link);
        return report;
    }
    report.reached = Stage::Sudo;
    report.privilege = ran->ranAs == transport::RanAs::Root ? model::Privilege::Root
        : ran->ranAs == transport::RanAs::Sudo              ? model::Privilege::Sudo
                                                            : model::Privilege::User;
    return report;
}

} // namespace engine
