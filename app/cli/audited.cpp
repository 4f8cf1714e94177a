#include "app/cli/audited.h"

#include "app/cli/attempt.h"
#include "app/cli/files.h"
#include "core/base/file.h"
#include "core/engine/judging.h"
#include "core/engine/messages.h"
#include "core/report/report.h"

#include <QJsonArray>

#include <algorithm>
#include <atomic>
#include <thread>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

Audited failed(Audited audited, const base::Error &error)
{
    audited.failure.error = error;
    audited.status = statusOf(error);
    return audited;
}

QJsonObject hostKeyObject(const engine::Failure &failure)
{
    if (!failure.hostKey)
        return {};
    return {{u"type"_s, failure.hostKey->type},
            {u"fingerprint"_s, failure.hostKey->fingerprint},
            {u"known"_s, QJsonArray::fromStringList(failure.hostKey->known)},
            {u"file"_s, failure.hostKey->file},
            {u"onlyAuthority"_s, failure.hostKey->onlyAuthority}};
}

} // namespace

Audited judgedRun(const Session &session, Audited audited, base::Result<engine::AuditRun> run)
{
    if (!run)
        return failed(std::move(audited), run.error());
    if (auto left = engine::restrictTo(run->audit, session.arguments.deployment); !left)
        return failed(std::move(audited), left.error());
    audited.status = statusOf(run->audit, session.arguments.gate);
    audited.run = std::move(*run);
    return audited;
}

Audited
auditOne(const Session &session, const QString &target, const engine::Credentials &credentials)
{
    Audited audited;
    audited.target = target;
    if (target == "demo"_L1)
        return judgedRun(session, std::move(audited), session.engine.demo());
    base::Result<engine::AuditRequest> request = requestFor(session, target, credentials);
    if (!request)
        return failed(std::move(audited), request.error());
    audited.server = request->server;
    engine::AuditOutcome outcome = attempt(session, std::move(*request));
    if (!outcome.run) {
        audited = failed(std::move(audited), outcome.failure.error);
        audited.failure = std::move(outcome.failure);
        return audited;
    }
    return judgedRun(session, std::move(audited), std::move(*outcome.run));
}

std::vector<Audited>
auditAll(const Session &session, const QStringList &targets, const engine::Credentials &credentials)
{
    std::vector<Audited> all(static_cast<std::size_t>(targets.size()));
    std::atomic<qsizetype> next = 0;
    const auto work = [&] {
        for (qsizetype i = next++; i < targets.size(); i = next++)
            all[static_cast<std::size_t>(i)] = auditOne(session, targets.at(i), credentials);
    };
    std::vector<std::jthread> workers;
    const auto count = std::min<qsizetype>(session.arguments.parallel, targets.size());
    for (qsizetype i = 1; i < count; ++i)
        workers.emplace_back(work);
    work();
    workers.clear();
    return all;
}

TargetAnswer answerOf(const Audited &audited)
{
    TargetAnswer answer{
        audited.target, audited.status, {}, audited.failure.error, hostKeyObject(audited.failure)};
    if (audited.run)
        answer.auditJson = report::auditJson({audited.run->audit, engine::catalogue()});
    return answer;
}

ExitStatus refuse(const Session &session, const Audited &audited)
{
    tellFailure(session, audited);
    if (session.arguments.json)
        static_cast<void>(
            writeOutput(u"-"_s, answersJson({answerOf(audited)}, audited.status), false));
    return audited.status;
}

void tellFailure(const Session &session, const Audited &audited)
{
    complainLine(audited.failure.error);
    if (!audited.failure.hostKey || session.arguments.json)
        return;
    const engine::HostKeyOffer &offer = *audited.failure.hostKey;
    session.terminal.note(u"  offered: "_s + offer.type + u' ' + offer.fingerprint);
    for (const QString &known : offer.known)
        session.terminal.note(u"  on file: "_s + known + u" ("_s + offer.file + u')');
    if (offer.onlyAuthority)
        session.terminal.note(u"  "_s + QString::fromUtf8(engine::onlyAuthorityNote));
}

} // namespace cli
