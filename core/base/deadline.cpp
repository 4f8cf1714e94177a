#include "core/base/deadline.h"

#include <algorithm>

namespace base {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Deadline Deadline::never()
{
    return {};
}

Deadline Deadline::after(milliseconds span)
{
    Deadline deadline;
    deadline.m_when = steady_clock::now() + span;
    return deadline;
}

bool Deadline::expired() const
{
    return steady_clock::now() >= m_when;
}

milliseconds Deadline::remaining() const
{
    constexpr milliseconds longest{std::chrono::hours(24 * 24)};
    const auto now = steady_clock::now();
    if (now >= m_when)
        return milliseconds::zero();
    if (m_when - now > longest)
        return longest;
    // Rounded up: a rest of 0.4 ms must not spin with poll(0).
    return std::chrono::ceil<milliseconds>(m_when - now);
}

Deadline Deadline::soonerOf(const Deadline &other) const
{
    Deadline sooner;
    sooner.m_when = std::min(m_when, other.m_when);
    return sooner;
}

Clock systemClock()
{
    return [] { return QDateTime::currentDateTimeUtc(); };
}

} // namespace base
