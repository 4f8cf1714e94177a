#pragma once

#include "app/cli/arguments.h"

#include <span>

namespace cli {

/// Which commands take an option; a bit each.
enum CommandBit : unsigned {
    InAudit = 1,
    InCollect = 2,
    InCollector = 4,
    InEvaluate = 8,
    InChecks = 16,
    InReport = 32,
    InDemo = 64,
    Everywhere = 127,
};

enum class OptionGroup { General, Judging, Files, Connection, Probing };

struct Option
{
    const char *name; ///< with its dashes
    const char *alias; ///< or nullptr
    const char *value; ///< name of the value in help; nullptr for a switch
    const char *help;
    OptionGroup group;
    unsigned commands;
    /// False for a value that cannot be used; switches get an empty one.
    bool (*set)(Arguments &arguments, const QString &value);
    const char *wanted = nullptr; ///< what a value has to be, for the error
};

struct CommandRow
{
    const char *name;
    Command command;
    unsigned bit;
    const char *usage; ///< after the name
    const char *summary; ///< one line
    const char *details; ///< for its own help
    int least; ///< number of words
    int most;
};

std::span<const Option> optionTable();
std::span<const CommandRow> commandTable();
const CommandRow *findCommand(QStringView name);

/// Commands of later versions: told apart from words that mean nothing.
bool isLaterCommand(QStringView name);

} // namespace cli
