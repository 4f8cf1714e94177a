#include "app/cli/attempt.h"
#include "app/cli/audited.h"
#include "app/cli/files.h"
#include "app/cli/texttable.h"
#include "core/engine/judging.h"
#include "core/report/report.h"

#include <QFileInfo>

#include <array>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

base::Result<engine::AuditRun> runForReport(const Session &session)
{
    const Arguments &a = session.arguments;
    if (!a.factsFile.isEmpty()) {
        const base::Result<QByteArray> bytes = readInput(a.factsFile);
        if (!bytes)
            return base::fail(bytes);
        return session.engine.evaluateFacts(*bytes, session.stop);
    }
    if (!a.target.isEmpty()) {
        const base::Result<engine::Credentials> credentials = readCredentials(session);
        if (!credentials)
            return base::fail(credentials);
        Audited audited = auditOne(session, a.target, *credentials);
        if (audited.run)
            return std::move(*audited.run);
        return base::fail(audited.failure.error);
    }
    if (!QFileInfo::exists(session.configDirectory + u"/flowkeep.sqlite"_s))
        return base::fail(base::ErrorKind::UnknownName, base::Stage::File, a.words.first());
    return session.engine.loadAudit(a.words.first()).result();
}

} // namespace

ExitStatus collectCommand(const Session &session)
{
    const Arguments &a = session.arguments;
    if (auto free = checkOutput(a.output, a.force); !free)
        return complain(free.error(), a.json);
    const base::Result<engine::Credentials> credentials = readCredentials(session);
    if (!credentials)
        return complain(credentials.error(), a.json);
    const Audited audited = auditOne(session, a.words.first(), *credentials);
    if (!audited.run) {
        tellFailure(session, audited);
        if (a.json)
            static_cast<void>(
                writeOutput(u"-"_s, answersJson({answerOf(audited)}, audited.status), false));
        return audited.status;
    }
    const facts::Snapshot &snapshot = audited.run->facts.snapshot;
    if (auto written = writeOutput(a.output, facts::toJson(snapshot), a.force); !written)
        return complain(written.error(), a.json);
    if (a.json && a.output != "-"_L1) {
        const QJsonObject done{{u"schema"_s, u"flowkeep.collected/1"_s},
                               {u"target"_s, audited.target},
                               {u"file"_s, a.output},
                               {u"sections"_s, int(snapshot.sections.size())},
                               {u"complete"_s, snapshot.ended}};
        static_cast<void>(writeOutput(u"-"_s, jsonBytes(done), false));
    }
    return Done;
}

ExitStatus evaluateCommand(const Session &session)
{
    const Arguments &a = session.arguments;
    if (auto free = checkOutput(a.output, a.force); !free)
        return complain(free.error(), a.json);
    const QString path = a.framesFile.isEmpty() ? a.words.first() : a.framesFile;
    const base::Result<QByteArray> bytes = readInput(path);
    if (!bytes)
        return complain(bytes.error(), a.json);
    Audited audited;
    audited.target = path;
    audited
        = judgedRun(session, std::move(audited),
                    a.framesFile.isEmpty() ? session.engine.evaluateFacts(*bytes, session.stop)
                                           : session.engine.evaluateFrames(*bytes, session.stop));
    if (!audited.run) {
        base::Error error = audited.failure.error;
        if (error.what.isEmpty())
            error.what = path;
        return complain(error, a.json);
    }
    const QByteArray answer = a.json
        ? answersJson({answerOf(audited)}, audited.status)
        : auditText(audited.run->audit, engine::catalogue(), a.output.isEmpty() && wantsColour(1))
              .toUtf8();
    return worst(std::array{audited.status, deliver(session, answer)});
}

ExitStatus reportCommand(const Session &session)
{
    const Arguments &a = session.arguments;
    if (auto free = checkOutput(a.output, a.force); !free)
        return complain(free.error(), a.json);
    base::Result<engine::AuditRun> run = runForReport(session);
    if (run) {
        if (auto left = engine::restrictTo(run->audit, a.deployment); !left)
            run = base::fail(left);
    }
    if (!run)
        return complain(run.error(), a.json);
    const report::Subject subject{run->audit, engine::catalogue()};
    const base::Result<QByteArray> bytes = a.format == "pdf"_L1
        ? report::pdf(subject, {})
        : base::Result<QByteArray>(report::auditJson(subject));
    if (!bytes)
        return complain(bytes.error(), a.json);
    if (auto written = writeOutput(a.output, *bytes, a.force); !written)
        return complain(written.error(), a.json);
    if (a.json && a.output != "-"_L1)
        static_cast<void>(writeOutput(u"-"_s,
                                      jsonBytes({{u"schema"_s, u"flowkeep.reported/1"_s},
                                                 {u"audit"_s, run->audit.id},
                                                 {u"format"_s, a.format},
                                                 {u"file"_s, a.output}}),
                                      false));
    return Done;
}

} // namespace cli
