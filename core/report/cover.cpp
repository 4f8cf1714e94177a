#include "core/look/painters.h"
#include "core/look/verdictlook.h"
#include "core/report/sheets.h"

#include <algorithm>

namespace report {

using namespace Qt::StringLiterals;

namespace {

struct Count
{
    model::Verdict verdict;
    int number = 0;
};

std::vector<Count> countsOf(const model::Score &score)
{
    using model::Verdict;
    std::vector<Count> counts{
        {Verdict::Fail, score.fail},       {Verdict::Warn, score.warn},
        {Verdict::Unknown, score.unknown}, {Verdict::Manual, score.manual},
        {Verdict::Pass, score.pass},       {Verdict::NotApplicable, score.notApplicable}};
    return counts;
}

void paintScore(Page &page, const Material &material, qreal top)
{
    const Words &words = material.words;
    const model::Score &score = material.subject.audit.summary;
    constexpr qreal size = 138;
    constexpr qreal stroke = 11;
    look::paintRing(page.painter(), page.device(page.left() + stroke / 2, top, size, size),
                    page.unit(stroke), look::sharesOf(score), look::Theme::Light);
    const QString number = score.score ? QString::number(*score.score) : u"–"_s;
    const auto centred = [&](const QString &text, qreal y, const Type &type) {
        page.painter().setFont(page.font(type));
        page.painter().setPen(page.colour(type.tone));
        page.painter().drawText(page.device(page.left(), y, size + stroke, type.points * 1.5),
                                Qt::AlignHCenter | Qt::AlignVCenter, text);
    };
    centred(number, top + 42, {30, Weight::Strong});
    centred(words.label(QT_TRANSLATE_NOOP("Report", "%1 % covered")).arg(score.coverage), top + 84,
            {7.8, Weight::Regular, look::Role::Text2});
    qreal y = top;
    for (const Count &count : countsOf(score)) {
        const look::VerdictLook looks = look::verdictLook(count.verdict);
        page.icon(looks.icon, looks.glyph, page.left() + 172, y, 11);
        page.line(QString::number(count.number), page.left() + 190, y - 1, 24,
                  {9.8, Weight::Strong}, true);
        page.line(words.of(count.verdict), page.left() + 222, y - 1, 90,
                  {9.8, Weight::Regular, look::Role::Text2});
        y += 22.5;
    }
    QString note = score.score
        ? words.label(
              QT_TRANSLATE_NOOP("Report",
                                "The score weighs the applicable checks by severity. Unknown never "
                                "counts as pass; coverage says how much was judged."))
        : words.label(QT_TRANSLATE_NOOP("Report", "There is not enough evidence for a score."));
    if (score.scoreUpTo && score.score != score.scoreUpTo) {
        note += u' '
            + words
                  .label(QT_TRANSLATE_NOOP(
                      "Report", "If everything unknown turns out well, the score is up to %1."))
                  .arg(*score.scoreUpTo);
    }
    const qreal noteX = page.left() + 322;
    page.moveTo(top);
    page.text(note, noteX, page.right() - noteX, {7.8, Weight::Regular, look::Role::Text2});
    page.moveTo(top + size + 18);
}

void paintAbout(Page &page, const Material &material)
{
    const Words &words = material.words;
    const model::Audit &audit = material.subject.audit;
    const Type type{8.8};
    constexpr qreal labels = 88;
    const auto row = [&](const QString &label, const QString &text) {
        if (!text.isEmpty())
            page.row(label, text, page.left(), labels, type);
        page.skip(text.isEmpty() ? 0 : 3);
    };
    const QString address = audit.server.address;
    row(words.label(QT_TRANSLATE_NOOP("Report", "Server")),
        audit.server.name.isEmpty() || audit.server.name == address
            ? address
            : u"%1 (%2)"_s.arg(audit.server.name, address));
    for (const model::DeploymentInfo &deployment : audit.deployments) {
        row(words.label(QT_TRANSLATE_NOOP("Report", "Deployment")),
            words.label(QT_TRANSLATE_NOOP("Report", "%1 in %2, variant %3"))
                .arg(deployment.project.display(), deployment.directory.display(),
                     deployment.variant));
    }
    QStringList system{audit.server.os.display()};
    if (!audit.server.docker.isEmpty())
        system << words.label(QT_TRANSLATE_NOOP("Report", "Docker %1"))
                      .arg(audit.server.docker.display());
    row(words.label(QT_TRANSLATE_NOOP("Report", "System")), system.join(u", "_s));
    row(words.label(QT_TRANSLATE_NOOP("Report", "Host key")), audit.server.hostKey);
    row(words.label(QT_TRANSLATE_NOOP("Report", "Audited")),
        words.label(QT_TRANSLATE_NOOP("Report", "%1, read-only, %2, %3 s"))
            .arg(words.time(audit.startedAt), words.privilege(audit.privilege))
            .arg(static_cast<double>(audit.durationMs) / 1000.0, 0, 'f', 1));
    row(words.label(QT_TRANSLATE_NOOP("Report", "Prepared for")), material.options.organisation);
    row(words.label(QT_TRANSLATE_NOOP("Report", "Prepared with")),
        words.label(QT_TRANSLATE_NOOP("Report", "Flowkeep %1, catalogue %2"))
            .arg(audit.toolVersion, audit.catalogue));
}

} // namespace

const model::CheckInfo *Material::info(const QString &id) const
{
    const auto found = std::ranges::find(subject.checks, id, &model::CheckInfo::id);
    return found == subject.checks.end() ? nullptr : &*found;
}

void paintCover(Page &page, const Material &material)
{
    const Words &words = material.words;
    page.icon(u"app"_s, look::Role::AccentFill, page.left(), page.y(), 20);
    page.line(u"Flowkeep"_s, page.left() + 28, page.y() + 3, 200, {10.5, Weight::Strong});
    page.line(words.label(QT_TRANSLATE_NOOP("Report", "Confidential: shows open weaknesses")),
              page.left(), page.y() + 4, page.width(), {7.8, Weight::Regular, look::Role::Text2},
              true);
    page.moveTo(158);
    page.text(words.label(QT_TRANSLATE_NOOP("Report", "Security posture")), page.left(),
              page.width(), {26, Weight::Strong});
    page.skip(2);
    page.text(words.label(QT_TRANSLATE_NOOP("Report", "AppFlowy, self-hosted")), page.left(),
              page.width(), {11, Weight::Regular, look::Role::Text2});
    page.moveTo(236);
    page.rule(look::Role::Line2, 0.9);
    paintScore(page, material, page.y() + 22);
    page.rule();
    page.skip(16);
    paintAbout(page, material);
    page.skip(18);
    QString about
        = words.label(QT_TRANSLATE_NOOP("Report",
                                        "It lists facts read from one server at one time, and the "
                                        "controls they support. It is evidence for an "
                                        "audit, not an opinion, and it does not say that an "
                                        "organisation meets a framework. Secrets and key "
                                        "material are left out."));
    const Type body{8.6, Weight::Regular, look::Role::Text2};
    const qreal height = page.heightOf(about, page.width() - 32, body) + 40;
    page.ensure(height);
    page.painter().setPen(Qt::NoPen);
    page.painter().setBrush(page.colour(look::Role::Sunken));
    page.painter().drawRoundedRect(page.device(page.left(), page.y(), page.width(), height),
                                   page.unit(6), page.unit(6));
    page.painter().setBrush(Qt::NoBrush);
    page.skip(11);
    page.text(words.label(QT_TRANSLATE_NOOP("Report", "What this report is")), page.left() + 16,
              page.width() - 32, {9, Weight::Strong});
    page.skip(2);
    page.text(about, page.left() + 16, page.width() - 32, body);
}

} // namespace report
