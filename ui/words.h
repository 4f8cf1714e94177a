#pragma once

#include "core/base/error.h"
#include "core/engine/messages.h"
#include "core/model/score.h"
#include "core/model/verdict.h"

#include <QDateTime>
#include <QString>
#include <QTranslator>

/// The words of the window: translated, plain, safe to show.
namespace ui {

/// A name or an answer of somebody else as one line of plain text.
QString plain(const QString &text);

/// A sentence of a check in the window's language.
QString say(const model::Sentence &sentence);
model::Translator sentenceTranslator();
/// Title, why or advice of a check.
QString checkText(const char *source);
engine::Message messageOf(const base::Error &error);
/// A damaged database is now under this name.
engine::Message setAsideMessage(const QString &file);

QString verdictWord(model::Verdict verdict);
/// "Fail: no effect" where a setting is written or delivered but not honoured.
QString verdictPhrase(const model::Finding &finding);
QString severityWord(model::Severity severity);
QString reachWord(model::Reach reach); ///< "Written"
QString reachWordSmall(model::Reach reach); ///< "written", for rows
QString areaWord(model::Area area); ///< "Inventory", for tiles
QString stageWord(base::Stage stage); ///< "Key exchange"

/// "Containers" for the collector's section "containers", its id where it has no word.
QString sectionWord(const QString &id);

/// "5 fail, 2 warnings, 3 pass", without zeros.
QString countsPhrase(const model::Score &counts);
/// "12 min", "2 h", "3 d".
QString age(const QDateTime &then, const QDateTime &now);

/// Tool tips guess rich text; this keeps foreign text plain there.
QString plainToolTip(const QString &text);

/// English itself: turns "check(s)" into "check" or "checks".
class EnglishPlurals : public QTranslator
{
    Q_OBJECT

public:
    using QTranslator::QTranslator;
    bool isEmpty() const override { return false; }
    QString translate(const char *context,
                      const char *source,
                      const char *disambiguation,
                      int n) const override;
};

} // namespace ui
