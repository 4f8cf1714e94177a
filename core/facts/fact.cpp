#include "core/facts/fact.h"

namespace facts {

using namespace Qt::StringLiterals;

QString word(Gap gap)
{
    switch (gap) {
    case Gap::NotCollected:
        return u"not-collected"_s;
    case Gap::Denied:
        return u"denied"_s;
    case Gap::Writable:
        return u"writable"_s;
    case Gap::ToolMissing:
        return u"missing"_s;
    case Gap::TimedOut:
        return u"timeout"_s;
    case Gap::Failed:
        return u"failed"_s;
    case Gap::Unparsable:
        return u"unparsable"_s;
    case Gap::Cut:
        return u"cut"_s;
    }
    return {};
}

} // namespace facts
