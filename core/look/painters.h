#pragma once

#include "core/look/tokens.h"
#include "core/model/finding.h"
#include "core/model/score.h"

#include <QFont>
#include <QRectF>
#include <QString>

#include <array>
#include <optional>

class QPainter;

/// Painters shared by the window and the PDF. Sizes are in the painter's own units.
namespace look {

/// Counts in the order of ring and bars. Unknown and manual are not judged, so they are drawn
/// hollow.
struct Shares
{
    int pass = 0;
    int warn = 0;
    int fail = 0;
    int unknown = 0;
    int manual = 0;

    int total() const { return pass + warn + fail + unknown + manual; }
    friend bool operator==(const Shares &, const Shares &) = default;
};

Shares sharesOf(const model::Score &score);

/// Arcs clockwise from twelve o'clock: pass, warn, fail solid, then unknown and manual hatched.
/// Without any count the whole ring is hatched ("never audited").
void paintRing(QPainter &painter,
               const QRectF &rect,
               qreal stroke,
               const Shares &shares,
               Theme theme);

/// The same order as a bar with round ends; unknown and manual hollow.
void paintStackBar(QPainter &painter,
                   const QRectF &rect,
                   const Shares &shares,
                   Theme theme,
                   bool rightToLeft = false);

/// Four bars for severity (4 critical to 1 low, 0 info), in ink: colour belongs to verdicts.
void paintSeverity(QPainter &painter,
                   const QRectF &rect,
                   model::Severity severity,
                   Theme theme,
                   bool rightToLeft = false);

/// Four small dots, one for each level reached.
void paintReachDots(QPainter &painter,
                    const QRectF &rect,
                    model::Reach reach,
                    Theme theme,
                    bool rightToLeft = false);

/// A reach chain ready to be drawn.
struct ReachView
{
    model::Reach reach = model::Reach::Absent;
    bool passed = false;
    int broken = -1; ///< index of the first missing level after which it has no effect; -1 for none
    std::array<QString, 5> words; ///< the levels' names
    std::array<QString, 5> notes; ///< where it was seen, or where it got lost; may be empty
};

/// nullopt for checks that are not settings. A link counts as broken when the verdict is a fail or
/// a warning and the setting did not get as far as being honoured. `word` names a level.
std::optional<ReachView> reachViewOf(const model::Finding &finding,
                                     const std::function<QString(model::Reach)> &word,
                                     const model::Translator &translator);

/// True when the words under each stop fit into a fifth of the width, in units of `device` (the
/// screen where it is null); otherwise show `reachSentence`.
bool reachWordsFit(const ReachView &view,
                   qreal width,
                   const QFont &font,
                   const QFont &strong,
                   const QPaintDevice *device = nullptr);

/// "Written: .env line 84. Delivered: not in gotrue."
QString reachSentence(const ReachView &view);

/// Nodes and links at the top of `rect`, words and notes below. `node` is the diameter.
void paintReachBar(QPainter &painter,
                   const QRectF &rect,
                   const ReachView &view,
                   qreal node,
                   bool withWords,
                   const QFont &font,
                   const QFont &strong,
                   Theme theme,
                   bool rightToLeft = false);

} // namespace look
