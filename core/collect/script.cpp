#include "core/collect/collect.h"

#include <QFile>

namespace collect {

QByteArray collectorScript()
{
    QFile file(QStringLiteral(":/flowkeep/collector.sh"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace collect
