#pragma once

#include "core/look/tokens.h"

#include <QColor>
#include <QFont>

class QApplication;
class QPalette;

/// Fonts, palette and style sheet of the window, all made from the tokens in core/look.
namespace ui {

enum class ThemeChoice { FollowDesktop, Light, Dark };

/// Light or dark, by the lightness of the desktop's own window colour.
look::Theme desktopTheme(const QPalette &palette);

/// What was chosen in the menu, kept in the config directory.
ThemeChoice rememberedTheme(const QString &configDirectory);
void rememberTheme(const QString &configDirectory, ThemeChoice choice);

/// Sets style, palette, style sheet and icons of the whole program. May be called again to switch.
void applyTheme(QApplication &app, look::Theme theme);
/// The same for a choice. The desktop's palette is read at the first call, before ours replaces it.
void applyTheme(QApplication &app, ThemeChoice choice);

/// Takes Inter where the desktop names no real family (offscreen, bare X servers).
void prepareFonts(QApplication &app);

/// A token in the current theme.
QColor colour(look::Role role);

/// Sizes relative to the application's font.
enum class Type { Caption, Small, Body, Head, Title, Score };
QFont font(Type type, QFont::Weight weight = QFont::Normal);
QFont monoFont(Type type);

} // namespace ui
