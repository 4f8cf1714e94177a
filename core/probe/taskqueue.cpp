#include "core/probe/taskqueue.h"

#include <thread>
#include <vector>

namespace probe {

void TaskQueue::add(Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(task));
    }
    m_changed.notify_one();
}

void TaskQueue::run(int workers)
{
    std::vector<std::jthread> threads; // joined when it goes
    for (int i = 0; i < workers; ++i)
        threads.emplace_back([this] { work(); });
}

void TaskQueue::work()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        // A worker without a task stays while another one runs: that one may add tasks.
        m_changed.wait(lock, [this] { return !m_waiting.empty() || m_running == 0; });
        if (m_waiting.empty())
            return;
        const Task task = std::move(m_waiting.front());
        m_waiting.pop_front();
        ++m_running;
        lock.unlock();
        task();
        lock.lock();
        --m_running;
        if (m_running == 0 && m_waiting.empty())
            m_changed.notify_all();
    }
}

} // namespace probe
