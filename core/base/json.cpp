#include "core/base/json.h"

#include "core/base/untrustedtext.h"

#include <QJsonDocument>

#include <algorithm>

namespace base {

namespace {

QByteArray escaped(char32_t character)
{
    QByteArray out;
    for (const char16_t unit : QChar::fromUcs4(character))
        out += "\\u" + QByteArray::number(unit, 16).rightJustified(4, '0');
    return out;
}

} // namespace

QByteArray jsonText(const QJsonObject &object)
{
    const QByteArray text = QJsonDocument(object).toJson(QJsonDocument::Indented);
    const auto beyondAscii = [](char c) { return static_cast<unsigned char>(c) >= 0x7f; };
    QByteArray out;
    auto from = text.cbegin();
    while (from != text.cend()) {
        const auto odd = std::find_if(from, text.cend(), beyondAscii);
        out.append(from, odd - from);
        from = std::find_if_not(odd, text.cend(), beyondAscii);
        // Raw line breaks stand between values only: inside of strings JSON has them escaped.
        for (const char32_t character : QString::fromUtf8(odd, from - odd).toUcs4()) {
            out += isHazardous(character) ? escaped(character)
                                          : QString::fromUcs4(&character, 1).toUtf8();
        }
    }
    return out;
}

} // namespace base
