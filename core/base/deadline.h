#pragma once

#include <QDateTime>

#include <chrono>
#include <functional>
#include <stop_token>

namespace base {

/// A point on the monotonic clock after which work gives up.
class Deadline
{
public:
    /// Never expires; only for tests and for work that has a deadline of its own inside.
    static Deadline never();
    static Deadline after(std::chrono::milliseconds span);

    bool expired() const;
    /// 0 when expired; at most 24 days, so that it fits poll(2).
    std::chrono::milliseconds remaining() const;
    /// The earlier of both.
    Deadline soonerOf(const Deadline &other) const;

private:
    std::chrono::steady_clock::time_point m_when = std::chrono::steady_clock::time_point::max();
};

/// The two ways a person or a limit ends work early. Passed down to everything that can block.
struct Interrupt
{
    std::stop_token stop;
    Deadline deadline = Deadline::never();

    bool requested() const { return stop.stop_requested() || deadline.expired(); }
    Interrupt within(std::chrono::milliseconds span) const
    {
        return {stop, deadline.soonerOf(Deadline::after(span))};
    }
};

/// The wall clock as a value, so that tests and stored facts decide what "now" is. UTC.
using Clock = std::function<QDateTime()>;
Clock systemClock();

} // namespace base
