#pragma once

#include "core/base/untrustedtext.h"

#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace model {

/// One sentence in no language yet: the English source text with %1..%9, what goes into the gaps,
/// and the number that decides its plural form. JSON and logs render it in English, window and
/// reports in theirs. Arguments may come from a server, so they are UntrustedText and pass
/// `display()`.
struct Sentence
{
    const char *text = ""; ///< always a literal marked with QT_TRANSLATE_NOOP("Sentence", "...")
    std::vector<base::UntrustedText> args;
    std::optional<int> number; ///< fills %n

    bool isEmpty() const { return *text == '\0'; }
    friend bool operator==(const Sentence &, const Sentence &);
};

/// say(QT_TRANSLATE_NOOP("Sentence", "%1 listens on %2"), {name, address})
Sentence say(const char *text, std::vector<base::UntrustedText> args = {});
Sentence say(const char *text, std::vector<base::UntrustedText> args, int number);

/// Arguments from what checks usually hold.
base::UntrustedText arg(const QByteArray &bytes);
base::UntrustedText arg(const QString &text);
base::UntrustedText arg(qint64 number);

/// Translates a source text; `number` is -1 where there is no plural. QCoreApplication::translate
/// with the context "Sentence" fits; identity gives English.
using Translator = std::function<QString(const char *text, int number)>;

QString render(const Sentence &sentence, const Translator &translator);
/// English, for JSON, logs and tests.
QString render(const Sentence &sentence);

/// English sources spell plurals "key(s)", because translations bring real plural forms of their
/// own; "%n" becomes the number. A negative number leaves the text alone.
QString englishPlural(QString text, int number);

} // namespace model
