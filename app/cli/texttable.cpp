#include "app/cli/texttable.h"

#include "core/base/untrustedtext.h"
#include "core/model/labels.h"

#include <algorithm>
#include <vector>

namespace cli {

using model::Verdict;
using namespace Qt::StringLiterals;

namespace {

QString safe(const QString &text)
{
    return base::UntrustedText(text).terminal();
}

QString shownWord(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass:
        return u"pass"_s;
    case Verdict::Fail:
        return u"FAIL"_s;
    case Verdict::Warn:
        return u"warn"_s;
    case Verdict::Unknown:
        return u"unknown"_s;
    case Verdict::Manual:
        return u"manual"_s;
    case Verdict::NotApplicable:
        return u"n/a"_s;
    }
    return {};
}

const char *colourOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass:
        return "\x1b[32m";
    case Verdict::Fail:
        return "\x1b[1;31m";
    case Verdict::Warn:
        return "\x1b[33m";
    case Verdict::Unknown:
    case Verdict::Manual:
        return "\x1b[36m";
    case Verdict::NotApplicable:
        return "\x1b[2m";
    }
    return "";
}

QString titleOf(const QString &id, std::span<const model::CheckInfo> checks)
{
    const auto info = std::ranges::find(checks, id, &model::CheckInfo::id);
    return info == checks.end() ? id : QString::fromUtf8(info->title);
}

QString
findingLines(const model::Finding &finding, std::span<const model::CheckInfo> checks, bool colour)
{
    QString verdict = shownWord(finding.verdict).leftJustified(8);
    if (colour)
        verdict = QString::fromLatin1(colourOf(finding.verdict)) + verdict + u"\x1b[0m"_s;
    QString reach;
    if (finding.reach && finding.verdict != Verdict::Unknown)
        reach = u"  ["_s + model::word(*finding.reach) + u']';
    QString lines = u"  "_s + verdict + model::word(finding.severity).leftJustified(10)
        + safe(finding.id).leftJustified(9) + titleOf(finding.id, checks) + reach + u'\n';
    const QString summary = safe(model::render(finding.summary));
    if (!summary.isEmpty())
        lines += QString(29, u' ') + summary + u'\n';
    return lines;
}

/// Findings of one deployment, or of the host for an empty name.
QString section(const model::Audit &audit,
                const QString &deployment,
                std::span<const model::CheckInfo> checks,
                bool colour)
{
    std::vector<const model::Finding *> shown;
    for (const model::Finding &finding : audit.findings) {
        if (finding.deployment == deployment)
            shown.push_back(&finding);
    }
    std::ranges::stable_sort(shown, [](const model::Finding *a, const model::Finding *b) {
        if (a->verdict != b->verdict)
            return model::attentionRank(a->verdict) < model::attentionRank(b->verdict);
        return a->severity > b->severity;
    });
    QString lines;
    for (const model::Finding *finding : shown)
        lines += findingLines(*finding, checks, colour);
    return lines;
}

QString countLine(const model::Score &score)
{
    QStringList parts;
    const auto add = [&](int count, const QString &name) {
        if (count > 0)
            parts += QString::number(count) + u' ' + name;
    };
    add(score.fail, u"fail"_s);
    add(score.warn, u"warn"_s);
    add(score.unknown, u"unknown"_s);
    add(score.manual, u"manual"_s);
    add(score.pass, u"pass"_s);
    add(score.notApplicable, u"not applicable"_s);
    return parts.isEmpty() ? u"no findings"_s : parts.join(u", "_s);
}

QString privilegeText(model::Privilege privilege)
{
    switch (privilege) {
    case model::Privilege::Root:
        return u"read as root"_s;
    case model::Privilege::Sudo:
        return u"read as root by sudo"_s;
    case model::Privilege::User:
        return u"read as an ordinary user: much stays unknown without root"_s;
    }
    return {};
}

QString header(const model::Audit &audit)
{
    QString line = safe(audit.server.name.isEmpty() ? audit.server.address : audit.server.name);
    if (!audit.server.name.isEmpty() && audit.server.name != audit.server.address)
        line += u" ("_s + safe(audit.server.address) + u')';
    line += u", "_s + audit.startedAt.toUTC().toString(u"yyyy-MM-dd HH:mm"_s) + u" UTC, "_s
        + privilegeText(audit.privilege) + u'\n';
    if (!audit.server.os.isEmpty() || !audit.server.docker.isEmpty()) {
        QStringList parts;
        if (!audit.server.os.isEmpty())
            parts += audit.server.os.terminal(200);
        if (!audit.server.docker.isEmpty())
            parts += u"Docker "_s + audit.server.docker.terminal(200);
        line += parts.join(u", "_s) + u'\n';
    }
    if (audit.fromFile)
        line += u"From a file, origin not verified.\n"_s;
    if (audit.knowledgeDays > model::knowledgeLimit) {
        line += u"This Flowkeep's knowledge is %1 days old (%2): update it.\n"_s.arg(
            QString::number(audit.knowledgeDays), audit.catalogue);
    }
    return line;
}

} // namespace

QString scoreLine(const model::Score &score)
{
    const QString coverage = u"coverage "_s + QString::number(score.coverage) + u" %"_s;
    if (!score.score)
        return u"Score: not enough evidence, "_s + coverage;
    QString line = u"Score "_s + QString::number(*score.score) + u" of 100, "_s;
    if (score.scoreUpTo)
        line += u"up to "_s + QString::number(*score.scoreUpTo) + u", "_s;
    return line + coverage;
}

QString auditText(const model::Audit &audit, std::span<const model::CheckInfo> checks, bool colour)
{
    QString text = header(audit) + u'\n' + scoreLine(audit.summary) + u'\n'
        + countLine(audit.summary) + u'\n';
    for (const model::DeploymentInfo &deployment : audit.deployments) {
        const bool unseen = deployment.id == "unknown"_L1 && deployment.directory.isEmpty();
        text += unseen ? u"\nDeployments cannot be listed"_s
                       : u"\nDeployment "_s + safe(deployment.id);
        if (!deployment.directory.isEmpty())
            text += u" in "_s + deployment.directory.terminal(300);
        text += unseen ? u"\n"_s : u" ("_s + safe(deployment.variant) + u")\n"_s;
        if (audit.deployments.size() > 1)
            text += u"  "_s + scoreLine(deployment.summary) + u'\n';
        text += section(audit, deployment.id, checks, colour);
    }
    if (audit.deployments.empty())
        text += u"\nNo AppFlowy deployment found.\n"_s;
    const QString host = section(audit, {}, checks, colour);
    if (!host.isEmpty())
        text += u"\nHost\n"_s + host;
    return text;
}

QString checksText(std::span<const model::CheckInfo> checks)
{
    QString text;
    for (const model::CheckInfo &check : checks)
        text += check.id.leftJustified(9) + model::word(check.severity).leftJustified(10)
            + model::word(check.area).leftJustified(16) + QString::fromUtf8(check.title) + u'\n';
    return text;
}

} // namespace cli
