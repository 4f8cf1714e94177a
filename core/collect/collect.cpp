#include "core/collect/collect.h"

#include "core/base/untrustedtext.h"
#include "core/collect/outsidewatch.h"
#include "core/facts/framereader.h"
#include "core/facts/sectiontable.h"
#include "core/transport/random.h"

#include <QCryptographicHash>
#include <QElapsedTimer>

#include <algorithm>

namespace collect {

using base::ErrorKind;
using base::Stage;
using namespace Qt::StringLiterals;

namespace {

/// Frames and what a login shell may print around them.
constexpr qint64 streamLimit = facts::totalLimit + facts::noiseLimit;

model::Privilege privilegeOf(transport::RanAs ranAs)
{
    switch (ranAs) {
    case transport::RanAs::Root:
        return model::Privilege::Root;
    case transport::RanAs::Sudo:
        return model::Privilege::Sudo;
    case transport::RanAs::User:
        return model::Privilege::User;
    }
    return model::Privilege::User;
}

/// How many sections come in all, by the list of deployments: one line each.
int expectedSections(const facts::Section &deployments)
{
    int hostWide = 0;
    int perDeployment = 0;
    for (const facts::SectionInfo &info : facts::sectionTable())
        ++(info.perDeployment ? perDeployment : hostWide);
    qsizetype count = deployments.data.count('\n');
    if (!deployments.data.isEmpty() && !deployments.data.endsWith('\n'))
        ++count;
    return hostWide
        + perDeployment * static_cast<int>(std::min<qsizetype>(count, facts::deploymentLimit));
}

/// What arrived of one stream of frames.
struct Received
{
    facts::FrameReader reader;
    std::vector<facts::Section> sections;
    qint64 bytes = 0;
    int expected = 0; ///< sections, once it is known

    explicit Received(QByteArrayView nonce)
        : reader(nonce)
    { }

    /// False when nothing more is wanted.
    bool take(QByteArrayView chunk, const ProgressSink &progress)
    {
        bytes += chunk.size();
        for (facts::Section &section : reader.feed(chunk)) {
            sections.push_back(std::move(section));
            if (sections.back().id == "deployments"_L1)
                expected = expectedSections(sections.back());
            if (progress)
                progress({Stage::Collect, sections.back().id, static_cast<int>(sections.size()),
                          expected});
        }
        return !reader.broken() && bytes <= streamLimit
            && (reader.anyFrame() || bytes <= facts::noiseLimit);
    }
};

/// The two endings of a run that failed: an error, or a snapshot that says it was cut.
std::optional<base::Error> fatal(const base::Result<transport::ScriptResult> &run,
                                 const Received &received,
                                 const base::Interrupt &interrupt,
                                 const QString &host)
{
    if (interrupt.stop.stop_requested())
        return base::Error{ErrorKind::Cancelled, Stage::Collect, {}, {}};
    if (!received.reader.anyFrame() && received.bytes > facts::noiseLimit)
        return base::Error{ErrorKind::TooMuchOutput, Stage::Collect, host, u"no frame in 64 KiB"_s};
    if (received.reader.anyFrame()) {
        const bool ours = received.reader.done() || received.bytes > streamLimit;
        const bool timedOut = !run && run.error().kind == ErrorKind::TimedOut;
        if (run || ours || (timedOut && !received.sections.empty()))
            return {};
        return run.error();
    }
    if (!run)
        return run.error();
    const QString said = base::UntrustedText(run->errors).display(500);
    return base::Error{ErrorKind::NothingCollected, Stage::Collect, host,
                       u"exit status %1: "_s.arg(run->exitStatus) + said};
}

} // namespace

base::Result<facts::Snapshot> collect(transport::RemoteHost &host,
                                      const Order &order,
                                      const base::Interrupt &interrupt,
                                      const ProgressSink &progress)
{
    const QByteArray nonce = transport::newNonce();
    facts::Snapshot snapshot;
    snapshot.startedAt = order.clock();
    QElapsedTimer timer;
    timer.start();

    OutsideWatch outside(order.outside, interrupt);
    Received received(nonce);
    const base::Result<transport::ScriptResult> run = host.runScript(
        "FK_NONCE=" + nonce + "\nFK_HELD=1\n" + sealed(order.script), order.runAs,
        [&](QByteArrayView chunk) { return received.take(chunk, progress); }, interrupt);
    if (const auto error = fatal(run, received, interrupt, order.connection.name))
        return base::fail(*error);

    if (std::optional<facts::Section> rest = received.reader.finish())
        received.sections.push_back(std::move(*rest));
    snapshot.sections = std::move(received.sections);
    snapshot.ended = received.reader.ended();
    snapshot.connection = order.connection;
    snapshot.collectorSha256
        = QCryptographicHash::hash(order.script, QCryptographicHash::Sha256).toHex();
    readMeta(snapshot);
    // The collector says whether it ran as root, the connection by which way.
    if (run && snapshot.privilege == model::Privilege::Root)
        snapshot.privilege = privilegeOf(run->ranAs);

    if (progress && (order.outside.wire || order.outside.ports)) {
        const int count = static_cast<int>(snapshot.sections.size());
        progress({Stage::Probe, {}, count, std::max(count, received.expected)});
    }
    snapshot.outside = outside.finish(facts::parse(snapshot));
    if (interrupt.stop.stop_requested())
        return base::fail(ErrorKind::Cancelled, Stage::Collect, {});
    snapshot.durationMs = timer.elapsed();
    return snapshot;
}

} // namespace collect
