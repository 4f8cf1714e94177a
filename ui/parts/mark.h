#pragma once

#include "core/look/icons.h"

#include <QWidget>

namespace ui {

/// An icon that follows the theme, unlike a picture set on a label.
class Mark : public QWidget
{
    Q_OBJECT

public:
    Mark(const QString &name, int size, look::Role tone, look::Role behind = look::Role::Base);

    void set(const QString &name, look::Role tone);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QIcon m_icon;
    look::Role m_behind;
};

} // namespace ui
