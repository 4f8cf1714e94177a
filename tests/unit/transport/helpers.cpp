#include "helpers.h"

#include <QFile>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
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

namespace {

/// Reads by the kernel, not by a pointer: much of the region is freed.
bool regionHolds(int memory, unsigned long from, unsigned long to, const QByteArray &turned)
{
    const auto same = [](char there, char wanted) { return there == static_cast<char>(~wanted); };
    std::array<char, 64 * 1024> piece;
    const auto step = piece.size() - static_cast<std::size_t>(turned.size());
    bool found = false;
    for (unsigned long at = from; at < to && !found; at += step) {
        const ssize_t got = ::pread(memory, piece.data(), std::min(piece.size(), to - at),
                                    static_cast<off_t>(at));
        const auto *end = piece.data() + std::max<ssize_t>(got, 0);
        found = std::search<const char *>(piece.data(), end, turned.begin(), turned.end(), same)
            != end;
    }
    ::explicit_bzero(piece.data(), piece.size());
    return found;
}

} // namespace

QByteArray turnedOver(QByteArrayView bytes)
{
    QByteArray turned(bytes.size(), '\0');
    std::ranges::transform(bytes, turned.begin(), [](char c) { return static_cast<char>(~c); });
    return turned;
}

bool heapHolds(const QByteArray &turned)
{
    // Nothing here may use the heap: it would write over what was freed there.
    static std::array<char, 512 * 1024> maps;
    const int description = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    std::size_t length = 0;
    for (ssize_t got = 1; got > 0 && length + 1 < maps.size();) {
        got = ::read(description, maps.data() + length, maps.size() - 1 - length);
        length += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    ::close(description);
    maps[length] = '\0';
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    bool found = false;
    for (const char *line = maps.data(); *line != '\0'; line = std::strchr(line, '\n') + 1) {
        unsigned long from = 0;
        unsigned long to = 0;
        int rest = 0;
        if (std::sscanf(line, "%lx-%lx rw-p 00000000 00:00 0 %n", &from, &to, &rest) != 2
            || rest == 0 || to - from > largestRegion)
            continue;
        const bool named = line[rest] != '\n' && std::strncmp(line + rest, "[heap]", 6) != 0;
        found = found || (!named && regionHolds(memory, from, to, turned));
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
