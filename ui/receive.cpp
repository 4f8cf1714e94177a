#include "ui/receive.h"

#include <QMutex>

#include <memory>

namespace ui {

namespace {

struct Guard
{
    QMutex mutex;
    QObject *receiver = nullptr;
};

} // namespace

std::function<void(std::function<void()>)> posterTo(QObject *receiver)
{
    auto guard = std::make_shared<Guard>();
    guard->receiver = receiver;
    QObject::connect(receiver, &QObject::destroyed, receiver, [guard] {
        const QMutexLocker lock(&guard->mutex);
        guard->receiver = nullptr;
    });
    return [guard](std::function<void()> work) {
        const QMutexLocker lock(&guard->mutex);
        if (guard->receiver != nullptr)
            QMetaObject::invokeMethod(guard->receiver, std::move(work), Qt::QueuedConnection);
    };
}

engine::ProgressSink queuedTo(QObject *receiver,
                              std::function<void(const engine::Progress &)> handler)
{
    return [post = posterTo(receiver),
            handler = std::move(handler)](const engine::Progress &progress) {
        post([handler, progress] { handler(progress); });
    };
}

} // namespace ui
