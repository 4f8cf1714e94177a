#pragma once

#include "core/model/finding.h"
#include "core/report/report.h"

#include <QString>

/// The words of reports in the report's language. Internal to core/report.
namespace report {

class Words
{
public:
    explicit Words(const Options &options)
        : m_options(options)
    { }

    /// A label marked with QT_TRANSLATE_NOOP("Report", "...").
    QString label(const char *text) const;
    /// A text of the catalogue: title, why, advice.
    QString check(const char *text) const;
    QString sentence(const model::Sentence &sentence) const;

    /// For painters that render sentences themselves.
    model::Translator translator() const;

    QString verdict(const model::Finding &finding) const;
    QString verdict(model::Verdict verdict) const;
    QString severity(model::Severity severity) const;
    QString area(model::Area area) const;
    QString reach(model::Reach reach) const;
    QString privilege(model::Privilege privilege) const;
    /// "25 November 2026, 12:57 UTC"
    QString time(const QDateTime &time) const;

private:
    QString translate(const char *context, const char *text, int number) const;

    const Options &m_options;
};

} // namespace report
