#include "core/model/passages.h"

#include <QStringList>

#include <algorithm>

namespace model {

using namespace Qt::StringLiterals;

std::vector<Passage> passages(const QString &advice)
{
    static const QString marker = u"    "_s;
    std::vector<Passage> all;
    for (const QString &part : advice.split(u"\n\n"_s, Qt::SkipEmptyParts)) {
        QStringList lines = part.split(u'\n');
        const bool code = std::ranges::all_of(
            lines, [](const QString &line) { return line.startsWith(marker); });
        if (code) {
            for (QString &line : lines)
                line.remove(0, marker.size());
        }
        all.push_back({code, lines.join(u'\n')});
    }
    return all;
}

} // namespace model
