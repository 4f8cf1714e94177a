#include "ui/fingerprint.h"

#include <QRegularExpression>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView prefix("SHA256:");

QString bare(QString text)
{
    static const QRegularExpression blanks(u"\\s+"_s);
    text.remove(blanks);
    if (text.startsWith(prefix, Qt::CaseInsensitive))
        text.remove(0, prefix.size());
    while (text.endsWith(u'='))
        text.chop(1);
    return text;
}

} // namespace

QStringList fingerprintGroups(const QString &fingerprint)
{
    const QString value = bare(fingerprint);
    QStringList groups;
    for (qsizetype i = 0; i < value.size(); i += 4)
        groups << value.mid(i, 4);
    return groups;
}

QString keyTypeName(const QString &type)
{
    if (type.contains(u"ed25519"_s))
        return u"ED25519"_s;
    if (type.startsWith(u"ecdsa"_s))
        return u"ECDSA"_s;
    if (type.contains(u"rsa"_s))
        return u"RSA"_s;
    return type.toUpper();
}

QString hostKeyFile(const QString &type)
{
    const QString name = keyTypeName(type).toLower();
    const bool known = name == u"ed25519"_s || name == u"ecdsa"_s || name == u"rsa"_s;
    // The type is the server's word: anything else never becomes part of a command to paste.
    return u"/etc/ssh/ssh_host_%1_key.pub"_s.arg(known ? name : u"ed25519"_s);
}

Comparison compareFingerprint(const QString &offered, const QString &pasted)
{
    const QString text = pasted.trimmed();
    if (text.isEmpty())
        return Comparison::Nothing;
    static const QRegularExpression inLine(u"SHA256:\\s*([A-Za-z0-9+/]{43}=?)(?![A-Za-z0-9+/])"_s);
    static const QRegularExpression md5(u"(MD5:)?([0-9a-fA-F]{2}:){15}[0-9a-fA-F]{2}"_s);
    const QRegularExpressionMatch line = inLine.match(text);
    if (line.hasMatch())
        return bare(line.captured(1)) == bare(offered) ? Comparison::Same : Comparison::Different;
    if (md5.match(text).hasMatch())
        return Comparison::OtherHash;
    return bare(text) == bare(offered) ? Comparison::Same : Comparison::Different;
}

} // namespace ui
