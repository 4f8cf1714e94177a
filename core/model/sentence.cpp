#include "core/model/sentence.h"

#include <cstring>

namespace model {

using namespace Qt::StringLiterals;

bool operator==(const Sentence &a, const Sentence &b)
{
    return std::strcmp(a.text, b.text) == 0 && a.args == b.args && a.number == b.number;
}

Sentence say(const char *text, std::vector<base::UntrustedText> args)
{
    return {text, std::move(args), std::nullopt};
}

Sentence say(const char *text, std::vector<base::UntrustedText> args, int number)
{
    return {text, std::move(args), number};
}

base::UntrustedText arg(const QByteArray &bytes)
{
    return base::UntrustedText(bytes);
}
base::UntrustedText arg(const QString &text)
{
    return base::UntrustedText(text);
}
base::UntrustedText arg(qint64 number)
{
    return base::UntrustedText(QByteArray::number(number));
}

QString render(const Sentence &sentence, const Translator &translator)
{
    const QString pattern = translator(sentence.text, sentence.number.value_or(-1));
    QString out;
    out.reserve(pattern.size() + 64);
    // One pass, so that a "%2" inside an argument stays what it is.
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const QChar c = pattern.at(i);
        const QChar next = i + 1 < pattern.size() ? pattern.at(i + 1) : QChar();
        if (c == u'%' && next >= u'1' && next <= u'9') {
            const auto index = static_cast<std::size_t>(next.unicode() - u'1');
            if (index < sentence.args.size())
                out += sentence.args[index].display();
            ++i;
        } else if (c == u'%' && next == u'n' && sentence.number) {
            out += QString::number(*sentence.number);
            ++i;
        } else {
            out += c;
        }
    }
    return out;
}

QString render(const Sentence &sentence)
{
    return render(sentence, [](const char *text, int number) {
        return englishPlural(QString::fromUtf8(text), number);
    });
}

QString englishPlural(QString text, int number)
{
    if (number < 0)
        return text;
    return text.replace(u"(s)"_s, number == 1 ? QString() : u"s"_s)
        .replace(u"%n"_s, QString::number(number));
}

} // namespace model
