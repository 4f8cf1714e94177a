#include "ui/parts/mark.h"

#include <QPainter>

namespace ui {

Mark::Mark(const QString &name, int size, look::Role tone, look::Role behind)
    : m_icon(look::icon(name, tone, behind))
    , m_behind(behind)
{
    setFixedSize(size, size);
}

void Mark::set(const QString &name, look::Role tone)
{
    m_icon = look::icon(name, tone, m_behind);
    update();
}

void Mark::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    m_icon.paint(&painter, rect());
}

} // namespace ui
