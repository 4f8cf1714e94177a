#pragma once

#include "ui/backend.h"

#include <QWidget>

#include <memory>

class QSettings;
class QSplitter;

namespace ui {

class Checklist;
class DetailPane;
class ReasonLine;
class Summary;

/// Score, what holds it down, the checklist and the finding chosen in it.
class PosturePage : public QWidget
{
    Q_OBJECT

public:
    PosturePage(const Backend &backend, QWidget *parent);

    void setRun(std::shared_ptr<const engine::AuditRun> run, const QString &deployment);
    void setNarrow(bool narrow);
    Checklist *checklist() const { return m_checklist; }
    /// Hides the finding; false when none was open.
    bool closeDetail();
    void setSummaryShown(bool shown);

    void save(QSettings &settings) const;
    void restore(QSettings &settings);

private:
    void showFinding(const model::Finding *finding);

    std::shared_ptr<const engine::AuditRun> m_run;
    QString m_deployment; ///< empty: all
    Summary *m_summary;
    ReasonLine *m_reason;
    Checklist *m_checklist;
    DetailPane *m_detail;
    QSplitter *m_splitter;
    int m_detailWidth = 408;
    bool m_closed = false; ///< by the person: moving in the list does not open it again
};

} // namespace ui
