#pragma once

#include "core/look/tokens.h"

#include <QIcon>
#include <QPixmap>
#include <QRectF>
#include <QString>

class QPainter;

namespace look {

/// The theme that icons of the window are drawn in. Reports always pass Theme::Light themselves.
Theme windowTheme();
void setWindowTheme(Theme theme);

/// Paints an icon of resources/icons in `tone`; the mark inside a solid glyph is painted in the
/// colour of what lies behind it, because QtSvg 6.4 ignores masks. Vector output stays vector. On
/// any thread.
void paintIcon(QPainter &painter,
               const QRectF &rect,
               const QString &name,
               const QColor &tone,
               const QColor &behind);

/// The same as a picture, from a cache. `size` in device independent pixels. Only on the window's
/// thread.
QPixmap iconPixmap(const QString &name, int size, qreal ratio, QRgb tone, QRgb behind);

/// An icon for buttons and actions: it follows the window's theme and goes pale when disabled.
QIcon icon(const QString &name, Role tone = Role::Text2, Role behind = Role::Base);

} // namespace look
