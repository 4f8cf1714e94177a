#include "app/cli/signals.h"

#include "app/cli/exitstatus.h"

#include <csignal>

#include <unistd.h>

namespace cli {

namespace {

sigset_t endings()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&set, number);
    return set;
}

} // namespace

Signals::Signals()
{
    const sigset_t set = endings();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    // A reader that went away ends us through the failing write, not through a signal.
    std::signal(SIGPIPE, SIG_IGN);
    m_thread = std::jthread([set, source = m_source](const std::stop_token &own) mutable {
        for (;;) {
            sigwaitinfo(&set, nullptr);
            if (own.stop_requested())
                return;
            if (source.stop_requested())
                ::_exit(Interrupted);
            source.request_stop();
        }
    });
}

Signals::~Signals()
{
    m_thread.request_stop();
    pthread_kill(m_thread.native_handle(), SIGHUP); // only wakes the thread
}

} // namespace cli
