#include "core/report/sheets.h"

#include <QBuffer>
#include <QPageLayout>

namespace report {

using namespace Qt::StringLiterals;

namespace {

void paintFoot(Page &page, const Material &material, int number, int total)
{
    const Words &words = material.words;
    const model::Audit &audit = material.subject.audit;
    const Type type{7, Weight::Regular, look::Role::Text2};
    const qreal top = page.bottom() + 14;
    page.painter().fillRect(page.device(page.left(), top, page.width(), 0.6),
                            page.colour(look::Role::Line2));
    const QString name = audit.server.name.isEmpty() ? audit.server.address : audit.server.name;
    QString text = words.label(QT_TRANSLATE_NOOP("Report", "%1, audit of %2, facts %3"))
                       .arg(name, words.time(audit.startedAt),
                            QString::fromLatin1(audit.factsSha256.first(
                                qMin<qsizetype>(12, audit.factsSha256.size()))));
    page.line(text, page.left(), top + 7, page.width() - 90, type);
    if (audit.fromFile)
        page.line(words.label(QT_TRANSLATE_NOOP("Report", "From a file, origin not verified")),
                  page.left(), top + 17, page.width() - 90, type);
    page.line(words.label(QT_TRANSLATE_NOOP("Report", "Page %1 of %2")).arg(number).arg(total),
              page.left(), top + 7, page.width(), type, true);
}

/// Paints everything once; returns the number of pages. `total` is what the feet say.
int paint(QIODevice *device, const Material &material, int total)
{
    QPdfWriter writer(device);
    writer.setPdfVersion(QPagedPaintDevice::PdfVersion_A1b);
    writer.setResolution(1200);
    writer.setPageSize(QPageSize(material.options.letter ? QPageSize::Letter : QPageSize::A4));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    const model::Audit &audit = material.subject.audit;
    writer.setTitle(material.words.label(QT_TRANSLATE_NOOP("Report", "Security posture")) + u": "_s
                    + (audit.server.name.isEmpty() ? audit.server.address : audit.server.name));
    writer.setCreator(u"Flowkeep "_s + audit.toolVersion);
    Page page(writer, [&](Page &each, int number) { paintFoot(each, material, number, total); });
    paintCover(page, material);
    paintSummary(page, material);
    paintFindings(page, material);
    paintNotAssessed(page, material);
    paintMethod(page, material);
    return page.number();
}

} // namespace

base::Result<QByteArray> pdf(const Subject &subject, const Options &options)
{
    const Material material{subject, options, Words(options)};
    // Painted twice: "page x of y" wants to know y.
    QBuffer rehearsal;
    QBuffer buffer;
    if (!rehearsal.open(QIODevice::WriteOnly) || !buffer.open(QIODevice::WriteOnly))
        return base::fail(base::ErrorKind::Internal, base::Stage::File, u"PDF"_s);
    const int total = paint(&rehearsal, material, 0);
    paint(&buffer, material, total);
    return buffer.data();
}

} // namespace report
