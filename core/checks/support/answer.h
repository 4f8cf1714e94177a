#pragma once

#include "core/checks/check.h"
#include "core/checks/support/evidence.h"

namespace checks {

/// An answer without a reach of its own yet.
Evaluation answer(model::Verdict verdict, model::Sentence summary);

/// Text of the server by itself, where no words are needed around it.
model::Sentence asWritten(const QByteArray &text);

/// Unknown, because this reading of the server came to nothing: says why and what helps.
model::Sentence gapSentence(facts::Gap gap, const QString &section);

template <typename T>
Evaluation unreadable(const facts::Fact<T> &fact)
{
    Evaluation out
        = answer(model::Verdict::Unknown, gapSentence(fact.gap(), fact.source().section));
    if (!fact.source().section.isEmpty())
        out.evidence.push_back(evidence(fact, word(fact.gap()).toUtf8()));
    return out;
}

/// Unknown, because no container of this compose service runs.
Evaluation notRunning(const facts::Deployment &deployment, const QByteArray &service);

/// A pass that the wire showed is proven: all five stops, though nobody followed them through
/// files. Other verdicts stay as they are.
void markProven(Evaluation &evaluation, const QString &section);

/// The rule of every pass: its setting is honoured or proven, and something shows it. A check that
/// forgets it is corrected here rather than believed.
void holdToTheRule(Evaluation &evaluation);

/// Fail is worse than unknown, unknown than warn, warn than pass.
bool isWorse(model::Verdict a, model::Verdict b);

/// Judges each of `things`, which are not none, and keeps the worst answer; of equals the first.
template <typename Things, typename Judge>
Evaluation worstOf(const Things &things, Judge judge)
{
    std::optional<Evaluation> worst;
    for (const auto &thing : things) {
        Evaluation each = judge(thing);
        if (!worst || isWorse(each.verdict, worst->verdict))
            worst = std::move(each);
    }
    return *worst;
}

} // namespace checks
