#include "core/look/painters.h"
#include "core/look/verdictlook.h"
#include "core/model/labels.h"
#include "core/model/passages.h"
#include "core/model/score.h"
#include "core/report/sheets.h"

#include <algorithm>
#include <map>

namespace report {

using namespace Qt::StringLiterals;

namespace {

constexpr qreal longestExcerpt = 1600; // characters; whole sections are in the facts

const Type body{8.8};

/// Worst first: fails by severity, then warnings, unknowns and the rest.
int rank(const model::Finding &finding)
{
    return model::attentionRank(finding.verdict) * 10 - static_cast<int>(finding.severity);
}

QString controlsOf(const model::Controls &controls)
{
    QStringList parts;
    const auto add = [&](const QString &name, const QStringList &ids) {
        if (!ids.isEmpty())
            parts.append(name + u' ' + ids.join(u", "_s));
    };
    add(u"SOC 2"_s, controls.soc2);
    add(u"ISO 27001:2022"_s, controls.iso27001);
    add(u"HIPAA"_s, controls.hipaa);
    add(u"GDPR"_s, controls.gdpr);
    return parts.join(u"; "_s);
}

void paintEvidence(Page &page, const model::Evidence &evidence, qreal x, const Words &words)
{
    QStringList heading{
        evidence.command.isEmpty() ? evidence.section : evidence.command.display(120),
        words.label(QT_TRANSLATE_NOOP("Report", "section %1")).arg(evidence.section)};
    if (evidence.exitStatus)
        heading.append(
            words.label(QT_TRANSLATE_NOOP("Report", "exit status %1")).arg(*evidence.exitStatus));
    if (!evidence.sha256.isEmpty())
        heading.append(u"sha256 "_s + QString::fromLatin1(evidence.sha256.first(8)) + u"…"_s);
    page.code(heading.join(u", "_s), evidence.excerpt.lines(longestExcerpt).trimmed(), x,
              page.right() - x);
}

void paintReach(Page &page, const model::Finding &finding, qreal x, const Words &words)
{
    const auto view = look::reachViewOf(
        finding, [&](model::Reach reach) { return words.of(reach); }, words.translator());
    if (!view)
        return;
    constexpr qreal width = 330;
    constexpr qreal height = 34;
    const QFont small = page.font({6.6});
    const QFont strong = page.font({6.6, Weight::Strong});
    const bool fits
        = look::reachWordsFit(*view, page.unit(width), small, strong, page.painter().device());
    page.ensure(height);
    look::paintReachBar(page.painter(), page.device(x - 20, page.y() + 3, width, height - 6), *view,
                        page.unit(6), fits, small, strong, look::Theme::Light);
    page.skip(fits ? height : 14);
    if (!fits) {
        page.text(look::reachSentence(*view), x, page.right() - x,
                  {8, Weight::Regular, look::Role::Text2});
        page.skip(4);
    }
}

void paintAdvice(Page &page, const QString &advice, qreal x, const Words &words)
{
    constexpr qreal labels = 56;
    QString label = words.label(QT_TRANSLATE_NOOP("Report", "Advice"));
    for (const model::Passage &passage : model::passages(advice)) {
        if (passage.code)
            page.code({}, passage.text, x + labels, page.right() - x - labels);
        else
            page.row(label, passage.text, x, labels, {8.2});
        label.clear();
    }
}

void paintFinding(Page &page, const Material &material, const model::Finding &finding)
{
    const Words &words = material.words;
    const model::CheckInfo *info = material.info(finding.id);
    const look::VerdictLook looks = look::verdictLook(finding.verdict);
    const qreal column = page.left() + 86;
    page.ensure(96);
    page.rule();
    page.skip(10);
    const qreal top = page.y();
    page.icon(looks.icon, looks.glyph, page.left(), top + 1, 11);
    const QString verdict = words.of(finding);
    page.line(verdict, page.left() + 16, top, 66, {8.8, Weight::Strong, looks.word});
    page.line(finding.id, page.left() + 16, top + 12, 66,
              {7.6, Weight::Regular, look::Role::Text2});
    page.line(
        words.of(finding.severity), column, top, page.right() - column,
        {8.2, finding.severity == model::Severity::Critical ? Weight::Strong : Weight::Regular},
        true);
    page.text(info ? words.check(info->title) : finding.id, column, page.right() - column - 56,
              {10.4, Weight::Strong});
    page.skip(2);
    page.text(words.sentence(finding.summary), column, page.right() - column, body);
    page.skip(4);
    paintReach(page, finding, column, words);
    constexpr qreal labels = 56;
    const Type small{8.2};
    if (!finding.expected.isEmpty())
        page.row(words.label(QT_TRANSLATE_NOOP("Report", "Expected")),
                 words.sentence(finding.expected), column, labels, small);
    if (!finding.actual.isEmpty())
        page.row(words.label(QT_TRANSLATE_NOOP("Report", "Found")), words.sentence(finding.actual),
                 column, labels, small);
    for (const model::Evidence &evidence : finding.evidence)
        paintEvidence(page, evidence, column, words);
    if (info && finding.verdict != model::Verdict::Pass
        && finding.verdict != model::Verdict::NotApplicable)
        paintAdvice(page, words.check(info->advice), column, words);
    if (info) {
        if (const QString supports = controlsOf(info->controls); !supports.isEmpty())
            page.row(words.label(QT_TRANSLATE_NOOP("Report", "Supports")), supports, column, labels,
                     small);
    }
    page.skip(8);
}

QString countsSentence(const std::vector<const model::Finding *> &findings, const Words &words)
{
    std::map<model::Verdict, int> counts;
    for (const model::Finding *finding : findings)
        ++counts[finding->verdict];
    QStringList parts;
    for (const auto verdict :
         {model::Verdict::Fail, model::Verdict::Warn, model::Verdict::Unknown,
          model::Verdict::Manual, model::Verdict::Pass, model::Verdict::NotApplicable}) {
        if (counts[verdict] > 0)
            parts.append(QString::number(counts[verdict]) + u' ' + words.of(verdict).toLower());
    }
    return parts.join(u", "_s);
}

} // namespace

void paintSummary(Page &page, const Material &material)
{
    const Words &words = material.words;
    const std::vector<model::Finding> &findings = material.subject.audit.findings;
    page.newPage();
    page.text(words.label(QT_TRANSLATE_NOOP("Report", "What to fix first")), page.left(),
              page.width(), {19, Weight::Strong});
    page.skip(8);
    std::vector<const model::Finding *> open;
    for (const model::Finding &finding : findings) {
        if (finding.verdict == model::Verdict::Fail || finding.verdict == model::Verdict::Warn)
            open.push_back(&finding);
    }
    std::ranges::stable_sort(open, {}, [](const model::Finding *each) { return rank(*each); });
    if (open.empty())
        page.text(words.label(QT_TRANSLATE_NOOP("Report", "Nothing that was judged is open.")),
                  page.left(), page.width(), body);
    constexpr std::size_t most = 12;
    for (std::size_t i = 0; i < open.size() && i < most; ++i) {
        const model::Finding &finding = *open[i];
        const look::VerdictLook looks = look::verdictLook(finding.verdict);
        const model::CheckInfo *info = material.info(finding.id);
        page.ensure(44);
        page.rule();
        page.skip(7);
        const qreal top = page.y();
        page.icon(looks.icon, looks.glyph, page.left(), top, 10);
        page.line(finding.id, page.left() + 16, top, 56, {8.2, Weight::Regular, look::Role::Text2});
        page.line(words.of(finding.severity), page.left(), top, page.width(), {8.2}, true);
        const QString place
            = finding.deployment.isEmpty() ? QString() : u" · "_s + finding.deployment;
        page.text((info ? words.check(info->title) : finding.id) + place, page.left() + 74,
                  page.width() - 134, {9.2, Weight::Medium});
        page.text(words.sentence(finding.summary), page.left() + 74, page.width() - 134,
                  {8.2, Weight::Regular, look::Role::Text2});
        page.skip(5);
    }
    if (open.size() > most)
        page.text(words.label(QT_TRANSLATE_NOOP("Report", "And %1 more in the findings."))
                      .arg(open.size() - most),
                  page.left(), page.width(), body);
}

void paintFindings(Page &page, const Material &material)
{
    const Words &words = material.words;
    const model::Audit &audit = material.subject.audit;
    std::map<std::pair<QString, model::Area>, std::vector<const model::Finding *>> groups;
    for (const model::Finding &finding : audit.findings)
        groups[{finding.deployment, finding.area}].push_back(&finding);
    for (auto &[key, findings] : groups) {
        std::ranges::stable_sort(findings, {},
                                 [](const model::Finding *each) { return rank(*each); });
        page.newPage();
        page.text(words.of(key.second), page.left(), page.width(), {19, Weight::Strong});
        const QString where = key.first.isEmpty()
            ? words.label(QT_TRANSLATE_NOOP("Report", "The whole server"))
            : words.label(QT_TRANSLATE_NOOP("Report", "Deployment %1")).arg(key.first);
        page.text(where + u": "_s + countsSentence(findings, words), page.left(), page.width(),
                  {9.2, Weight::Regular, look::Role::Text2});
        page.skip(8);
        for (const model::Finding *finding : findings)
            paintFinding(page, material, *finding);
    }
}

void paintNotAssessed(Page &page, const Material &material)
{
    const Words &words = material.words;
    page.newPage();
    page.text(words.label(QT_TRANSLATE_NOOP("Report", "What was not assessed")), page.left(),
              page.width(), {19, Weight::Strong});
    page.skip(8);
    bool any = false;
    for (const model::Finding &finding : material.subject.audit.findings) {
        if (finding.verdict != model::Verdict::Unknown && finding.verdict != model::Verdict::Manual)
            continue;
        any = true;
        const model::CheckInfo *info = material.info(finding.id);
        page.row(finding.id,
                 (info ? words.check(info->title) : finding.id) + u'\n'
                     + words.sentence(finding.summary),
                 page.left(), 64, body);
        page.skip(4);
    }
    if (!any)
        page.text(
            words.label(QT_TRANSLATE_NOOP("Report", "Every check of the catalogue was judged.")),
            page.left(), page.width(), body);
    page.skip(10);
    page.text(
        words.label(QT_TRANSLATE_NOOP("Report",
                                      "Training, contracts, policies and the hosting provider's "
                                      "own disks are out of reach of a server tool.")),
        page.left(), page.width(), {8.8, Weight::Regular, look::Role::Text2});
}

} // namespace report
