#pragma once

#include "core/model/sentence.h"
#include "core/model/verdict.h"

#include <QByteArray>
#include <QDateTime>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace model {

/// What a verdict rests on. Texts are the server's and already redacted there.
struct Evidence
{
    QString section; ///< collector section ("containers", "env@1") or "outside.tls" and the like
    base::UntrustedText command;
    std::optional<int> exitStatus;
    QDateTime at; ///< UTC
    base::UntrustedText excerpt; ///< a few lines, never a whole section
    QByteArray sha256; ///< hex, of the whole received section
};

/// One stop of the reach bar: where the setting was seen, or where it got lost.
struct ReachStep
{
    Reach level = Reach::Absent;
    bool reached = false;
    Sentence where; ///< ".env line 84", "not in gotrue"
    QString section;
};

/// A link from a check to a control of a framework.
struct Controls
{
    QStringList soc2;
    QStringList iso27001;
    QStringList hipaa;
    QStringList gdpr;
};

struct Reference
{
    QString title;
    QString url;
    QString date; ///< ISO date on which the page was last read
};

/// Constant facts about a check; what `checks --json` prints.
struct CheckInfo
{
    QString id; ///< "AUTH-01"
    Area area = Area::Inventory;
    Severity severity = Severity::Info; ///< base severity, the weight in the score
    const char *title = ""; ///< marked with QT_TRANSLATE_NOOP("Check", ...)
    const char *why = ""; ///< marked likewise: why it matters
    const char *advice = ""; ///< marked likewise: what to do, in the form of passages.h
    std::vector<int> guideLines;
    QStringList
        needs; ///< sections a pass cannot do without, and outside.tls, outside.http, outside.port
    bool proofRequired = false; ///< unknown without behaviour seen
    bool perDeployment = true;
    Controls controls;
    std::vector<Reference> references;
    QString reviewed; ///< ISO date of the last review of this check
};

/// The answer of one check about one deployment (or the host).
struct Finding
{
    QString id;
    Area area = Area::Inventory;
    QString deployment; ///< empty for host-wide findings
    Severity baseSeverity = Severity::Info;
    Severity severity = Severity::Info;
    Verdict verdict = Verdict::Unknown;
    std::optional<Reach> reach; ///< nullopt for checks that are not settings
    std::vector<ReachStep> reachChain;
    Sentence summary;
    Sentence expected;
    Sentence actual;
    std::vector<base::UntrustedText> subjects;
    std::vector<Evidence> evidence;
};

/// A failed setting that somebody wrote but that nothing obeys: "Fail: no effect".
inline bool hasNoEffect(const Finding &finding)
{
    return finding.verdict == Verdict::Fail
        && (finding.reach == Reach::Written || finding.reach == Reach::Delivered);
}

} // namespace model
