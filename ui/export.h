#pragma once

#include "ui/backend.h"

#include <functional>

class QWidget;

namespace ui {

/// "flowkeep-notes-example-org-2026-03-12.pdf": a name of letters, digits and dashes, whatever the
/// server is called.
QString suggestedFileName(const model::Audit &audit, ExportFormat format);

/// Writes a report that only its owner can read.
base::Result<void> writeReport(const QString &path, const QByteArray &bytes);

/// Asks where to, makes the report and writes it; `done` gets the path or the error.
void exportReport(const model::Audit &audit,
                  ExportFormat format,
                  Backend &backend,
                  QWidget *window,
                  const std::function<void(const QString &, const base::Result<void> &)> &done);

} // namespace ui
