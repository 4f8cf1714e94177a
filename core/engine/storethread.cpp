#include "core/engine/storethread.h"

#include "core/engine/engine.h"

#include <utility>

namespace engine {

namespace {

constexpr int retentionDays = 400;

} // namespace

StoreThread::StoreThread(QString directory, base::Clock clock)
    : m_directory(std::move(directory))
    , m_clock(std::move(clock))
{ }

void StoreThread::enqueue(Work work)
{
    const std::lock_guard lock(m_mutex);
    m_queue.push_back(std::move(work));
    // Only when there is work: a command that needs no store makes no thread.
    if (!m_thread.joinable())
        m_thread = std::jthread([this](const std::stop_token &stop) { loop(stop); });
    m_changed.notify_one();
}

void StoreThread::loop(const std::stop_token &stop)
{
    for (;;) {
        Work work;
        {
            std::unique_lock lock(m_mutex);
            if (!m_changed.wait(lock, stop, [this] { return !m_queue.empty(); }))
                break;
            work = std::move(m_queue.front());
            m_queue.pop_front();
        }
        work(opened());
    }
    m_store.reset(); // on its own thread, as QtSql wants it
}

base::Result<store::Store *> StoreThread::opened()
{
    if (m_store)
        return m_store.get();
    if (const base::Result<void> prepared = prepareConfigDirectory(m_directory); !prepared)
        return base::fail(prepared);
    base::Result<std::unique_ptr<store::Store>> store = store::Store::open(m_directory, m_clock);
    if (!store)
        return base::fail(store);
    m_store = std::move(*store);
    if (const QString aside = m_store->damagedCopy(); !aside.isEmpty()) {
        {
            const std::lock_guard lock(m_mutex);
            m_setAside = aside;
        }
        tellSetAside();
    }
    // An old audit that stays a little longer is no reason to refuse work.
    static_cast<void>(m_store->expire(retentionDays));
    return m_store.get();
}

void StoreThread::onSetAside(std::function<void(const QString &)> tell)
{
    {
        const std::lock_guard lock(m_mutex);
        m_tell = std::move(tell);
    }
    tellSetAside();
}

void StoreThread::tellSetAside()
{
    std::function<void(const QString &)> tell;
    QString aside;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_tell || m_setAside.isEmpty())
            return;
        tell = m_tell;
        aside = std::exchange(m_setAside, {});
    }
    tell(aside);
}

} // namespace engine
