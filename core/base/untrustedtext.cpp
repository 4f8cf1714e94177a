#include "core/base/untrustedtext.h"

#include <QList>
#include <QStringDecoder>

namespace base {

using namespace Qt::StringLiterals;

bool isHazardous(char32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) // C0, DEL, C1
        || c == 0x00ad || c == 0x061c
        || c == 0x180e // soft hyphen, Arabic letter mark, vowel separator
        || (c >= 0x200b && c <= 0x200f) // zero width, marks
        || (c >= 0x2028 && c <= 0x202e) // separators, embeddings, overrides
        || (c >= 0x2060 && c <= 0x206f) // word joiner, isolates, deprecated controls
        || (c >= 0xd800 && c <= 0xdfff) || c == 0xfeff // lone surrogates, byte order mark
        || (c >= 0xfff9 && c <= 0xfffb) // interlinear annotation
        || (c >= 0xe0000 && c <= 0xe0fff); // tags, variation selectors supplement
}

QString UntrustedText::clean(qsizetype maximum, bool keepLines) const
{
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    // Four bytes a character at most: never decode a flood only to cut it.
    const QString text
        = decode(QByteArrayView(m_bytes).first(qMin(m_bytes.size(), maximum * 4 + 4)));
    QString shown;
    shown.reserve(qMin(text.size(), maximum));
    qsizetype characters = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        char32_t c = text.at(i).unicode();
        qsizetype units = 1;
        if (text.at(i).isHighSurrogate() && i + 1 < text.size()
            && text.at(i + 1).isLowSurrogate()) {
            c = QChar::surrogateToUcs4(text.at(i), text.at(i + 1));
            units = 2;
        }
        if (characters++ == maximum) {
            shown += u'…';
            break;
        }
        if (c == '\n' && keepLines)
            shown += u'\n';
        else if (c == '\n' || c == '\t' || c == '\r')
            shown += keepLines && c == '\r' ? QString() : u" "_s;
        else if (isHazardous(c))
            shown += u'\ufffd';
        else
            shown += QStringView(text).mid(i, units);
        i += units - 1;
    }
    return shown;
}

QString UntrustedText::terminal(qsizetype maximum) const
{
    const QByteArrayView bytes
        = QByteArrayView(m_bytes).first(qMin(m_bytes.size(), maximum * 4 + 4));
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decode(bytes);
    QString shown;
    qsizetype characters = 0;
    for (const char32_t c : text.toUcs4()) {
        if (characters++ == maximum) {
            shown += u'…';
            break;
        }
        if (c < 0x100 && isHazardous(c))
            shown += u"\\x"_s + QString::number(c, 16).rightJustified(2, u'0');
        else if (isHazardous(c))
            shown += u"\\u{"_s + QString::number(c, 16) + u'}';
        else
            shown += QString::fromUcs4(&c, 1);
    }
    return shown;
}

} // namespace base
