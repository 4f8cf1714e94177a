#pragma once

#include "app/cli/exitstatus.h"
#include "app/cli/targetword.h"
#include "core/base/result.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace cli {

enum class Command { Help, Version, Audit, Collect, Collector, Evaluate, Checks, Report, Demo };

/// The command line as values. One struct for all commands; the table of options says which command
/// takes which.
struct Arguments
{
    Command command = Command::Help;
    QString helpFor; ///< command word for --help; empty for the overview

    QString configDirectory; ///< empty: the user's
    bool json = false;

    QStringList words; ///< targets, a facts file or an audit id
    Gate gate;
    QString deployment;
    QString profile;
    QString output;
    bool force = false;
    bool save = false;
    int parallel = 4;
    QString framesFile;
    QString factsFile;
    QString target; ///< of report
    QString format;

    QString identity;
    QString knownHosts;
    bool acceptNewHostKey = false;
    QString fingerprint;
    bool passwordFromStdin = false;
    bool sudoPasswordFromStdin = false;
    std::optional<int> connectTimeout; ///< seconds

    bool probe = true;
    QString publicName;
    std::vector<ResolveWord> resolve;
    QString caFile;
};

/// Without program name. Errors are BadInput or NotInThisVersion at stage parse.
base::Result<Arguments> parseArguments(const QStringList &words);

/// Whether errors go out as JSON too: --json stands anywhere before "--".
bool wantsJson(const QStringList &words);

/// The text of --help; `command` empty for the overview.
QString helpText(const QString &command);

} // namespace cli
