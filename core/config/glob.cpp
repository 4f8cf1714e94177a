#include "core/config/glob.h"

namespace config {

namespace {

/// Length of the set "[...]" at the start of `pattern`; 0 where it is no complete set.
qsizetype setLength(QByteArrayView pattern)
{
    qsizetype i = 1;
    if (i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^'))
        ++i;
    if (i < pattern.size() && pattern[i] == ']')
        ++i;
    while (i < pattern.size() && pattern[i] != ']')
        ++i;
    return i < pattern.size() ? i + 1 : 0;
}

bool setContains(QByteArrayView set, char c)
{
    set = set.sliced(1, set.size() - 2);
    const bool negated = set.startsWith('!') || set.startsWith('^');
    if (negated)
        set = set.sliced(1);
    bool inside = false;
    for (qsizetype i = 0; i < set.size(); ++i) {
        const bool range = i + 2 < set.size() && set[i + 1] == '-';
        inside |= range ? (set[i] <= c && c <= set[i + 2]) : set[i] == c;
        if (range)
            i += 2;
    }
    return inside != negated;
}

/// One path component. Only the last `*` is ever retried, which keeps the work at pattern x text.
bool componentMatches(QByteArrayView pattern, QByteArrayView text, qint64 &budget)
{
    if (text.startsWith('.') && !pattern.startsWith('.'))
        return false;
    qsizetype p = 0;
    qsizetype t = 0;
    qsizetype star = -1;
    qsizetype retry = 0;
    while (t < text.size()) {
        if (--budget <= 0)
            return false;
        qsizetype step = 0; // how much of the pattern this character takes
        if (p < pattern.size() && pattern[p] == '*') {
            star = ++p;
            retry = t;
            continue;
        }
        if (p < pattern.size() && pattern[p] == '[') {
            const qsizetype length = setLength(pattern.sliced(p));
            budget -= length;
            if (length > 0 && setContains(pattern.sliced(p, length), text[t]))
                step = length;
            else if (length == 0 && text[t] == '[')
                step = 1;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            step = 1;
        }
        if (step > 0) {
            p += step;
            ++t;
        } else if (star >= 0) {
            p = star;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

} // namespace

bool globMatches(QByteArrayView pattern, QByteArrayView path, qint64 &budget)
{
    for (;;) {
        if (--budget <= 0)
            return false;
        const qsizetype patternSlash = pattern.indexOf('/');
        const qsizetype pathSlash = path.indexOf('/');
        if ((patternSlash < 0) != (pathSlash < 0))
            return false;
        if (patternSlash < 0)
            return componentMatches(pattern, path, budget);
        if (!componentMatches(pattern.first(patternSlash), path.first(pathSlash), budget))
            return false;
        pattern = pattern.sliced(patternSlash + 1);
        path = path.sliced(pathSlash + 1);
    }
}

} // namespace config
