#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace probe {

/// Work for a few threads at once. A running task may add more.
class TaskQueue
{
public:
    using Task = std::function<void()>;

    void add(Task task);
    /// Runs everything on at most `workers` threads and comes back when the last task has ended.
    void run(int workers);

private:
    void work();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Task> m_waiting;
    int m_running = 0;
};

/// A server meets at most this many connections of ours at once.
constexpr int connectionsAtOnce = 4;

} // namespace probe
