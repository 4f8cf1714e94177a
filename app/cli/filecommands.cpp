#include "app/cli/attempt.h"
#include "app/cli/audited.h"
#include "app/cli/files.h"
#include "app/cli/texttable.h"
#include "core/report/report.h"

#include <QFileInfo>

#include <array>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

using Judge = base::Result<engine::AuditRun> (engine::Engine::*)(const QByteArray &,
                                                                 const std::stop_token &) const;

/// The file's name stands for the target.
Audited fromFile(const Session &session, const QString &path, Judge judge)
{
    Audited audited;
    audited.target = path;
    const base::Result<QByteArray> bytes = readInput(path);
    audited = judgedRun(session, std::move(audited),
                        bytes ? (session.engine.*judge)(*bytes, session.stop)
                              : base::Result<engine::AuditRun>(base::fail(bytes)));
    if (audited.failure.error.what.isEmpty())
        audited.failure.error.what = path;
    return audited;
}

Audited fromHistory(const Session &session, const QString &id)
{
    base::Result<engine::AuditRun> run
        = base::fail(base::ErrorKind::UnknownName, base::Stage::File, id);
    if (QFileInfo::exists(session.configDirectory + u"/flowkeep.sqlite"_s))
        run = session.engine.loadAudit(id).result();
    return judgedRun(session, {}, std::move(run));
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
    if (!audited.run)
        return refuse(session, audited);
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
    const Audited audited = a.framesFile.isEmpty()
        ? fromFile(session, a.words.first(), &engine::Engine::evaluateFacts)
        : fromFile(session, a.framesFile, &engine::Engine::evaluateFrames);
    if (!audited.run)
        return complain(audited.failure.error, a.json);
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
    Audited audited;
    if (!a.target.isEmpty()) {
        const base::Result<engine::Credentials> credentials = readCredentials(session);
        if (!credentials)
            return complain(credentials.error(), a.json);
        audited = auditOne(session, a.target, *credentials);
        if (!audited.run)
            return refuse(session, audited);
    } else {
        audited = a.factsFile.isEmpty()
            ? fromHistory(session, a.words.first())
            : fromFile(session, a.factsFile, &engine::Engine::evaluateFacts);
        if (!audited.run)
            return complain(audited.failure.error, a.json);
    }
    const report::Subject subject{audited.run->audit, engine::catalogue()};
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
                                                 {u"audit"_s, audited.run->audit.id},
                                                 {u"format"_s, a.format},
                                                 {u"file"_s, a.output}}),
                                      false));
    return Done;
}

} // namespace cli
