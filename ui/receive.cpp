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

engine::ProgressSink queuedTo(QObject *receiver,
                              std::function<void(const engine::Progress &)> handler)
{
    auto guard = std::make_shared<Guard>();
    guard->receiver = receiver;
    QObject::connect(receiver, &QObject::destroyed, receiver, [guard] {
        const QMutexLocker lock(&guard->mutex);
        guard->receiver = nullptr;
    });
    return [guard, handler = std::move(handler)](const engine::Progress &progress) {
        const QMutexLocker lock(&guard->mutex);
        if (guard->receiver == nullptr)
            return;
        QMetaObject::invokeMethod(
            guard->receiver, [handler, progress] { handler(progress); }, Qt::QueuedConnection);
    };
}

} // namespace ui
