#pragma once

#include "core/base/result.h"
#include "core/transport/sshhost.h"

#include <QByteArray>
#include <QString>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

/// A deadline that a test reaches only when something hangs.
base::Interrupt patience(std::chrono::milliseconds span = std::chrono::seconds(30));

/// "HostKeyChanged at host-key: detail", or empty for success.
QString told(const base::Error &error);
template <typename T>
QString told(const base::Result<T> &result)
{
    return result ? QString() : told(result.error());
}

/// Output of a script, or how it failed.
struct Ran
{
    QByteArray output;
    base::Result<transport::ScriptResult> result;
};
Ran runScript(transport::SshHost &host,
              const QByteArray &script,
              transport::RunAs runAs = transport::RunAs::Root);

/// Whether the heap of this process still holds these bytes, each of which is given with all its
/// bits turned over: the needle must not find itself.
bool heapHolds(const QByteArray &turned);
QByteArray turnedOver(QByteArrayView bytes);

/// Compares the kind of a failure, showing all of it when it differs.
#define COMPARE_KIND(RESULT, KIND)                                                                 \
    do {                                                                                           \
        const auto &compared = (RESULT);                                                           \
        QVERIFY2(!compared, "succeeded");                                                          \
        QVERIFY2(compared.error().kind == (KIND), qPrintable(told(compared)));                     \
    } while (false)

/// A TCP server on loopback whose connections are served by a function on a thread; the function
/// gets the socket, and stops when reading or writing it fails.
class RawServer
{
public:
    explicit RawServer(std::function<void(int)> serve);
    ~RawServer();
    RawServer(const RawServer &) = delete;
    RawServer &operator=(const RawServer &) = delete;
    quint16 port() const { return m_port; }

private:
    void accept();

    std::function<void(int)> m_serve;
    int m_listener = -1;
    quint16 m_port = 0;
    std::mutex m_mutex;
    std::vector<int> m_sockets;
    std::vector<std::thread> m_threads;
    std::thread m_acceptor;
};

/// Copies between a client and `target` on loopback until cut(), which resets both sides.
class Proxy
{
public:
    explicit Proxy(quint16 target);
    ~Proxy();
    Proxy(const Proxy &) = delete;
    Proxy &operator=(const Proxy &) = delete;
    quint16 port() const { return m_server.port(); }
    void cut() { m_cut = true; }
    /// Passes nothing on any more, and says nothing either.
    void freeze() { m_frozen = true; }
    /// Cut by itself once this many bytes went from the client to the server.
    void cutAfter(qint64 bytes) { m_limit = bytes; }
    qint64 sent() const { return m_sent; }
    /// Changes of direction: what a request waits for.
    int turns() const { return m_turns; }

private:
    void copy(int client);

    quint16 m_target;
    std::atomic<bool> m_cut = false;
    std::atomic<bool> m_frozen = false;
    std::atomic<qint64> m_limit = -1;
    std::atomic<qint64> m_sent = 0;
    std::atomic<int> m_turns = 0;
    RawServer m_server;
};

/// Cancels `work` after `delay` and says how long it took to come back from there.
std::chrono::milliseconds cancelLatency(std::chrono::milliseconds delay,
                                        const std::function<void(const base::Interrupt &)> &work);
