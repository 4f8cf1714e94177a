#include "core/report/sheets.h"

namespace report {

using namespace Qt::StringLiterals;

namespace {

/// " Not asked: ..." for what was named and lies where probes must not go; empty for nothing.
QString refusedText(const Words &words, const std::vector<model::RefusedPlace> &refused)
{
    QStringList places;
    for (const model::RefusedPlace &place : refused) {
        const QString at = place.address.isEmpty() ? QString() : u" ("_s + place.address + u')';
        places
            += base::UntrustedText(place.name.bytes() + at.toUtf8() + ": " + place.reason.toUtf8())
                   .display();
    }
    if (places.isEmpty())
        return {};
    return u' '
        + words.label(QT_TRANSLATE_NOOP("Report", "Not asked: %1.")).arg(places.join(u"; "_s));
}

} // namespace

void paintMethod(Page &page, const Material &material)
{
    const Words &words = material.words;
    const model::Audit &audit = material.subject.audit;
    const Type body{8.8};
    const auto paragraph = [&](const QString &heading, const QString &text) {
        page.ensure(48);
        page.text(heading, page.left(), page.width(), {10.4, Weight::Strong});
        page.skip(1);
        page.text(text, page.left(), page.width(), body);
        page.skip(9);
    };
    page.newPage();
    page.text(words.label(QT_TRANSLATE_NOOP("Report", "Method")), page.left(), page.width(),
              {19, Weight::Strong});
    page.skip(8);
    if (audit.fromFile) {
        paragraph(
            words.label(QT_TRANSLATE_NOOP("Report", "Origin")),
            words.label(QT_TRANSLATE_NOOP(
                "Report",
                "These facts were read from a file. Where they come from was not verified.")));
    }
    paragraph(words.label(QT_TRANSLATE_NOOP("Report", "How it was collected")),
              words
                  .label(QT_TRANSLATE_NOOP(
                      "Report",
                      "One read-only script ran over SSH, %1. It changes nothing and leaves no "
                      "file. Secrets are reduced on the "
                      "server: of a value that may not travel only its length class, its character "
                      "classes, whether it "
                      "equals a known factory value and which others it equals are known here."))
                  .arg(words.privilege(audit.privilege)));
    const QString from = audit.vantage.addresses.isEmpty()
        ? words.label(QT_TRANSLATE_NOOP("Report", "not recorded"))
        : audit.vantage.addresses.join(u", "_s);
    paragraph(
        words.label(QT_TRANSLATE_NOOP("Report", "What was seen from outside")),
        words
                .label(QT_TRANSLATE_NOOP(
                    "Report",
                    "TLS, HTTP and ports were observed from %1 (%2). A port that looks closed from "
                    "there counts only where "
                    "another port of the same address answered; it never passes a check by "
                    "itself."))
                .arg(from, audit.vantage.route)
            + refusedText(words, audit.vantage.refused));
    paragraph(words.label(QT_TRANSLATE_NOOP("Report", "How verdicts come to be")),
              words.label(QT_TRANSLATE_NOOP("Report",
                                            "Where sources disagree, behaviour on the wire beats "
                                            "the running process, the process beats the rendered "
                                            "configuration, and that beats the file. A setting "
                                            "passes only when the version that runs is known to "
                                            "read it, or when its effect was seen. A setting that "
                                            "is written but not delivered, or not read, has "
                                            "no effect and fails. What could not be read is "
                                            "unknown, and unknown is never a pass.")));
    paragraph(words.label(QT_TRANSLATE_NOOP("Report", "How the score is computed")),
              words.label(QT_TRANSLATE_NOOP("Report",
                                            "Weights: critical 10, high 5, medium 2, low 1. A pass "
                                            "counts 1, a warning 0.5, anything else 0, over all "
                                            "applicable checks, rounded down. A critical fail or "
                                            "unknown holds the score at 49 or less, a high one at "
                                            "79. Coverage is the share of weight that was judged; "
                                            "under 50 % there is no score. The server's score "
                                            "is that of its worst deployment.")));
    paragraph(
        words.label(QT_TRANSLATE_NOOP("Report", "Words")),
        words.label(QT_TRANSLATE_NOOP(
            "Report",
            "\"Supports\" names controls for which a check is evidence. SOC 2 is an auditor's "
            "opinion, ISO 27001 certifies "
            "a management system; HIPAA and GDPR have no certificate that a tool could print.")));
    if (audit.knowledgeDays > model::knowledgeLimit) {
        paragraph(
            words.label(QT_TRANSLATE_NOOP("Report", "Old knowledge")),
            words
                .label(QT_TRANSLATE_NOOP(
                           "Report",
                           "This Flowkeep knows AppFlowy as of %1, %n day(s) before this audit was "
                           "judged. Newer versions may read other settings: update Flowkeep."),
                       audit.knowledgeDays)
                .arg(audit.catalogue));
    }
    page.row(words.label(QT_TRANSLATE_NOOP("Report", "Knowledge")), audit.catalogue, page.left(),
             72, {8.2});
    page.row(words.label(QT_TRANSLATE_NOOP("Report", "Facts")),
             u"sha256 "_s + QString::fromLatin1(audit.factsSha256), page.left(), 72, {8.2});
    page.row(words.label(QT_TRANSLATE_NOOP("Report", "Audit")), audit.id, page.left(), 72, {8.2});
}

} // namespace report
