#pragma once

#include "core/model/labels.h"
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
    QString label(const char *text, int number = -1) const;
    /// A text of the catalogue: title, why, advice.
    QString check(const char *text) const;
    QString sentence(const model::Sentence &sentence) const;

    /// For painters that render sentences themselves.
    model::Translator translator() const;

    /// Of a verdict, finding, severity, area or reach.
    template <typename T>
    QString of(const T &value) const
    {
        return translate("Label", model::label(value), -1);
    }
    QString privilege(model::Privilege privilege) const;
    /// "25 November 2026, 12:57 UTC"
    QString time(const QDateTime &time) const;

private:
    QString translate(const char *context, const char *text, int number) const;

    const Options &m_options;
};

} // namespace report
