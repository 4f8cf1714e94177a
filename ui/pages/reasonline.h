#pragma once

#include "ui/backend.h"

#include <QPointer>
#include <QWidget>

#include <span>

class QHBoxLayout;

namespace ui {

/// One line under the summary: what holds the score down, as links, and what fixing it gives.
class ReasonLine : public QWidget
{
    Q_OBJECT

public:
    explicit ReasonLine(const Backend &backend, QWidget *parent = nullptr);

    void setFindings(std::span<const model::Finding> findings, const model::Score &score);

signals:
    void wanted(const QString &checkId);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void clear();
    void fit();

    const Backend &m_backend;
    QHBoxLayout *m_row;
    QPointer<QWidget> m_gain; ///< left out where there is no room
};

} // namespace ui
