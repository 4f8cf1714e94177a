#pragma once

#include "core/base/deadline.h"
#include "core/base/error.h"
#include "core/base/uniquefd.h"

#include <poll.h>

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>

namespace transport {

/// poll(2) that a person's Cancel and a deadline end at once: an Interrupt that can be waited on.
class Waiter
{
public:
    enum class Woke { Ready, Elapsed, Interrupted };

    explicit Waiter(const base::Interrupt &interrupt);
    Waiter(const Waiter &) = delete;
    Waiter &operator=(const Waiter &) = delete;

    /// Waits for any of `watched`; Elapsed after `atMost`, Interrupted by stop or deadline.
    Woke wait(std::span<pollfd> watched, std::chrono::milliseconds atMost) const;
    bool interrupted() const { return m_interrupt.requested(); }
    /// Cancelled or TimedOut, whichever ended the wait.
    base::Error error(base::Stage stage, const QString &what) const;
    const base::Interrupt &interrupt() const { return m_interrupt; }

private:
    base::Interrupt m_interrupt;
    base::UniqueFd m_event;
    std::optional<std::stop_callback<std::function<void()>>>
        m_callback; // goes before the descriptor
};

} // namespace transport
