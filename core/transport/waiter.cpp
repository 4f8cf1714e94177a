#include "core/transport/waiter.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace transport {

using std::chrono::milliseconds;

Waiter::Waiter(const base::Interrupt &interrupt)
    : m_interrupt(interrupt)
    , m_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (!m_interrupt.stop.stop_possible())
        return;
    m_callback.emplace(m_interrupt.stop, [fd = m_event.get()] {
        const eventfd_t one = 1;
        ::eventfd_write(fd, one);
    });
}

Waiter::Woke Waiter::wait(std::span<pollfd> watched, milliseconds atMost) const
{
    std::vector<pollfd> all(watched.begin(), watched.end());
    all.push_back({m_event.get(), POLLIN, 0});
    const base::Deadline elapsed = base::Deadline::after(atMost);
    for (;;) {
        if (interrupted())
            return Woke::Interrupted;
        // Without an eventfd (no descriptors left) the wait is cut into slices.
        const milliseconds slice = m_event ? milliseconds(60000) : milliseconds(100);
        const milliseconds span
            = std::min({m_interrupt.deadline.remaining(), elapsed.remaining(), slice});
        const int ready = ::poll(all.data(), all.size(), static_cast<int>(span.count()));
        if (interrupted())
            return Woke::Interrupted;
        if (ready > 0) {
            std::copy_n(all.begin(), watched.size(), watched.begin());
            return Woke::Ready;
        }
        if (ready < 0 && errno != EINTR)
            return Woke::Elapsed;
        if (elapsed.expired())
            return Woke::Elapsed;
    }
}

base::Error Waiter::error(base::Stage stage, const QString &what) const
{
    const auto kind = m_interrupt.stop.stop_requested() ? base::ErrorKind::Cancelled
                                                        : base::ErrorKind::TimedOut;
    return {kind, stage, what, {}};
}

} // namespace transport
