#include "core/checks/all.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/govalues.h"
#include "core/checks/support/setting.h"

#include <algorithm>
#include <limits>

namespace checks {

using namespace Qt::StringLiterals;
using model::arg;
using model::say;
using model::Verdict;

namespace {

constexpr int wanted = 12;
/// A first sign-in by mail makes a random password of 33 characters that must pass the same rule.
constexpr int highest = 33;
constexpr int builtIn = 6;

model::CheckInfo info()
{
    return {
        .id = u"AUTH-01"_s,
        .area = model::Area::Authentication,
        .severity = model::Severity::High,
        .title = QT_TRANSLATE_NOOP("Check", "Passwords have 12 characters or more"),
        .why = QT_TRANSLATE_NOOP(
            "Check",
            "Without a minimum the sign-in server takes passwords of 6 characters, which are "
            "guessed in "
            "minutes once a database copy leaks. Compose hands .env lines to a container only "
            "where its "
            "service lists them, and AppFlowy's compose file does not list this key."),
        .advice = QT_TRANSLATE_NOOP(
            "Check",
            "Write this into docker-compose.flowkeep.yml beside the compose file, and add that "
            "name to COMPOSE_FILE in .env:\n\n"
            "    services:\n"
            "      gotrue:\n"
            "        environment:\n"
            "          GOTRUE_PASSWORD_MIN_LENGTH: \"12\"\n\n"
            "Then recreate gotrue:\n\n"
            "    docker compose up -d --no-deps --no-build --pull never --wait gotrue"),
        .guideLines = {74, 75, 76},
        .needs = {u"containers"_s, u"password-probe"_s},
        .controls = {.soc2 = {u"CC6.1"_s},
                     .iso27001 = {u"A.5.17"_s, u"A.8.5"_s},
                     .hipaa = {u"164.308(a)(5)(ii)(D)"_s, u"164.312(d)"_s},
                     .gdpr = {u"Art. 32(1)(b)"_s}},
        .references
        = {{u"supabase/auth, password configuration"_s,
            u"https://github.com/supabase/auth/blob/master/internal/conf/configuration.go"_s,
            u"2026-11-24"_s},
           {u"NIST SP 800-63B-4, passwords"_s, u"https://pages.nist.gov/800-63-4/sp800-63b.html"_s,
            u"2026-11-24"_s},
           {u"Compose, interpolation of variables"_s,
            u"https://docs.docker.com/compose/how-tos/environment-variables/"
            "variable-interpolation/"_s,
            u"2026-11-25"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

QByteArray probeExcerpt(const facts::PasswordProbe &probe)
{
    QByteArray out = "HTTP " + QByteArray::number(probe.httpStatus);
    if (!probe.errorCode.isEmpty())
        out += " " + probe.errorCode;
    if (probe.minimumLength)
        out += ", minimum " + QByteArray::number(*probe.minimumLength);
    return out;
}

/// What the answer itself says of the minimum: the number, or 0 where one blank was good enough.
std::optional<int> minimumSeen(const facts::Fact<facts::PasswordProbe> &probe)
{
    using Outcome = facts::PasswordProbe::Outcome;
    if (!probe)
        return std::nullopt;
    if (probe->outcome == Outcome::Accepted)
        return 0;
    return probe->outcome == Outcome::WeakPassword ? probe->minimumLength : std::nullopt;
}

/// The minimum that the container's environment asks for; nullopt where the text is no number.
std::optional<int> minimumSet(const Setting &setting)
{
    const std::optional<QByteArray> &text = setting.inProcess->value.text;
    const std::optional<qint64> value = text ? goInt(*text) : std::nullopt;
    if (!value)
        return std::nullopt;
    constexpr qint64 limit = std::numeric_limits<int>::max();
    return static_cast<int>(std::clamp<qint64>(*value, builtIn, limit));
}

Evaluation byNumber(int minimum)
{
    if (minimum < wanted) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence", "gotrue takes passwords of %n character(s)"), {},
                minimum));
    }
    if (minimum > highest) {
        return answer(
            Verdict::Warn,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "gotrue asks for %n character(s), but a first sign-in by "
                                  "mail makes a password of 33 and then fails"),
                {}, minimum));
    }
    return answer(
        Verdict::Pass,
        say(QT_TRANSLATE_NOOP("Sentence", "gotrue asks for %n character(s) or more"), {}, minimum));
}

/// The setting never reached the process.
Evaluation notDelivered(const Setting &setting)
{
    if (setting.inCompose) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "%1 is written in the compose files, but the gotrue "
                                  "container runs without it: no effect until it is recreated"),
                {arg(setting.key)}));
    }
    if (setting.inFile) {
        return answer(Verdict::Fail,
                      say(QT_TRANSLATE_NOOP("Sentence",
                                            "%1 is written in .env but not delivered to the gotrue "
                                            "container: no effect"),
                          {arg(setting.key)}));
    }
    return answer(
        Verdict::Fail,
        say(QT_TRANSLATE_NOOP("Sentence", "No minimum is set: gotrue takes 6 characters")));
}

/// `alone`: no other sign-in server runs, so that the answer is this one's.
Evaluation judged(const Context &context, const Setting &setting, bool alone)
{
    const facts::Fact<facts::PasswordProbe> &probe = context.deployment->passwordProbe;
    const std::optional<int> seen = minimumSeen(probe);
    if (seen == 0) {
        return answer(Verdict::Fail,
                      say(QT_TRANSLATE_NOOP("Sentence", "gotrue took one blank as a password")));
    }
    if (!setting.inProcess && (!alone || seen.value_or(0) < wanted))
        return notDelivered(setting);
    if (seen && (alone || *seen < wanted))
        return byNumber(*seen);
    if (const std::optional<Evaluation> lost = notHonoured(setting))
        return *lost;
    const std::optional<int> set = minimumSet(setting);
    if (!set) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "The value of %1 is no number that gotrue reads: no effect"),
                {arg(setting.key)}));
    }
    // Only the answer could contradict the environment, so a pass needs it to have been asked for.
    if (*set >= wanted && !probe)
        return unreadable(probe);
    return byNumber(*set);
}

/// What became of the value, where it was delivered.
Obeyed obeyedBy(const Setting &setting, std::optional<int> seen)
{
    const std::optional<int> set = setting.inProcess ? minimumSet(setting) : std::nullopt;
    if (!set)
        return Obeyed::Unreadable;
    return seen && *seen < *set ? Obeyed::Contradicted : Obeyed::Yes;
}

Evaluation evaluateSetting(const Context &context, const Setting &setting, bool alone)
{
    const facts::Fact<facts::PasswordProbe> &probe = context.deployment->passwordProbe;
    Evaluation out = judged(context, setting, alone);
    const std::optional<int> seen = minimumSeen(probe);
    const bool proven = alone && seen && out.verdict != Verdict::Fail;
    out.reachChain = reachChain(context, setting, obeyedBy(setting, seen),
                                proven ? probe.source().section : QString());
    out.reach = reachOf(out.reachChain);
    out.expected
        = say(QT_TRANSLATE_NOOP("Sentence", "12 to 33 characters, in the gotrue container"));
    out.actual = setting.inProcess
        ? asWritten(describe(*setting.inProcess))
        : say(QT_TRANSLATE_NOOP("Sentence", "no %1 in gotrue"), {arg(setting.key)});
    for (model::Evidence &each : settingEvidence(context, setting))
        out.evidence.push_back(std::move(each));
    if (probe)
        out.evidence.push_back(evidence(probe, probeExcerpt(*probe)));
    return out;
}

Evaluation evaluate(const Context &context)
{
    const facts::Deployment &deployment = *context.deployment;
    if (!deployment.containers)
        return unreadable(deployment.containers);
    const std::vector<const facts::Container *> containers = signInServers(deployment);
    if (containers.empty())
        return notRunning(deployment, "gotrue");
    std::vector<Setting> settings;
    for (const facts::Container *container : containers) {
        for (Setting &each : followAll(context, *container, "GOTRUE_PASSWORD_MIN_LENGTH"))
            settings.push_back(std::move(each));
    }
    const bool alone = containers.size() == 1;
    return worstOf(settings,
                   [&](const Setting &each) { return evaluateSetting(context, each, alone); });
}

} // namespace

Check passwordLength()
{
    return {info(), evaluate};
}

} // namespace checks
