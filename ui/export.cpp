#include "ui/export.h"

#include "core/base/file.h"
#include "ui/receive.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QStandardPaths>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

struct Export
{
    Q_DECLARE_TR_FUNCTIONS(Export)
};

QString suffixOf(ExportFormat format)
{
    return format == ExportFormat::Pdf ? u"pdf"_s : u"json"_s;
}

} // namespace

QString suggestedFileName(const model::Audit &audit, ExportFormat format)
{
    QString slug;
    for (const QChar c : audit.server.name.left(60).toLower()) {
        const bool plain = (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9');
        if (plain)
            slug += c;
        else if (!slug.isEmpty() && !slug.endsWith(u'-'))
            slug += u'-';
    }
    while (slug.endsWith(u'-'))
        slug.chop(1);
    if (slug.isEmpty())
        slug = u"server"_s;
    return u"flowkeep-%1-%2.%3"_s.arg(slug, audit.startedAt.date().toString(Qt::ISODate),
                                      suffixOf(format));
}

base::Result<void> writeReport(const QString &path, const QByteArray &bytes)
{
    // The dialog has asked before an existing file is chosen.
    return base::writeFile(path, bytes, base::Existing::Replace);
}

void exportReport(const model::Audit &audit,
                  ExportFormat format,
                  Backend &backend,
                  QWidget *window,
                  const std::function<void(const QString &, const base::Result<void> &)> &done)
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    auto *dialog = new QFileDialog(window, Export::tr("Export the audit"), folder);
    dialog->setObjectName(u"exportDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(format == ExportFormat::Pdf ? Export::tr("PDF report (*.pdf)")
                                                      : Export::tr("Audit as JSON (*.json)"));
    dialog->setDefaultSuffix(suffixOf(format));
    dialog->selectFile(suggestedFileName(audit, format));
    QObject::connect(dialog, &QFileDialog::fileSelected, window,
                     [audit, format, &backend, window, done](const QString &path) {
                         receive(backend.report(audit, format), window,
                                 [path, done](const base::Result<QByteArray> &made) {
                                     if (!made)
                                         done(path, base::fail(made));
                                     else
                                         done(path, writeReport(path, *made));
                                 });
                     });
    dialog->open();
}

} // namespace ui
