#pragma once

#include "core/base/error.h"

#include <QWidget>

#include <optional>

namespace ui {

/// The eight stages of a connection: done slate, the failed one red with its word, later ones open.
class StageBar : public QWidget
{
    Q_OBJECT

public:
    explicit StageBar(QWidget *parent = nullptr);

    /// Every stage open.
    void clear();
    /// `stage` is being worked on; those before it are done.
    void setRunning(base::Stage stage);
    void setFailed(base::Stage stage);
    void setDone();
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {420, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void announce(const QString &text);

    int m_done = 0; ///< number of stages that are done
    bool m_failed = false; ///< the stage after them failed
    bool m_running = false;
};

/// True for the eight stages of a connection; later ones belong to reading and writing.
bool isConnectionStage(base::Stage stage);

} // namespace ui
