#include "app/cli/optiontable.h"

#include <algorithm>
#include <array>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

constexpr unsigned judges = InAudit | InEvaluate | InDemo;
constexpr unsigned connects = InAudit | InCollect | InReport;
constexpr unsigned writes = InAudit | InCollect | InEvaluate | InReport | InDemo;

bool setText(QString &field, const QString &value)
{
    field = value;
    return !value.isEmpty();
}

std::optional<int> number(const QString &text, int least, int most)
{
    bool ok = false;
    const int value = text.toInt(&ok);
    if (!ok || value < least || value > most)
        return {};
    return value;
}

bool setFailOn(Arguments &a, const QString &value)
{
    a.gate.failOn = model::severityFromWord(value);
    return a.gate.failOn.has_value();
}

bool setMinimumCoverage(Arguments &a, const QString &value)
{
    a.gate.minimumCoverage = number(value, 0, 100);
    return a.gate.minimumCoverage.has_value();
}

bool setParallel(Arguments &a, const QString &value)
{
    const std::optional<int> count = number(value, 1, 64);
    a.parallel = count.value_or(1);
    return count.has_value();
}

bool setConnectTimeout(Arguments &a, const QString &value)
{
    a.connectTimeout = number(value, 1, 600);
    return a.connectTimeout.has_value();
}

bool setFingerprint(Arguments &a, const QString &value)
{
    a.fingerprint = value;
    return value.startsWith("SHA256:"_L1) && value.size() >= 50 && value.size() <= 51;
}

bool setPublicName(Arguments &a, const QString &value)
{
    a.publicName = value;
    return isHostName(value);
}

bool addResolve(Arguments &a, const QString &value)
{
    const base::Result<ResolveWord> resolve = parseResolve(value);
    if (resolve)
        a.resolve.push_back(*resolve);
    return resolve.has_value();
}

bool setFormat(Arguments &a, const QString &value)
{
    a.format = value;
    return true; // known, later and unknown formats are told apart when all is read
}

bool setProfile(Arguments &a, const QString &value)
{
    a.profile = value;
    return value == "baseline"_L1;
}

constexpr auto options = std::to_array<Option>({
    {"--help", "-h", nullptr, "show this help and exit", OptionGroup::General, Everywhere,
     [](Arguments &, const QString &) { return true; }},
    {"--config-dir", nullptr, "DIR", "folder of saved servers, host keys and audits",
     OptionGroup::General, Everywhere,
     [](Arguments &a, const QString &v) { return setText(a.configDirectory, v); }},
    {"--json", nullptr, nullptr, "print JSON; errors are JSON too", OptionGroup::General,
     Everywhere, [](Arguments &a, const QString &) { return a.json = true; }},

    {"--fail-on", nullptr, "SEVERITY", "exit 1 on a fail of this severity or worse",
     OptionGroup::Judging, judges, setFailOn, "info, low, medium, high or critical"},
    {"--fail-on-warn", nullptr, nullptr, "let warnings count like fails", OptionGroup::Judging,
     judges, [](Arguments &a, const QString &) { return a.gate.warnsCount = true; }},
    {"--min-coverage", nullptr, "N", "exit 7 below this coverage in percent (50 with --fail-on)",
     OptionGroup::Judging, judges, setMinimumCoverage, "0 to 100"},
    {"--deployment", nullptr, "ID", "only this deployment and what concerns the host",
     OptionGroup::Judging, judges | InReport,
     [](Arguments &a, const QString &v) { return setText(a.deployment, v); }},
    {"--profile", nullptr, "P", "set of checks; this version has baseline", OptionGroup::Judging,
     judges, setProfile, "baseline"},
    {"--parallel", nullptr, "N", "servers at the same time (default 4)", OptionGroup::Judging,
     InAudit, setParallel, "1 to 64"},
    {"--save", nullptr, nullptr, "keep the audit in the history of a saved server",
     OptionGroup::Judging, InAudit, [](Arguments &a, const QString &) { return a.save = true; }},
    {"--frames", nullptr, "FILE", "evaluate the output of a collector run by hand",
     OptionGroup::Judging, InEvaluate,
     [](Arguments &a, const QString &v) { return setText(a.framesFile, v); }},
    {"--target", nullptr, "TARGET", "audit this server for the report", OptionGroup::Judging,
     InReport, [](Arguments &a, const QString &v) { return setText(a.target, v); }},
    {"--facts", nullptr, "FILE", "make the report from stored facts", OptionGroup::Judging,
     InReport, [](Arguments &a, const QString &v) { return setText(a.factsFile, v); }},

    {"--format", nullptr, "FORMAT", "pdf or json", OptionGroup::Files, InReport, setFormat},
    {"--output", "-o", "FILE", "write to FILE (mode 0600) instead of the standard output",
     OptionGroup::Files, writes,
     [](Arguments &a, const QString &v) { return setText(a.output, v); }},
    {"--force", nullptr, nullptr, "overwrite FILE where it exists", OptionGroup::Files, writes,
     [](Arguments &a, const QString &) { return a.force = true; }},

    {"--identity", nullptr, "FILE", "log in with this private key", OptionGroup::Connection,
     connects, [](Arguments &a, const QString &v) { return setText(a.identity, v); }},
    {"--known-hosts", nullptr, "FILE", "look for host keys here and in Flowkeep's own file only",
     OptionGroup::Connection, connects,
     [](Arguments &a, const QString &v) { return setText(a.knownHosts, v); }},
    {"--accept-new-host-key", nullptr, nullptr, "trust and remember the key of a new host",
     OptionGroup::Connection, connects,
     [](Arguments &a, const QString &) { return a.acceptNewHostKey = true; }},
    {"--host-key-fingerprint", nullptr, "SHA256:...", "trust and remember this key, no other",
     OptionGroup::Connection, connects, setFingerprint, "SHA256: and 43 characters"},
    {"--password-stdin", nullptr, nullptr, "read the login password from the standard input",
     OptionGroup::Connection, connects,
     [](Arguments &a, const QString &) { return a.passwordFromStdin = true; }},
    {"--sudo-password-stdin", nullptr, nullptr,
     "read the sudo password from it; with both, login is line 1, sudo line 2",
     OptionGroup::Connection, connects,
     [](Arguments &a, const QString &) { return a.sudoPasswordFromStdin = true; }},
    {"--connect-timeout", nullptr, "S", "seconds to wait for a connection (default 15)",
     OptionGroup::Connection, connects, setConnectTimeout, "1 to 600"},

    {"--public-name", nullptr, "NAME", "the name under which people reach the server",
     OptionGroup::Probing, connects, setPublicName, "a host name"},
    {"--resolve", nullptr, "NAME:PORT:ADDR", "probe NAME at this address; may be repeated",
     OptionGroup::Probing, connects, addResolve, "NAME:PORT:ADDR"},
    {"--tls-ca", nullptr, "FILE", "trust these certificate authorities as well (PEM)",
     OptionGroup::Probing, connects,
     [](Arguments &a, const QString &v) { return setText(a.caFile, v); }},
    {"--no-outside-probes", nullptr, nullptr, "do not look at the server from this computer",
     OptionGroup::Probing, connects,
     [](Arguments &a, const QString &) {
         a.probe = false;
         return true;
     }},
});

constexpr auto commands = std::to_array<CommandRow>({
    {"audit", Command::Audit, InAudit, "TARGET...",
     "connect, collect, evaluate; changes nothing there",
     "Connects once to each server, reads its settings as root where it may, looks at it from\n"
     "outside and judges every check.",
     1, 1000},
    {"collect", Command::Collect, InCollect, "TARGET -o FACTS.json",
     "store what an audit reads, redacted",
     "Writes the facts of an audit, without secrets, to a file that evaluate and report read.", 1,
     1},
    {"evaluate", Command::Evaluate, InEvaluate, "FACTS.json | --frames FILE", "judge stored facts",
     "Judges a file of collect with the checks of this version, or the output of the collector\n"
     "that somebody ran by hand and carried here.",
     0, 1},
    {"collector", Command::Collector, InCollector, "",
     "print the script an audit runs on the server",
     "Prints the collector. Run it as root (sh collector.sh > frames), carry the output here and\n"
     "give it to evaluate --frames.",
     0, 0},
    {"checks", Command::Checks, InChecks, "", "list the catalogue of checks",
     "Lists every check with its severity and area; with --json also why, advice, references.", 0,
     0},
    {"report", Command::Report, InReport,
     "(AUDIT-ID | --target TARGET | --facts FILE) --format pdf|json -o FILE", "write a report",
     "Writes a report of a saved audit, of a server audited now, or of stored facts.", 0, 1},
    {"demo", Command::Demo, InDemo, "", "same as audit demo, the built-in server",
     "Audits the built-in demo server. It needs no network.", 0, 0},
});

constexpr std::array laterCommands{"servers",      "host-keys", "guides",  "plan",  "apply",
                                   "transactions", "undo",      "recover", "waive", "attest",
                                   "verify",       "history",   "compare", "import"};

} // namespace

std::span<const Option> optionTable()
{
    return options;
}

std::span<const CommandRow> commandTable()
{
    return commands;
}

const CommandRow *findCommand(QStringView name)
{
    const auto row = std::ranges::find_if(
        commands, [&](const CommandRow &r) { return name == QLatin1StringView(r.name); });
    return row == commands.end() ? nullptr : &*row;
}

bool isLaterCommand(QStringView name)
{
    return std::ranges::any_of(laterCommands,
                               [&](const char *word) { return name == QLatin1StringView(word); });
}

} // namespace cli
