#include "core/checks/all.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/setting.h"

#include <algorithm>

namespace checks {

using namespace Qt::StringLiterals;
using facts::LengthBucket;
using model::arg;
using model::say;
using model::Verdict;

namespace {

constexpr const char *signerKey = "GOTRUE_JWT_SECRET";
constexpr const char *verifierKey = "APPFLOWY_GOTRUE_JWT_SECRET";

model::CheckInfo info()
{
    return {
        .id = u"AUTH-04"_s,
        .area = model::Area::Authentication,
        .severity = model::Severity::Critical,
        .title = QT_TRANSLATE_NOOP("Check", "The token secret is strong and the same everywhere"),
        .why = QT_TRANSLATE_NOOP("Check",
                                 "Every access token is signed with one shared secret. Whoever "
                                 "knows or guesses it makes tokens "
                                 "for any account, administrators included, without signing in. "
                                 "AppFlowy ships with a value that "
                                 "everybody can read."),
        .advice = QT_TRANSLATE_NOOP(
            "Check",
            "Make a new secret, write it behind GOTRUE_JWT_SECRET= in .env, and recreate all four "
            "services at once. "
            "Everybody signs in again; stored LDAP bind passwords must be entered again.\n\n"
            "    openssl rand -base64 48\n\n"
            "    docker compose up -d --no-deps --no-build --pull never --wait gotrue "
            "appflowy_cloud ai appflowy_search"),
        .guideLines = {},
        .needs = {u"containers"_s},
        .controls = {.soc2 = {u"CC6.1"_s},
                     .iso27001 = {u"A.5.17"_s, u"A.8.9"_s, u"A.8.24"_s},
                     .hipaa = {u"164.308(a)(5)(ii)(D)"_s, u"164.312(d)"_s},
                     .gdpr = {u"Art. 32(1)(b)"_s}},
        .references = {{u"RFC 7518, 3.2: HMAC keys are as long as the hash"_s,
                        u"https://www.rfc-editor.org/rfc/rfc7518#section-3.2"_s, u"2026-11-24"_s},
                       {u"AppFlowy-Cloud, deploy.env"_s,
                        u"https://github.com/AppFlowy-IO/AppFlowy-Cloud/blob/main/deploy.env"_s,
                        u"2026-11-24"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

/// One copy of the secret, and who holds it.
struct Copy
{
    QByteArray service;
    QByteArrayView key;
    const facts::EnvEntry *entry = nullptr;
};

/// What is wrong with one copy by itself; a pass where nothing is.
Evaluation judgeCopy(const Copy &copy)
{
    const facts::RedactedValue &value = copy.entry->value;
    if (value.knownDefault) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "%1 signs and checks tokens with a secret that AppFlowy ships"),
                {arg(copy.service)}));
    }
    if (value.length < LengthBucket::From32To63) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence", "The secret in %1 is shorter than 32 characters"),
                {arg(copy.service)}));
    }
    if (value.classes() < 2) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence", "The secret in %1 has one kind of character only"),
                {arg(copy.service)}));
    }
    // 64 hexadecimal digits are as good as can be; 32 characters of two kinds may be words.
    if (value.classes() == 2 && value.length < LengthBucket::From64) {
        return answer(Verdict::Warn,
                      say(QT_TRANSLATE_NOOP("Sentence",
                                            "The secret in %1 is long enough, but has two kinds of "
                                            "characters only: replace it unless it is random"),
                          {arg(copy.service)}));
    }
    return answer(Verdict::Pass,
                  say(QT_TRANSLATE_NOOP("Sentence", "Long, mixed and the same in every service")));
}

/// `own` is the worst of what the copies are by themselves.
Evaluation judgeEquality(const std::vector<Copy> &copies, Evaluation own)
{
    const Copy &first = copies.front();
    Evaluation out = std::move(own);
    for (const Copy &copy : copies) {
        const std::optional<bool> equal = first.entry->value.equals(copy.entry->value);
        if (equal == false) {
            return answer(Verdict::Fail,
                          say(QT_TRANSLATE_NOOP("Sentence", "%1 and %2 hold different secrets"),
                              {arg(first.service), arg(copy.service)}));
        }
        if (!equal) {
            out = answer(Verdict::Unknown,
                         say(QT_TRANSLATE_NOOP(
                                 "Sentence", "Whether %1 and %2 hold the same secret was not told"),
                             {arg(first.service), arg(copy.service)}));
        }
    }
    return out;
}

void addCopies(const facts::Container &container, QByteArrayView key, std::vector<Copy> &copies)
{
    const std::size_t before = copies.size();
    for (const facts::EnvEntry &entry : container.env) {
        if (entry.key == key)
            copies.push_back({container.service, key, &entry});
    }
    if (copies.size() == before)
        copies.push_back({container.service, key, nullptr});
}

/// Every running container that could hold a copy; `entry` is nullptr where it has none.
std::vector<Copy> collect(const facts::Deployment &deployment)
{
    std::vector<Copy> copies;
    for (const facts::Container *container : signInServers(deployment))
        addCopies(*container, signerKey, copies);
    for (const char *service : {"appflowy_cloud", "ai", "appflowy_search"}) {
        for (const facts::Container *container : running(deployment, service))
            addCopies(*container, verifierKey, copies);
    }
    return copies;
}

/// A list of keys replaces the secret for signing, and its values do not travel.
bool hasKeyList(const facts::Deployment &deployment)
{
    return std::ranges::any_of(signInServers(deployment), [](const facts::Container *each) {
        const facts::EnvEntry *list = find(each->env, "GOTRUE_JWT_KEYS");
        return list && !list->value.isEmpty();
    });
}

Evaluation judge(const std::vector<Copy> &all)
{
    std::vector<Copy> copies;
    for (const Copy &copy : all) {
        if (copy.entry) {
            copies.push_back(copy);
        } else if (copy.key == signerKey) {
            return answer(
                Verdict::Unknown,
                say(QT_TRANSLATE_NOOP("Sentence",
                                      "gotrue runs, yet %1 is not in its environment: look for a "
                                      "file in its image"),
                    {arg(QByteArray(signerKey))}));
        } else if (copy.service == "appflowy_cloud") {
            return answer(
                Verdict::Fail,
                say(QT_TRANSLATE_NOOP("Sentence",
                                      "appflowy_cloud has no %1 and falls back to the value "
                                      "built into it"),
                    {arg(QByteArray(verifierKey))}));
        }
        // Older builds of the other services do not ask for it.
    }
    const Evaluation worst = worstOf(copies, judgeCopy);
    return worst.verdict == Verdict::Fail ? worst : judgeEquality(copies, worst);
}

Evaluation evaluate(const Context &context)
{
    const facts::Deployment &deployment = *context.deployment;
    if (!deployment.containers)
        return unreadable(deployment.containers);
    const std::vector<const facts::Container *> signers = signInServers(deployment);
    if (signers.empty())
        return notRunning(deployment, "gotrue");
    if (running(deployment, "appflowy_cloud").empty())
        return notRunning(deployment, "appflowy_cloud");

    const std::vector<Copy> copies = collect(deployment);
    Evaluation out = judge(copies);
    if (hasKeyList(deployment) && isWorse(Verdict::Unknown, out.verdict)) {
        out = answer(Verdict::Unknown,
                     say(QT_TRANSLATE_NOOP("Sentence",
                                           "gotrue signs with the keys of %1 as well, and what "
                                           "they are does not travel"),
                         {arg(QByteArray("GOTRUE_JWT_KEYS"))}));
    }
    const Setting setting = followGotrue(context, signers.front(), signerKey);
    out.reachChain = reachChain(context, setting, Obeyed::Yes);
    out.reach = reachOf(out.reachChain);
    out.expected = say(QT_TRANSLATE_NOOP(
        "Sentence",
        "32 characters or more of several kinds, equal in every service, not a shipped value"));
    out.actual = setting.inProcess
        ? asWritten(describe(*setting.inProcess))
        : say(QT_TRANSLATE_NOOP("Sentence", "no %1 in gotrue"), {arg(setting.key)});
    std::vector<QByteArray> lines;
    for (const Copy &copy : copies) {
        const QByteArray held = copy.entry ? describe(*copy.entry) : "no " + copy.key.toByteArray();
        lines.push_back(copy.service + ": " + held);
        out.subjects.emplace_back(copy.service);
    }
    out.evidence.push_back(evidence(deployment.containers, join(lines, "\n")));
    return out;
}

} // namespace

Check jwtSecretStrong()
{
    return {info(), evaluate};
}

} // namespace checks
