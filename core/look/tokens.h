#pragma once

#include <QColor>
#include <QRgb>

#include <array>

/// The look that window and PDF share. No other file writes a colour as a number.
namespace look {

enum class Theme { Light, Dark };

/// What a colour is for. Three hues judge (pass, fail, warn), the accent says "you can act here",
/// and everything not judged is neutral.
enum class Role {
    Window,
    Base,
    Sunken,
    Hover,
    Sel,
    Text,
    Text2,
    Text3,
    Line,
    Line2,
    Control,
    Accent,
    AccentFill,
    OnAccentFill,
    AccentSoft,
    Pass,
    PassGlyph,
    Fail,
    FailGlyph,
    Warn,
    WarnGlyph,
    Neutral,
    PassSoft,
    FailSoft,
    WarnSoft,
    NeutralSoft,
    Add,
    AddStrong,
    Rem,
    RemStrong,
};
inline constexpr std::size_t roleCount = 30;

struct Swatch
{
    const char *name; ///< as written in the style sheet: @name
    QRgb light;
    QRgb dark;
};

/// In the order of Role. tests/unit/look computes the contrasts: text 4.5, graphics 3.0 on every
/// surface.
inline constexpr std::array<Swatch, roleCount> swatches{{
    {"window", 0xfff5f6f8, 0xff14171c},     {"base", 0xffffffff, 0xff1a1e25},
    {"sunken", 0xfff1f3f6, 0xff12151a},     {"hover", 0xffeef1f5, 0xff222832},
    {"sel", 0xffe7edfc, 0xff263357},        {"text", 0xff1a2130, 0xffe7eaf0},
    {"text2", 0xff4d576a, 0xffb0b8c6},      {"text3", 0xff626b7e, 0xff98a1b2},
    {"line", 0xffe2e5ea, 0xff2a303a},       {"line2", 0xffc9cfd9, 0xff3c4452},
    {"control", 0xff7d8699, 0xff7e889a},    {"accent", 0xff2f54c8, 0xff9db2ff},
    {"accentFill", 0xff2f54c8, 0xff3f5fd3}, {"onAccentFill", 0xffffffff, 0xffffffff},
    {"accentSoft", 0xffe9eefc, 0xff222b48}, {"pass", 0xff17764a, 0xff62cc96},
    {"passGlyph", 0xff17764a, 0xff4cb981},  {"fail", 0xffbf2a26, 0xffff968d},
    {"failGlyph", 0xffbf2a26, 0xffee6f66},  {"warn", 0xff875600, 0xffebbd62},
    {"warnGlyph", 0xffb5760a, 0xffddaa48},  {"neutral", 0xff566074, 0xffa6afbe},
    {"passSoft", 0xffe4f3ea, 0xff173026},   {"failSoft", 0xfffbe9e7, 0xff3b2123},
    {"warnSoft", 0xfffcf0d6, 0xff352a15},   {"neutralSoft", 0xffebeef2, 0xff272d37},
    {"add", 0xffe3f4e9, 0xff16301f},        {"addStrong", 0xffd2eedd, 0xff22512f},
    {"rem", 0xfffce9e7, 0xff3a2022},        {"remStrong", 0xfffadad7, 0xff64302f},
}};

constexpr const Swatch &swatch(Role role)
{
    return swatches[static_cast<std::size_t>(role)];
}

constexpr QRgb rgb(Theme theme, Role role)
{
    return theme == Theme::Light ? swatch(role).light : swatch(role).dark;
}

inline QColor colour(Theme theme, Role role)
{
    return QColor::fromRgb(rgb(theme, role));
}

/// Distances in device independent pixels.
namespace space {
inline constexpr int hair = 4;
inline constexpr int small = 8;
inline constexpr int medium = 12;
inline constexpr int large = 16;
inline constexpr int page = 24;
inline constexpr int wide = 32;
} // namespace space

namespace radius {
inline constexpr int card = 8;
inline constexpr int button = 6;
inline constexpr int chip = 5;
} // namespace radius

} // namespace look
