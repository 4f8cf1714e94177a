#include "core/report/words.h"

#include <QLocale>

namespace report {

using namespace Qt::StringLiterals;

QString Words::translate(const char *context, const char *text, int number) const
{
    if (m_options.translate)
        return m_options.translate(context, text, number);
    return model::englishPlural(QString::fromUtf8(text), number);
}

QString Words::label(const char *text, int number) const
{
    return translate("Report", text, number);
}

QString Words::check(const char *text) const
{
    return translate("Check", text, -1);
}

QString Words::sentence(const model::Sentence &sentence) const
{
    return model::render(sentence, translator());
}

model::Translator Words::translator() const
{
    return [this](const char *text, int number) { return translate("Sentence", text, number); };
}

QString Words::privilege(model::Privilege privilege) const
{
    switch (privilege) {
    case model::Privilege::Root:
        return label(QT_TRANSLATE_NOOP("Report", "as root"));
    case model::Privilege::Sudo:
        return label(QT_TRANSLATE_NOOP("Report", "as root by sudo"));
    case model::Privilege::User:
        break;
    }
    return label(QT_TRANSLATE_NOOP("Report", "as an ordinary user: much stays unknown"));
}

QString Words::time(const QDateTime &time) const
{
    return QLocale(m_options.language).toString(time.toUTC(), u"d MMMM yyyy, HH:mm"_s) + u" UTC"_s;
}

} // namespace report
