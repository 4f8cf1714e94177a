#include "app/cli/files.h"
#include "app/cli/jsonoutput.h"
#include "app/cli/session.h"
#include "app/cli/texttable.h"
#include "core/base/file.h"
#include "core/engine/messages.h"

#include <unistd.h>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

ExitStatus collectorCommand(const Session &session)
{
    const QByteArray script = engine::collectorScript();
    if (!session.arguments.json)
        return deliver(session, script);
    return deliver(session,
                   jsonBytes({{u"schema"_s, u"flowkeep.collector/1"_s},
                              {u"script"_s, QString::fromUtf8(script)}}));
}

ExitStatus checksCommand(const Session &session)
{
    const auto checks = engine::catalogue();
    return deliver(session,
                   session.arguments.json ? checksJson(checks) : checksText(checks).toUtf8());
}

} // namespace

void complainLine(const base::Error &error)
{
    const QByteArray line = "flowkeep-cli: " + engine::oneLine(error).toUtf8() + '\n';
    base::writeAll(STDERR_FILENO, line);
}

ExitStatus complain(const base::Error &error, bool json)
{
    const ExitStatus status = statusOf(error);
    complainLine(error);
    if (json)
        base::writeAll(STDOUT_FILENO, errorJson(error, status));
    return status;
}

ExitStatus deliver(const Session &session, const QByteArray &bytes)
{
    const Arguments &a = session.arguments;
    const auto written = writeOutput(a.output.isEmpty() ? u"-"_s : a.output, bytes, a.force);
    const bool toFile = !a.output.isEmpty() && a.output != "-"_L1;
    return written ? Done : complain(written.error(), a.json && toFile);
}

ExitStatus runCommand(const Session &session)
{
    switch (session.arguments.command) {
    case Command::Audit:
        return auditCommand(session, session.arguments.words);
    case Command::Demo:
        return auditCommand(session, {u"demo"_s});
    case Command::Collect:
        return collectCommand(session);
    case Command::Collector:
        return collectorCommand(session);
    case Command::Evaluate:
        return evaluateCommand(session);
    case Command::Checks:
        return checksCommand(session);
    case Command::Report:
        return reportCommand(session);
    case Command::Help:
        return deliver(session, helpText(session.arguments.helpFor).toUtf8());
    case Command::Version:
        return deliver(session, "flowkeep-cli " FLOWKEEP_VERSION "\n");
    }
    return Usage;
}

} // namespace cli
