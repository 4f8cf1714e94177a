#include "core/collect/collect.h"

#include <QCryptographicHash>
#include <QFile>

namespace collect {

namespace {

constexpr qsizetype sealedLine = 1000; ///< bytes of text in a line

} // namespace

QByteArray collectorScript()
{
    QFile file(QStringLiteral(":/flowkeep/collector.sh"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// Lines that are lost, at the end or, to a sudo that asks once more, at the beginning, leave lines
// that do nothing but add to a variable; pieces of them are no commands either.
QByteArray sealed(const QByteArray &script)
{
    const QByteArray text = script.toBase64();
    const QByteArray hash = QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
    QByteArray lines;
    for (qsizetype at = 0; at < text.size(); at += sealedLine)
        lines += "fk_sealed=${fk_sealed}" + text.mid(at, sealedLine) + '\n';
    lines += "PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C; "
             "case ${#fk_sealed}:$(printf %s \"$fk_sealed\" | sha256sum) in "
        + QByteArray::number(text.size()) + ':' + hash
        + "*) eval \"$(printf %s \"$fk_sealed\" | base64 -d)\" ;; "
          "*) echo 'the script did not arrive whole, or sha256sum is missing' >&2; exit 3 ;; "
          "esac\n";
    return lines;
}

} // namespace collect
