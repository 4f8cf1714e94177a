#include "core/checks/all.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/govalues.h"
#include "core/checks/support/setting.h"

namespace checks {

using namespace Qt::StringLiterals;
using model::arg;
using model::say;
using model::Verdict;

namespace {

constexpr const char *closedKey = "GOTRUE_DISABLE_SIGNUP";
constexpr const char *hookKey = "GOTRUE_HOOK_BEFORE_USER_CREATED_ENABLED";
constexpr const char *hookAddressKey = "GOTRUE_HOOK_BEFORE_USER_CREATED_URI";

model::CheckInfo info()
{
    return {
        .id = u"AUTH-10"_s,
        .area = model::Area::Authentication,
        .severity = model::Severity::High,
        .title = QT_TRANSLATE_NOOP("Check", "Strangers cannot register"),
        .why = QT_TRANSLATE_NOOP("Check",
                                 "AppFlowy ships with open registration: anyone who reaches the "
                                 "page makes an account, and from "
                                 "there every weakness for signed-in users is theirs."),
        .advice = QT_TRANSLATE_NOOP(
            "Check",
            "Create the accounts that are needed, then close registration in .env and recreate "
            "gotrue. "
            "A first sign-in through SAML or another provider needs it open for that moment.\n\n"
            "    GOTRUE_DISABLE_SIGNUP=true\n\n"
            "    docker compose up -d --no-deps --no-build --pull never --wait gotrue"),
        .guideLines = {},
        .needs = {u"containers"_s, u"gotrue-settings"_s},
        .controls = {.soc2 = {u"CC6.1"_s, u"CC6.2"_s},
                     .iso27001 = {u"A.5.16"_s, u"A.5.15"_s},
                     .hipaa = {u"164.312(a)(1)"_s, u"164.312(d)"_s},
                     .gdpr = {u"Art. 32(1)(b)"_s, u"Art. 25(2)"_s}},
        .references = {{u"AppFlowy-Cloud, deploy.env"_s,
                        u"https://github.com/AppFlowy-IO/AppFlowy-Cloud/blob/main/deploy.env"_s,
                        u"2026-11-24"_s},
                       {u"supabase/auth, settings endpoint"_s,
                        u"https://github.com/supabase/auth/blob/master/internal/api/settings.go"_s,
                        u"2026-11-24"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

/// Whether some running container of the deployment was told to use the invitation list.
bool listInEnvironment(const facts::Deployment &deployment)
{
    for (const facts::Container &container : *deployment.containers) {
        for (const char *key : {"SIGNUP_WHITELIST_ENABLED", "APPFLOWY_SIGNUP_WHITELIST_ENABLED"}) {
            const facts::EnvEntry *entry = find(container.env, key);
            if (container.isRunning() && entry && entry->value.text
                && goBool(entry->value.text->trimmed()) == true)
                return true;
        }
    }
    return false;
}

std::optional<bool> flagOf(const Setting &setting)
{
    return setting.inProcess && setting.inProcess->value.text
        ? goBool(*setting.inProcess->value.text)
        : std::nullopt;
}

/// What became of a flag, with the server's own answer, where there is one.
Obeyed obeyedBy(const Setting &setting, std::optional<bool> answered)
{
    const std::optional<bool> flag = flagOf(setting);
    if (!flag)
        return Obeyed::Unreadable;
    return answered && *answered != *flag ? Obeyed::Contradicted : Obeyed::Yes;
}

/// The list is on. It acts through a hook of the sign-in server that older builds do not have.
Evaluation judgeList(const Context &context, const facts::Container &container, const Setting &hook)
{
    const facts::Fact<facts::GotrueSchema> &schema = context.deployment->gotrueSchema;
    if (hook.read == false) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "The invitation list is on, but this gotrue is too old to ask "
                                  "it: no effect")));
    }
    if (!schema)
        return unreadable(schema);
    // A hook that is on without an address is asked nothing.
    const facts::EnvEntry *address = find(container.env, hookAddressKey);
    const bool addressed = address && !address->value.isEmpty();
    if (flagOf(hook) != true || !addressed) {
        const QByteArray missing = flagOf(hook) != true ? hook.key : QByteArray(hookAddressKey);
        return answer(
            Verdict::Warn,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "The invitation list is on, but %1 is not set in gotrue, which "
                                  "would ask it"),
                {arg(missing)}));
    }
    if (!hook.read) {
        return answer(
            Verdict::Warn,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "The invitation list is on and %1 is delivered, but not known "
                                  "to be read by this gotrue"),
                {arg(hook.key)}));
    }
    return answer(
        Verdict::Pass,
        say(QT_TRANSLATE_NOOP("Sentence", "Only addresses on the invitation list register")));
}

/// Registration is open. Only an invitation list could still keep strangers out.
Evaluation judgeOpen(const Context &context, const facts::Container &container, const Setting &hook)
{
    const facts::Deployment &deployment = *context.deployment;
    const facts::Fact<facts::SignupWhitelist> &list = deployment.signupWhitelist;
    if (!list)
        return unreadable(list);
    if (list->enabled == true)
        return judgeList(context, container, hook);
    if (list->tableFound && !list->enabled) {
        return answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "Registration is open, and the switch of the invitation list "
                                  "was not found: look in the admin console")));
    }
    if (!list->tableFound && listInEnvironment(deployment)) {
        return answer(
            Verdict::Warn,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "SIGNUP_WHITELIST_ENABLED is delivered, but not known to be "
                                  "read: try to register with a foreign address")));
    }
    return answer(Verdict::Fail,
                  say(QT_TRANSLATE_NOOP("Sentence", "Anyone who reaches the server can register")));
}

QByteArray listExcerpt(const facts::SignupWhitelist &list)
{
    if (!list.tableFound)
        return "no settings table";
    if (!list.enabled)
        return "settings table without the switch";
    return *list.enabled ? "invitation list on" : "invitation list off";
}

/// The answer says closed. It is that of one sign-in server: each other must have been told so.
Evaluation judgeClosed(const Context &context,
                       const std::vector<const facts::Container *> &containers)
{
    for (const facts::Container *container : containers) {
        const Setting closed = followGotrue(context, container, closedKey);
        if (containers.size() > 1 && flagOf(closed) != true) {
            return answer(Verdict::Unknown,
                          say(QT_TRANSLATE_NOOP("Sentence",
                                                "One of %n sign-in servers was asked, and %1 is "
                                                "not told to refuse registration"),
                              {arg(container->name)}, static_cast<int>(containers.size())));
        }
    }
    Evaluation out
        = answer(Verdict::Pass, say(QT_TRANSLATE_NOOP("Sentence", "gotrue refuses registration")));
    out.reachChain = reachChain(context, followGotrue(context, containers.front(), closedKey),
                                Obeyed::Yes, context.deployment->gotrueSettings.source().section);
    return out;
}

/// The answer says open.
Evaluation judgeOpenServers(const Context &context,
                            const std::vector<const facts::Container *> &containers)
{
    const facts::Fact<facts::SignupWhitelist> &list = context.deployment->signupWhitelist;
    Evaluation out = worstOf(containers, [&](const facts::Container *container) {
        return worstOf(followAll(context, *container, hookKey), [&](const Setting &hook) {
            Evaluation one = judgeOpen(context, *container, hook);
            const Setting closed = followGotrue(context, container, closedKey);
            one.reachChain = list && list->enabled == true
                ? reachChain(context, hook, obeyedBy(hook, std::nullopt))
                : reachChain(context, closed, obeyedBy(closed, false));
            return one;
        });
    });
    if (list)
        out.evidence.push_back(evidence(list, listExcerpt(*list)));
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
    const facts::Fact<facts::GotrueSettings> &settings = deployment.gotrueSettings;
    if (!settings)
        return unreadable(settings);

    Evaluation out;
    if (!settings->disableSignup) {
        out = answer(Verdict::Unknown,
                     say(QT_TRANSLATE_NOOP("Sentence",
                                           "gotrue answers its settings without saying whether "
                                           "registration is open")));
    } else if (*settings->disableSignup) {
        out = judgeClosed(context, containers);
    } else {
        out = judgeOpenServers(context, containers);
    }
    if (!out.reachChain.empty())
        out.reach = reachOf(out.reachChain);
    out.expected = say(
        QT_TRANSLATE_NOOP("Sentence", "Registration closed, or open to an invitation list only"));
    if (settings->disableSignup) {
        const QByteArray seen = *settings->disableSignup ? "true" : "false";
        out.actual = asWritten("disable_signup: " + seen);
        out.evidence.push_back(evidence(settings, "disable_signup: " + seen));
    }
    const Setting closed = followGotrue(context, containers.front(), closedKey);
    for (model::Evidence &each : settingEvidence(context, closed))
        out.evidence.push_back(std::move(each));
    return out;
}

} // namespace

Check registrationRestricted()
{
    return {info(), evaluate};
}

} // namespace checks
