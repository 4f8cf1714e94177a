#pragma once

#include "core/report/page.h"
#include "core/report/report.h"
#include "core/report/words.h"

/// The parts of the PDF in order. Internal to core/report.
namespace report {

struct Material
{
    const Subject &subject;
    const Options &options;
    Words words;

    const model::CheckInfo *info(const QString &id) const;
};

void paintCover(Page &page, const Material &material);
/// What to fix first, and what holds the score down.
void paintSummary(Page &page, const Material &material);
void paintFindings(Page &page, const Material &material);
void paintNotAssessed(Page &page, const Material &material);
void paintMethod(Page &page, const Material &material);

} // namespace report
