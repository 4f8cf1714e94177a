#pragma once

#include "core/base/deadline.h"
#include "core/base/result.h"
#include "core/store/store.h"

#include <QFuture>
#include <QPromise>
#include <QString>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace engine {

/// The one thread that owns the store. Opens it with the first work; everything queued is done
/// before it ends, so that nothing a person saved is lost.
class StoreThread
{
public:
    StoreThread(QString directory, base::Clock clock);
    ~StoreThread() = default;
    StoreThread(const StoreThread &) = delete;
    StoreThread &operator=(const StoreThread &) = delete;

    template <typename T>
    QFuture<base::Result<T>> run(std::function<base::Result<T>(store::Store &)> work)
    {
        auto promise = std::make_shared<QPromise<base::Result<T>>>();
        promise->start();
        QFuture<base::Result<T>> future = promise->future();
        enqueue([promise, work = std::move(work)](const base::Result<store::Store *> &store) {
            promise->addResult(store ? work(**store) : base::Result<T>(base::fail(store)));
            promise->finish();
        });
        return future;
    }

    /// Calls `tell` with the new name of a damaged database, on the store's thread or at once: one
    /// time for each that was set aside.
    void onSetAside(std::function<void(const QString &)> tell);

private:
    using Work = std::function<void(const base::Result<store::Store *> &)>;

    void enqueue(Work work);
    void loop(const std::stop_token &stop);
    base::Result<store::Store *> opened();
    void tellSetAside();

    QString m_directory;
    base::Clock m_clock;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Work> m_queue;
    std::function<void(const QString &)> m_tell;
    QString m_setAside; ///< nobody was told of yet
    std::unique_ptr<store::Store> m_store; ///< of the thread
    std::jthread m_thread;
};

} // namespace engine
