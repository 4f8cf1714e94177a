#pragma once

#include <stop_token>
#include <thread>

namespace cli {

/// Turns SIGINT, SIGTERM and SIGHUP into a stop request. Made first in main, before any other
/// thread, so that every thread inherits the blocked signals. A second signal ends the program at
/// once.
class Signals
{
public:
    Signals();
    ~Signals();
    Signals(const Signals &) = delete;
    Signals &operator=(const Signals &) = delete;

    std::stop_token token() const { return m_source.get_token(); }

private:
    std::stop_source m_source;
    std::jthread m_thread;
};

} // namespace cli
