#include "ui/theme.h"

#include "core/look/icons.h"
#include "ui/flowstyle.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <QPalette>
#include <QSettings>
#include <QStyle>
#include <QStyleFactory>

namespace ui {

using namespace Qt::StringLiterals;
using look::Role;

namespace {

qreal factor(Type type)
{
    switch (type) {
    case Type::Caption:
        return 0.85;
    case Type::Small:
        return 0.92;
    case Type::Body:
        return 1.0;
    case Type::Head:
        return 1.15;
    case Type::Title:
        return 1.54;
    case Type::Score:
        return 2.26;
    }
    return 1.0;
}

QPalette paletteOf(look::Theme theme)
{
    const auto of = [theme](Role role) { return look::colour(theme, role); };
    QPalette palette;
    palette.setColor(QPalette::Window, of(Role::Window));
    palette.setColor(QPalette::WindowText, of(Role::Text));
    palette.setColor(QPalette::Base, of(Role::Base));
    palette.setColor(QPalette::AlternateBase, of(Role::Window));
    palette.setColor(QPalette::Text, of(Role::Text));
    palette.setColor(QPalette::PlaceholderText, of(Role::Text3));
    palette.setColor(QPalette::Button, of(Role::Base));
    palette.setColor(QPalette::ButtonText, of(Role::Text));
    palette.setColor(QPalette::BrightText, of(Role::OnAccentFill));
    palette.setColor(QPalette::Highlight, of(Role::Sel));
    palette.setColor(QPalette::HighlightedText, of(Role::Text));
    palette.setColor(QPalette::Link, of(Role::Accent));
    palette.setColor(QPalette::LinkVisited, of(Role::Accent));
    palette.setColor(QPalette::ToolTipBase, of(Role::Base));
    palette.setColor(QPalette::ToolTipText, of(Role::Text));
    palette.setColor(QPalette::Light, of(Role::Base));
    palette.setColor(QPalette::Midlight, of(Role::Line));
    palette.setColor(QPalette::Mid, of(Role::Line2));
    palette.setColor(QPalette::Dark, of(Role::Control));
    palette.setColor(QPalette::Shadow, of(Role::Line2));
    for (const QPalette::ColorRole role :
         {QPalette::Text, QPalette::WindowText, QPalette::ButtonText, QPalette::HighlightedText}) {
        palette.setColor(QPalette::Disabled, role, of(Role::Control));
    }
    return palette;
}

/// One sheet for what the style cannot be told through the palette. `@role` is filled from the
/// tokens.
constexpr const char *sheet = R"(
QLabel[tone="2"] { color: @text2; }
QLabel[tone="3"] { color: @text3; }
QLabel[tone="accent"] { color: @accent; }
QLabel[tone="pass"] { color: @pass; }
QLabel[tone="fail"] { color: @fail; }
QLabel[tone="warn"] { color: @warn; }
QWidget[surface="base"] { background: @base; }
QWidget[surface="window"] { background: @window; }
QWidget[surface="sunken"] { background: @sunken; border-radius: 8px; }
QFrame[line="true"] { background: @line; border: none; }
QDialog, QMessageBox { background: @base; }
QToolTip { background: @base; color: @text; border: 1px solid @line2; padding: 4px; }
QMenuBar { background: @window; border-bottom: 1px solid @line; padding: 2px 8px; }
QMenuBar::item { padding: 3px 10px; border-radius: 5px; }
QMenuBar::item:selected { background: @sel; }
QMenu { background: @base; border: 1px solid @line2; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 26px; border-radius: 5px; }
QMenu::item:selected { background: @sel; }
QMenu::item:disabled { color: @control; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QPushButton { background: @base; color: @text; border: 1px solid @line2; border-radius: 6px;
  padding: 5px 13px; min-height: 18px; font-weight: 500; outline: none; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @sel; }
QPushButton:focus { border: 2px solid @accent; padding: 4px 12px; }
QPushButton:disabled { background: @sunken; color: @text3; border-color: @line; }
QPushButton[kind="primary"] { background: @accentFill; color: @onAccentFill; border: 1px solid @accentFill;
  font-weight: 600; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; padding: 4px 12px; }
QPushButton[kind="primary"]:disabled { background: @neutralSoft; color: @text3; border-color: @line; }
QPushButton[kind="ghost"] { background: transparent; color: @accent; border: 1px solid transparent; }
QPushButton[kind="ghost"]:hover { background: @hover; }
QPushButton[kind="ghost"]:focus { border: 2px solid @accent; }
QPushButton::menu-indicator { image: none; width: 0; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px;
  outline: none; }
QToolButton:hover { background: @hover; }
QToolButton:focus { border: 2px solid @accent; padding: 3px; }
QToolButton::menu-indicator { image: none; width: 0; }
QLineEdit, QSpinBox, QComboBox { background: @base; color: @text; border: 1px solid @control;
  border-radius: 6px; padding: 4px 8px; min-height: 20px; selection-background-color: @sel;
  selection-color: @text; }
QLineEdit:focus, QSpinBox:focus, QComboBox:focus { border: 2px solid @accent; padding: 3px 7px; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled { background: @sunken; color: @text3;
  border-color: @line2; }
QLineEdit[state="error"] { border: 2px solid @failGlyph; padding: 3px 7px; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; border: none; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox QAbstractItemView { background: @base; border: 1px solid @line2; selection-background-color: @sel;
  selection-color: @text; outline: none; }
QPlainTextEdit, QTreeView, QListView, QScrollArea { border: none; background: @base; }
ui--TextBlock { background: transparent; }
QProgressBar { background: @line; border: none; border-radius: 3px; }
QProgressBar::chunk { background: @accentFill; border-radius: 3px; }
QListView[surface="window"] { background: @window; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: @line2; border-radius: 3px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: @control; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: @line; }
)";

QString sheetOf(look::Theme theme)
{
    QString text = QString::fromLatin1(sheet);
    // Longest names first: "@text" would otherwise eat the beginning of "@text2".
    std::vector<const look::Swatch *> order;
    for (const look::Swatch &swatch : look::swatches)
        order.push_back(&swatch);
    std::ranges::sort(order, [](const look::Swatch *a, const look::Swatch *b) {
        return qstrlen(a->name) > qstrlen(b->name);
    });
    for (const look::Swatch *swatch : order) {
        const QRgb value = theme == look::Theme::Light ? swatch->light : swatch->dark;
        text.replace(u'@' + QLatin1StringView(swatch->name), QColor(value).name());
    }
    return text;
}

} // namespace

look::Theme desktopTheme(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < 128 ? look::Theme::Dark
                                                             : look::Theme::Light;
}

void applyTheme(QApplication &app, look::Theme theme)
{
    look::setWindowTheme(theme);
    if (!app.property("flowStyle").toBool()) {
        QApplication::setStyle(new FlowStyle);
        app.setProperty("flowStyle", true);
    }
    QApplication::setPalette(paletteOf(theme));
    app.setStyleSheet(sheetOf(theme));
}

void applyTheme(QApplication &app, ThemeChoice choice)
{
    static const look::Theme desktop = desktopTheme(QApplication::palette());
    switch (choice) {
    case ThemeChoice::Light:
        applyTheme(app, look::Theme::Light);
        break;
    case ThemeChoice::Dark:
        applyTheme(app, look::Theme::Dark);
        break;
    case ThemeChoice::FollowDesktop:
        applyTheme(app, desktop);
        break;
    }
}

ThemeChoice rememberedTheme(const QString &configDirectory)
{
    const QSettings settings(configDirectory + u"/window.ini"_s, QSettings::IniFormat);
    const QString word = settings.value(u"window/theme"_s).toString();
    if (word == u"light"_s)
        return ThemeChoice::Light;
    return word == u"dark"_s ? ThemeChoice::Dark : ThemeChoice::FollowDesktop;
}

void rememberTheme(const QString &configDirectory, ThemeChoice choice)
{
    QSettings settings(configDirectory + u"/window.ini"_s, QSettings::IniFormat);
    settings.setValue(u"window/theme"_s,
                      choice == ThemeChoice::Light      ? u"light"_s
                          : choice == ThemeChoice::Dark ? u"dark"_s
                                                        : u"desktop"_s);
}

void prepareFonts(QApplication &app)
{
    const QString family = QFontInfo(QApplication::font()).family();
    if (!family.startsWith(u"DejaVu"_s) && QGuiApplication::platformName() != u"offscreen"_s)
        return;
    if (!QFontDatabase::hasFamily(u"Inter"_s))
        return;
    QFont inter(u"Inter"_s);
    inter.setPointSizeF(9.75);
    app.setFont(inter);
}

QColor colour(Role role)
{
    return look::colour(look::windowTheme(), role);
}

QFont font(Type type, QFont::Weight weight)
{
    QFont made = QApplication::font();
    made.setPointSizeF(made.pointSizeF() * factor(type));
    made.setWeight(weight);
    return made;
}

QFont monoFont(Type type)
{
    QFont made = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (!QFontInfo(made).fixedPitch())
        made = QFont(u"Noto Sans Mono"_s);
    made.setStyleHint(QFont::Monospace);
    made.setPointSizeF(QApplication::font().pointSizeF() * factor(type) * 0.95);
    return made;
}

} // namespace ui
