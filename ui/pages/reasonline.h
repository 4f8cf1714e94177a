#pragma once

#include "ui/backend.h"

#include <QPointer>
#include <QWidget>

class QHBoxLayout;

namespace ui {

/// One line under the summary: what holds the score down, as links, and what fixing it gives.
class ReasonLine : public QWidget
{
    Q_OBJECT

public:
    explicit ReasonLine(const Backend &backend, QWidget *parent = nullptr);

    /// Of one deployment, or of all where `deployment` is empty.
    void setAudit(const model::Audit &audit, const QString &deployment);

signals:
    void wanted(const QString &deployment, const QString &checkId);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();

    const Backend &m_backend;
    QHBoxLayout *m_row;
    QPointer<QWidget> m_gain; ///< left out where there is no room
};

} // namespace ui
