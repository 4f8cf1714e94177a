#include "core/checks/support/answer.h"

namespace checks {

using model::say;

namespace {

int rank(model::Verdict verdict)
{
    switch (verdict) {
    case model::Verdict::Fail:
        return 3;
    case model::Verdict::Unknown:
    case model::Verdict::Manual:
        return 2;
    case model::Verdict::Warn:
        return 1;
    case model::Verdict::Pass:
    case model::Verdict::NotApplicable:
        break;
    }
    return 0;
}

const char *gapText(facts::Gap gap)
{
    switch (gap) {
    case facts::Gap::NotCollected:
        return QT_TRANSLATE_NOOP("Sentence", "%1 was not collected: audit with root rights");
    case facts::Gap::Denied:
        return QT_TRANSLATE_NOOP("Sentence", "%1 was denied to this user: audit with root rights");
    case facts::Gap::Writable:
        return QT_TRANSLATE_NOOP("Sentence",
                                 "%1 was not read, because more than one user can write where it "
                                 "lies: leave that to one, and audit again");
    case facts::Gap::ToolMissing:
        return QT_TRANSLATE_NOOP("Sentence",
                                 "%1 could not be read, its tool is missing on the server");
    case facts::Gap::TimedOut:
        return QT_TRANSLATE_NOOP("Sentence",
                                 "%1 took too long: audit again when the server is idle");
    case facts::Gap::Failed:
        return QT_TRANSLATE_NOOP("Sentence", "%1 failed on the server: run its command by hand");
    case facts::Gap::Unparsable:
        return QT_TRANSLATE_NOOP("Sentence", "%1 came in a form that Flowkeep cannot read");
    case facts::Gap::Cut:
        return QT_TRANSLATE_NOOP("Sentence", "%1 did not arrive whole: audit again");
    }
    return "";
}

} // namespace

Evaluation answer(model::Verdict verdict, model::Sentence summary)
{
    Evaluation out;
    out.verdict = verdict;
    out.summary = std::move(summary);
    return out;
}

model::Sentence asWritten(const QByteArray &text)
{
    return say(QT_TRANSLATE_NOOP("Sentence", "%1"), {model::arg(text)});
}

model::Sentence gapSentence(facts::Gap gap, const QString &section)
{
    return say(gapText(gap), {model::arg(section)});
}

Evaluation notRunning(const facts::Deployment &deployment, const QByteArray &service)
{
    Evaluation out = answer(
        model::Verdict::Unknown,
        say(QT_TRANSLATE_NOOP("Sentence", "No %1 container runs: start it and audit again"),
            {model::arg(service)}));
    out.evidence.push_back(
        evidence(deployment.containers, "no running container of service " + service));
    return out;
}

void markProven(Evaluation &evaluation, const QString &section)
{
    using model::Reach;
    if (evaluation.verdict != model::Verdict::Pass)
        return;
    std::vector<model::ReachStep> chain;
    for (const Reach level : {Reach::Absent, Reach::Written, Reach::Delivered, Reach::Honoured}) {
        chain.push_back(
            {level, true, say(QT_TRANSLATE_NOOP("Sentence", "implied by the answer")), section});
    }
    chain.push_back(
        {Reach::Proven, true, say(QT_TRANSLATE_NOOP("Sentence", "seen in the answer")), section});
    evaluation.reach = Reach::Proven;
    evaluation.reachChain = std::move(chain);
}

void holdToTheRule(Evaluation &evaluation)
{
    if (evaluation.verdict != model::Verdict::Pass)
        return;
    if (evaluation.reach && *evaluation.reach < model::Reach::Honoured) {
        evaluation.verdict = model::Verdict::Warn;
        evaluation.summary = say(QT_TRANSLATE_NOOP("Sentence", "Delivered, not known to be read"));
    } else if (evaluation.evidence.empty()) {
        evaluation.verdict = model::Verdict::Unknown;
        evaluation.summary = say(QT_TRANSLATE_NOOP("Sentence", "Nothing shows it"));
    }
}

bool isWorse(model::Verdict a, model::Verdict b)
{
    return rank(a) > rank(b);
}

} // namespace checks
