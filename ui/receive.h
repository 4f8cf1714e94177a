#pragma once

#include "core/engine/engine.h"

#include <QFuture>
#include <QFutureWatcher>

#include <functional>
#include <utility>

namespace ui {

/// Hands the result of `future` to `handler` on the receiver's thread; nothing happens once the
/// receiver is gone. QFuture::then(context) aborts in Qt 6.4 in that case, so this is the only way
/// used here.
template <typename T, typename Handler>
void receive(QFuture<T> future, QObject *receiver, Handler handler)
{
    auto *watcher = new QFutureWatcher<T>(receiver);
    QObject::connect(watcher, &QFutureWatcherBase::finished, receiver,
                     [watcher, handler = std::move(handler)]() mutable {
                         watcher->deleteLater();
                         QFuture<T> done = watcher->future();
                         if (done.resultCount() > 0)
                             handler(done.takeResult());
                     });
    watcher->setFuture(std::move(future));
}

/// Runs work on the receiver's thread, later. May be called on any thread and at any time, also
/// after the receiver's end: nothing happens then.
std::function<void(std::function<void()>)> posterTo(QObject *receiver);

/// A progress sink that may be called on any thread and at any time, also after the receiver's end.
engine::ProgressSink queuedTo(QObject *receiver,
                              std::function<void(const engine::Progress &)> handler);

} // namespace ui
