#pragma once

#include "app/cli/arguments.h"
#include "app/cli/terminal.h"
#include "core/engine/engine.h"

#include <stop_token>

namespace cli {

/// What every command works with.
struct Session
{
    const Arguments &arguments;
    engine::Engine &engine;
    Terminal &terminal;
    std::stop_token stop;
    QString configDirectory;
};

/// One line on standard error, and flowkeep.error/1 on standard output with --json.
ExitStatus complain(const base::Error &error, bool json);
/// Only the line.
void complainLine(const base::Error &error);
/// To --output, or to standard output.
ExitStatus deliver(const Session &session, const QByteArray &bytes);

ExitStatus runCommand(const Session &session);

ExitStatus auditCommand(const Session &session, const QStringList &targets);
ExitStatus collectCommand(const Session &session);
ExitStatus evaluateCommand(const Session &session);
ExitStatus reportCommand(const Session &session);

} // namespace cli
