#pragma once

#include "core/base/result.h"
#include "core/model/audit.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <span>
#include <vector>

/// One report model, several formats. The same numbers in all of them.
namespace report {

struct Options
{
    QString organisation;
    bool letter = false; ///< US Letter instead of A4
    /// Translates (context, source, number); empty for English. Contexts: Sentence, Check, Report.
    std::function<QString(const char *context, const char *text, int number)> translate;
    QString language = QStringLiteral("en"); ///< BCP 47
};

/// An audit with the constants of its checks, in the order of the catalogue.
struct Subject
{
    const model::Audit &audit;
    std::span<const model::CheckInfo> checks;
};

/// flowkeep.audit/1; always English.
QByteArray auditJson(const Subject &subject);

/// Title, score with coverage and "up to", findings by area with evidence, method page, page
/// numbers; fonts embedded. Needs a QGuiApplication (offscreen will do).
base::Result<QByteArray> pdf(const Subject &subject, const Options &options);

} // namespace report
