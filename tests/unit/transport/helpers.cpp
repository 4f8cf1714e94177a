#include "helpers.h"

#include <QFile>
#include <QRegularExpression>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr quint64 largestRegion = 64 * 1024 * 1024;

sockaddr_in loopback(quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

sockaddr *generic(sockaddr_in &address)
{
    return static_cast<sockaddr *>(static_cast<void *>(&address));
}

} // namespace

base::Interrupt patience(milliseconds span)
{
    return {{}, base::Deadline::after(span)};
}

QString told(const base::Error &error)
{
    return base::kindName(error.kind) + u" at "_s + base::stageName(error.stage) + u": "_s
        + error.what + u": "_s + error.detail;
}

Ran runScript(transport::SshHost &host, const QByteArray &script, transport::RunAs runAs)
{
    QByteArray output;
    auto result = host.runScript(
        script, runAs,
        [&](QByteArrayView bytes) {
            output += bytes;
            return true;
        },
        patience());
    return {output, std::move(result)};
}

QByteArray turnedOver(QByteArrayView bytes)
{
    QByteArray turned(bytes.size(), '\0');
    std::ranges::transform(bytes, turned.begin(), [](char c) { return static_cast<char>(~c); });
    return turned;
}

bool heapHolds(const QByteArray &turned)
{
    QFile maps(u"/proc/self/maps"_s);
    if (!maps.open(QIODevice::ReadOnly))
        qFatal("the memory map cannot be read");
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    const auto same = [](char there, char wanted) { return there == static_cast<char>(~wanted); };
    static const QRegularExpression heap(
        u"^([0-9a-f]+)-([0-9a-f]+) rw-p 00000000 00:00 0 *(\\[heap\\])?$"_s);
    bool found = false;
    for (const QByteArray &line : maps.readAll().split('\n')) {
        const QRegularExpressionMatch region = heap.match(QString::fromLatin1(line));
        const quint64 from = region.captured(1).toULongLong(nullptr, 16);
        const quint64 size = region.captured(2).toULongLong(nullptr, 16) - from;
        if (!region.hasMatch() || size > largestRegion)
            continue;
        std::vector<char> copy(size);
        // By the kernel, not by a pointer: much of it is freed.
        const ssize_t got = ::pread(memory, copy.data(), copy.size(), static_cast<off_t>(from));
        const auto end = copy.begin() + std::max<ssize_t>(got, 0);
        found = found || std::search(copy.begin(), end, turned.begin(), turned.end(), same) != end;
        ::explicit_bzero(copy.data(), copy.size());
    }
    ::close(memory);
    return found;
}

RawServer::RawServer(std::function<void(int)> serve)
    : m_serve(std::move(serve))
    , m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof(address);
    if (::bind(m_listener, generic(address), length) != 0 || ::listen(m_listener, 16) != 0
        || ::getsockname(m_listener, generic(address), &length) != 0)
        qFatal("no loopback socket");
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { accept(); });
}

void RawServer::accept()
{
    for (;;) {
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0)
            return;
        const std::lock_guard lock(m_mutex);
        m_sockets.push_back(client);
        m_threads.emplace_back([this, client] { m_serve(client); });
    }
}

RawServer::~RawServer()
{
    ::shutdown(m_listener, SHUT_RDWR);
    m_acceptor.join();
    ::close(m_listener);
    for (const int client : m_sockets)
        ::shutdown(client, SHUT_RDWR);
    for (std::thread &thread : m_threads)
        thread.join();
    for (const int client : m_sockets)
        ::close(client);
}

Proxy::~Proxy()
{
    m_cut = true;
}

Proxy::Proxy(quint16 target)
    : m_target(target)
    , m_server([this](int client) { copy(client); })
{ }

void Proxy::copy(int client)
{
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(m_target);
    if (::connect(server, generic(address), sizeof(address)) != 0)
        qFatal("no target");
    std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    std::array<char, 4096> buffer{};
    bool upward = false;
    while (!m_cut) {
        if (m_frozen) {
            std::this_thread::sleep_for(milliseconds(20));
            continue;
        }
        if (::poll(ends.data(), ends.size(), 20) < 0)
            break;
        for (std::size_t i = 0; i < 2; ++i) {
            if (ends[i].revents == 0)
                continue;
            const ssize_t got = ::recv(ends[i].fd, buffer.data(), buffer.size(), 0);
            if (got <= 0
                || ::send(ends[1 - i].fd, buffer.data(), static_cast<std::size_t>(got),
                          MSG_NOSIGNAL)
                    != got)
                m_cut = true;
            if (i == 0) {
                m_sent += got;
                m_turns += upward ? 0 : 1;
            }
            upward = i == 0;
            if (m_limit >= 0 && m_sent >= m_limit)
                m_cut = true;
        }
    }
    const linger reset{1, 0};
    ::setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    ::shutdown(client, SHUT_RDWR);
    ::close(server);
}

milliseconds cancelLatency(milliseconds delay,
                           const std::function<void(const base::Interrupt &)> &work)
{
    std::stop_source source;
    std::atomic<steady_clock::rep> stopped = 0;
    std::thread stopper([&] {
        std::this_thread::sleep_for(delay);
        stopped = steady_clock::now().time_since_epoch().count();
        source.request_stop();
    });
    work({source.get_token(), base::Deadline::after(std::chrono::seconds(60))});
    const auto back = steady_clock::now().time_since_epoch().count();
    stopper.join();
    return std::chrono::duration_cast<milliseconds>(steady_clock::duration(back - stopped));
}
