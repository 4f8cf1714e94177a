#pragma once

#include "core/engine/engine.h"

#include <QFuture>
#include <QPromise>

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace engine {

/// The answer of a job and its progress: once it is answered nothing is reported any more, so that
/// the caller's sink may refer to what it keeps only until then.
template <typename T>
class Answer
{
public:
    explicit Answer(ProgressSink progress)
        : m_progress(std::move(progress))
    {
        m_promise.start();
    }

    QFuture<T> future() { return m_promise.future(); }

    /// The first value counts.
    void give(T value)
    {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_given, true))
            return;
        m_promise.addResult(std::move(value));
        m_promise.finish();
    }

    void report(const Progress &step)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_given && m_progress)
            m_progress(step);
    }

private:
    std::recursive_mutex m_mutex; // a sink may ask for the stop that gives the answer
    QPromise<T> m_promise;
    ProgressSink m_progress;
    bool m_given = false;
};

/// One thread of work that answers a future. A stop is answered at once, with `stopped`; the thread
/// then only winds down.
class Job
{
public:
    /// `work(stop_token, ProgressSink)` returns T.
    template <typename T, typename Work>
    QFuture<T> start(const std::stop_token &outer, ProgressSink progress, T stopped, Work work)
    {
        auto answer = std::make_shared<Answer<T>>(std::move(progress));
        m_answer = answer;
        QFuture<T> future = answer->future();
        m_thread = std::jthread([this, answer, outer, stopped = std::move(stopped),
                                 work = std::move(work)](const std::stop_token &own) mutable {
            std::stop_source both;
            const auto stop = [&] {
                both.request_stop();
                answer->give(stopped);
            };
            {
                const std::stop_callback fromOutside(outer, stop);
                const std::stop_callback fromEngine(own, stop);
                answer->give(
                    work(both.get_token(), [&](const Progress &step) { answer->report(step); }));
            }
            m_done = true;
        });
        return future;
    }

    bool done() const { return m_done; }

private:
    std::atomic<bool> m_done = false;
    /// Kept until the thread has ended, so that a value is taken apart where it was asked for and
    /// never by the thread behind the back of one who still reads it.
    std::shared_ptr<void> m_answer;
    std::jthread m_thread;
};

} // namespace engine
