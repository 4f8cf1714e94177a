#include "core/transport/privilege.h"

#include "core/base/untrustedtext.h"
#include "core/transport/random.h"
#include "core/transport/shell.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace transport {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Stage;

namespace {

using Way = PrivilegeMemory::Way;

bool saysAny(const QByteArray &text, std::initializer_list<QByteArrayView> phrases)
{
    return std::any_of(phrases.begin(), phrases.end(),
                       [&](QByteArrayView phrase) { return text.contains(phrase); });
}

struct Run
{
    Session &session;
    const PrivilegeOptions &options;
    PrivilegeMemory &memory;
    const QByteArray &script;
    const OutputSink &sink;
    const Waiter &waiter;
};

QString said(const ShellOutcome &outcome)
{
    const QByteArray &text = outcome.errors.trimmed().isEmpty() ? outcome.noise : outcome.errors;
    return base::UntrustedText(text.trimmed()).display(300);
}

base::Error sudoError(ErrorKind kind, const QString &what, const ShellOutcome &outcome)
{
    return {kind, Stage::Sudo, what, said(outcome)};
}

ScriptResult scriptResult(RanAs as, ShellOutcome &outcome)
{
    return {as, outcome.exitStatus, std::move(outcome.errors)};
}

base::Result<ScriptResult> runPlain(const Run &run, RanAs as)
{
    const ShellStart start{"sh -s", newNonce(), {}, nullptr};
    auto outcome = runShell(run.session, start, run.script, run.sink, Stage::Shell, run.waiter);
    if (!outcome)
        return base::fail(outcome);
    if (!outcome->started)
        return base::fail(ErrorKind::RemoteShell, Stage::Shell, run.options.user, said(*outcome));
    if (as == RanAs::User && run.options.runAs == RunAs::RootOrUser)
        run.memory.way = Way::User;
    return scriptResult(as, *outcome);
}

/// sudo is not to be had: an ordinary user's shell where that will do.
base::Result<ScriptResult> withoutSudo(const Run &run, base::Error error)
{
    if (run.options.runAs == RunAs::Root)
        return base::fail(std::move(error));
    return runPlain(run, RanAs::User);
}

base::Result<ScriptResult> refused(const Run &run, Refusal refusal, const ShellOutcome &outcome)
{
    switch (refusal) {
    case Refusal::NoShell:
        return base::fail(ErrorKind::RemoteShell, Stage::Shell, run.options.user, said(outcome));
    case Refusal::Missing:
        return withoutSudo(run, sudoError(ErrorKind::SudoUnsupported, u"sudo"_s, outcome));
    case Refusal::NeedsTerminal:
        return withoutSudo(run, sudoError(ErrorKind::SudoUnsupported, u"requiretty"_s, outcome));
    case Refusal::PasswordNeeded:
        return withoutSudo(run,
                           sudoError(ErrorKind::SudoPasswordNeeded, run.options.user, outcome));
    case Refusal::NotAllowed:
    case Refusal::Unclear:
        break;
    }
    return withoutSudo(run, sudoError(ErrorKind::SudoRefused, run.options.user, outcome));
}

base::Result<ScriptResult> runWithPassword(const Run &run)
{
    if (run.memory.passwordRefused)
        return base::fail(ErrorKind::SudoPasswordWrong, Stage::Sudo, run.options.user);
    const QByteArray ready = newNonce();
    const QByteArray prompt = newNonce();
    // The quotes of the inner command are the only ones; the prompt is a plain hex word.
    const ShellStart start{"sudo -k -S -p " + prompt + " sh -c 'echo " + ready + "; exec sh -s'",
                           ready, prompt, &run.options.password};
    auto outcome = runShell(run.session, start, run.script, run.sink, Stage::Sudo, run.waiter);
    if (!outcome)
        return base::fail(outcome);
    outcome->errors.replace(prompt, {});
    if (outcome->started) {
        run.memory.way = Way::SudoWithPassword;
        return scriptResult(RanAs::Sudo, *outcome);
    }
    if (outcome->wrongPassword) {
        run.memory.passwordRefused = true;
        return base::fail(sudoError(ErrorKind::SudoPasswordWrong, run.options.user, *outcome));
    }
    if (outcome->foreignPrompt)
        return withoutSudo(
            run, sudoError(ErrorKind::SudoUnsupported, u"sudo asks in its own words"_s, *outcome));
    Refusal refusal = classifyRefusal(outcome->exitStatus, outcome->errors, outcome->noise);
    if (refusal == Refusal::PasswordNeeded)
        refusal = Refusal::Unclear; // it was given; asking for it again leads nowhere
    return refused(run, refusal, *outcome);
}

base::Result<ScriptResult> runWithoutPassword(const Run &run)
{
    const ShellStart start{"sudo -n sh -s", newNonce(), {}, nullptr};
    auto outcome = runShell(run.session, start, run.script, run.sink, Stage::Sudo, run.waiter);
    if (!outcome)
        return base::fail(outcome);
    if (outcome->started) {
        run.memory.way = Way::Sudo;
        return scriptResult(RanAs::Sudo, *outcome);
    }
    Refusal refusal = classifyRefusal(outcome->exitStatus, outcome->errors, outcome->noise);
    if (refusal == Refusal::Unclear)
        refusal = Refusal::PasswordNeeded;
    if (refusal == Refusal::PasswordNeeded && !run.options.password.isEmpty())
        return runWithPassword(run);
    return refused(run, refusal, *outcome);
}

} // namespace

Refusal classifyRefusal(int exitStatus, const QByteArray &errors, const QByteArray &output)
{
    const QByteArray text = errors.toLower();
    if (saysAny(text, {"must have a tty", "a terminal is required", "no tty present"}))
        return Refusal::NeedsTerminal;
    if (saysAny(text, {"a password is required", "interactive authentication is required"}))
        return Refusal::PasswordNeeded;
    if (saysAny(text,
                {"not in the sudoers", "not allowed to", "may not run sudo", "i'm afraid i can't",
                 "no new privileges", "effective uid is not 0", "must be setuid"}))
        return Refusal::NotAllowed;
    if (exitStatus == 127
        || saysAny(text, {"command not found", "unknown command", "sudo: not found", "restricted"}))
        return Refusal::Missing;
    const QByteArray all = text + output.toLower();
    return all.contains("sudo") ? Refusal::Unclear : Refusal::NoShell;
}

base::Result<ScriptResult> runPrivileged(Session &session,
                                         const PrivilegeOptions &options,
                                         PrivilegeMemory &memory,
                                         const QByteArray &script,
                                         const OutputSink &sink,
                                         const Waiter &waiter)
{
    const Run run{session, options, memory, script, sink, waiter};
    if (options.user == u"root")
        return runPlain(run, RanAs::Root);
    // sudo writes a refusal to the server's log and may mail it: never asked where it is not
    // wanted.
    if (options.runAs == RunAs::User)
        return runPlain(run, RanAs::User);
    if (!options.password.fitsOneLine())
        return base::fail(ErrorKind::BadPassword, Stage::Sudo, options.user);
    switch (memory.way) {
    case Way::SudoWithPassword:
        return runWithPassword(run);
    case Way::User:
        if (options.runAs == RunAs::RootOrUser)
            return runPlain(run, RanAs::User);
        break;
    case Way::Sudo:
    case Way::Unknown:
        break;
    }
    return runWithoutPassword(run);
}

} // namespace transport
