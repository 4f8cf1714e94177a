#include "app/cli/attempt.h"
#include "app/cli/audited.h"
#include "app/cli/files.h"
#include "app/cli/texttable.h"

#include <algorithm>
#include <array>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

/// Keeps the audit with the saved server, saving the server where it is new.
base::Result<void> save(const Session &session, const Audited &audited)
{
    if (audited.target == "demo"_L1)
        return base::fail(base::ErrorKind::BadInput, base::Stage::File,
                          u"--save for the demo server"_s);
    model::Server server = audited.server;
    if (server.id.isEmpty()) {
        const auto servers = session.engine.servers().result();
        if (!servers)
            return base::fail(servers);
        const auto same = std::ranges::find_if(*servers, [&](const model::Server &s) {
            return s.host == server.host && s.port == server.port && s.user == server.user;
        });
        if (same != servers->end()) {
            server = *same;
        } else {
            // Without a terminal the next audit must not fail for what this one did without.
            if (audited.run->audit.privilege == model::Privilege::User)
                server.sudo = model::SudoMethod::None;
            const auto saved = session.engine.saveServer(server).result();
            if (!saved)
                return base::fail(saved);
            server = *saved;
        }
    }
    return session.engine.saveAudit(server.id, *audited.run).result();
}

} // namespace

ExitStatus auditCommand(const Session &session, const QStringList &targets)
{
    const Arguments &a = session.arguments;
    if (auto free = checkOutput(a.output, a.force); !free)
        return complain(free.error(), a.json);
    const base::Result<engine::Credentials> credentials = readCredentials(session);
    if (!credentials)
        return complain(credentials.error(), a.json);

    std::vector<Audited> all = auditAll(session, targets, *credentials);
    const bool colour = a.output.isEmpty() && wantsColour(1);
    std::vector<TargetAnswer> answers;
    std::vector<ExitStatus> statuses;
    QStringList texts;
    for (Audited &audited : all) {
        if (!audited.run) {
            tellFailure(session, audited);
        } else if (a.save) {
            if (const auto saved = save(session, audited); !saved) {
                complainLine(saved.error());
                audited.status = worst(std::array{audited.status, statusOf(saved.error())});
            }
        }
        statuses.push_back(audited.status);
        if (a.json)
            answers.push_back(answerOf(audited));
        else if (audited.run)
            texts += auditText(audited.run->audit, engine::catalogue(), colour);
    }

    const ExitStatus overall = worst(statuses);
    const QByteArray bytes = a.json ? answersJson(answers, overall) : texts.join(u'\n').toUtf8();
    if (bytes.isEmpty())
        return overall;
    return worst(std::array{overall, deliver(session, bytes)});
}

} // namespace cli
