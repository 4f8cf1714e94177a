#pragma once

#include "core/collect/collect.h"

#include <stop_token>
#include <thread>

namespace collect {

/// The look from outside that runs while the collector does: starts at once, is told the facts once
/// they are in, and is stopped when it is left without having been asked.
class OutsideWatch
{
public:
    OutsideWatch(OutsideView view, base::Interrupt interrupt);
    ~OutsideWatch();
    OutsideWatch(const OutsideWatch &) = delete;
    OutsideWatch &operator=(const OutsideWatch &) = delete;

    /// Waits for the first look, then looks at the names, none or many, and ports that the facts
    /// tell.
    model::Outside finish(const facts::Facts &facts);

private:
    OutsideView m_view;
    std::stop_source m_stop;
    base::Interrupt m_interrupt; ///< with our own stop
    std::stop_callback<std::function<void()>> m_forward;
    model::Outside m_outside;
    std::jthread m_thread;
};

} // namespace collect
