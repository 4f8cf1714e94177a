#pragma once

#include "core/base/deadline.h"
#include "core/base/result.h"
#include "core/probe/address.h"

#include <QByteArrayView>

namespace probe {

/// A connection that bytes go over: plain TCP, or TLS on top of it. Every call ends with the
/// interrupt: TimedOut at its deadline, Cancelled at most 50 ms after a stop.
class Stream
{
public:
    Stream() = default;
    virtual ~Stream() = default;
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;

    /// At most `size` bytes; 0 when the other side has closed. ConnectionLost after a reset.
    virtual base::Result<qsizetype>
    read(char *into, qsizetype size, const base::Interrupt &interrupt) = 0;
    /// All of it.
    virtual base::Result<void> write(QByteArrayView bytes, const base::Interrupt &interrupt) = 0;
};

/// A TCP connection of our own.
class Socket : public Stream
{
public:
    explicit Socket(int descriptor)
        : m_descriptor(descriptor)
    { }
    ~Socket() override;

    base::Result<qsizetype>
    read(char *into, qsizetype size, const base::Interrupt &interrupt) override;
    base::Result<void> write(QByteArrayView bytes, const base::Interrupt &interrupt) override;

private:
    const int m_descriptor;
};

/// ConnectionRefused, Unreachable, TimedOut, Cancelled or Internal (no more descriptors).
base::Result<std::unique_ptr<Socket>> connectTo(const Endpoint &endpoint,
                                                const base::Interrupt &interrupt);

/// "connection refused", "no answer in time", ...: for evidence lines.
QString failureText(const base::Error &error);

} // namespace probe
