#include "core/probe/httpprobe.h"

#include "core/probe/httphead.h"
#include "core/probe/stream.h"
#include "core/probe/tlsstream.h"

#include <array>
#include <memory>

using namespace Qt::StringLiterals;

namespace probe {

using base::ErrorKind;
using base::Interrupt;
using base::Result;
using base::Stage;
using model::HttpObservation;
using Outcome = model::HttpObservation::Outcome;

namespace {

constexpr qsizetype mostOfBody = 16 * 1024;
constexpr int mostInterim = 5; ///< 1xx answers before the real one

/// The connection requests go over; made anew when a server closes it.
class Connection
{
public:
    explicit Connection(const HttpQuestion &question)
        : m_question(question)
    { }

    Result<void> open(const Interrupt &interrupt)
    {
        auto socket = connectTo(m_question.endpoint, interrupt.within(m_question.timing.connect));
        if (!socket)
            return base::fail(socket);
        m_socket = std::move(*socket);
        m_answers = 0;
        m_buffer.clear();
        if (!m_question.tls)
            return {};
        m_tls = std::make_unique<TlsStream>(*m_socket,
                                            TlsRequest{m_question.host, std::nullopt, true});
        return m_tls->handshake(interrupt.within(m_question.timing.answer));
    }
    void close()
    {
        m_tls.reset();
        m_socket.reset();
    }
    bool isOpen() const { return m_socket != nullptr; }
    /// True when an answer came over it already, so that a cut may only mean "idle for too long".
    bool isUsed() const { return m_answers > 0; }

    /// One request and its final answer. The connection is closed when it cannot be used again.
    Result<HttpHead> ask(const QByteArray &request, const Interrupt &interrupt)
    {
        const Interrupt answering = interrupt.within(m_question.timing.answer);
        auto head = exchange(request, answering);
        if (head)
            ++m_answers;
        if (!head || !keepsAlive(*head) || !skipBody(*head, answering))
            close();
        return head;
    }

private:
    Stream &stream() { return m_tls ? static_cast<Stream &>(*m_tls) : *m_socket; }

    /// Appends what comes next; false at the end of the stream.
    Result<bool> receive(const Interrupt &interrupt)
    {
        std::array<char, 8192> chunk;
        const auto got = stream().read(chunk.data(), chunk.size(), interrupt);
        if (!got)
            return base::fail(got);
        m_buffer.append(chunk.data(), *got);
        return *got > 0;
    }

    Result<HttpHead> exchange(const QByteArray &request, const Interrupt &interrupt)
    {
        if (const auto sent = stream().write(request, interrupt); !sent)
            return base::fail(sent);
        for (int interim = 0; interim <= mostInterim;) {
            const HttpHeadReply reply = readHttpHead(m_buffer);
            if (reply.kind == HttpHeadReply::Kind::Garbage)
                return base::fail(ErrorKind::ProtocolViolation, Stage::Probe, u"HTTP"_s,
                                  reply.detail);
            if (reply.kind == HttpHeadReply::Kind::Head) {
                m_buffer.remove(0, reply.head.size);
                if (reply.head.status >= 200)
                    return reply.head;
                ++interim;
                continue;
            }
            const auto more = receive(interrupt);
            if (!more)
                return base::fail(more);
            if (!*more)
                return base::fail(ErrorKind::ConnectionLost, Stage::Probe, u"HTTP"_s,
                                  u"closed without an answer"_s);
        }
        return base::fail(ErrorKind::ProtocolViolation, Stage::Probe, u"HTTP"_s,
                          u"interim answers without end"_s);
    }

    /// Drops the body. False when it is too long, never ends or does not end in time: then a new
    /// connection is cheaper than reading on.
    bool skipBody(const HttpHead &head, const Interrupt &interrupt)
    {
        const HttpBody body = bodyOf(head);
        for (;;) {
            switch (body.framing) {
            case HttpBody::Framing::None:
                return true;
            case HttpBody::Framing::UntilClose:
                return false;
            case HttpBody::Framing::Length:
                if (body.length > mostOfBody)
                    return false;
                if (m_buffer.size() >= body.length) {
                    m_buffer.remove(0, static_cast<qsizetype>(body.length));
                    return true;
                }
                break;
            case HttpBody::Framing::Chunked:
                if (const auto end = endOfChunks(m_buffer)) {
                    m_buffer.remove(0, *end);
                    return true;
                }
                break;
            }
            if (m_buffer.size() > mostOfBody)
                return false;
            const auto more = receive(interrupt);
            if (!more || !*more)
                return false;
        }
    }

    const HttpQuestion &m_question;
    std::unique_ptr<Stream> m_socket;
    std::unique_ptr<TlsStream> m_tls; // goes before the socket below it
    QByteArray m_buffer;
    int m_answers = 0;
};

QByteArray hostHeader(const HttpQuestion &question)
{
    QByteArray host = question.host;
    if (host.isEmpty()) {
        // A zone means nothing to the other side, and RFC 3986 has no place for it in a host.
        Address address = question.endpoint.address;
        address.scope = 0;
        host = addressText(address).toLatin1();
        if (address.family == model::AddressFamily::IPv6)
            host = '[' + host + ']';
    }
    const quint16 usual = question.tls ? 443 : 80;
    if (question.endpoint.port != usual)
        host += ':' + QByteArray::number(question.endpoint.port);
    return host;
}

QByteArray requestFor(const QByteArray &path, const QByteArray &host)
{
    return "GET " + path + " HTTP/1.1\r\nHost: " + host
        + "\r\nUser-Agent: Flowkeep\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n";
}

/// Asks on the kept connection, or on a new one; once more when a kept one was cut meanwhile.
Result<HttpHead>
askPath(Connection &connection, const QByteArray &request, const Interrupt &interrupt)
{
    for (;;) {
        const bool kept = connection.isOpen() && connection.isUsed();
        if (!connection.isOpen()) {
            if (const auto opened = connection.open(interrupt); !opened) {
                connection.close();
                return base::fail(opened);
            }
        }
        auto head = connection.ask(request, interrupt);
        const bool cut = !head && head.error().kind == ErrorKind::ConnectionLost;
        if (!cut || !kept)
            return head;
    }
}

Outcome outcomeOf(ErrorKind kind)
{
    if (kind == ErrorKind::ConnectionRefused)
        return Outcome::Refused;
    return kind == ErrorKind::TimedOut ? Outcome::TimedOut : Outcome::Failed;
}

void fillAnswer(HttpObservation &into, const HttpHead &head)
{
    into.outcome = Outcome::Answered;
    into.status = head.status;
    for (const auto &[name, value] : head.headers)
        into.headers.push_back({name, base::UntrustedText(value)});
    if (head.status >= 300 && head.status <= 399)
        into.location = base::UntrustedText(head.value("location").value_or(QByteArray()));
}

} // namespace

std::vector<QByteArray> httpsPaths(const QByteArray &random)
{
    return {"/", "/console", "/api/health", "/gotrue/health", "/gotrue/" + random, "/form/x"};
}

std::vector<QByteArray> plainPaths()
{
    return {"/",
            "/console",
            "/api/health",
            "/gotrue/health",
            "/api/auth/ldap/login",
            "/scim/v2/ServiceProviderConfig"};
}

std::vector<HttpObservation> observeHttp(const HttpQuestion &question,
                                         ErrorBudget &budget,
                                         const base::Clock &clock,
                                         const Interrupt &interrupt)
{
    std::vector<HttpObservation> observations;
    Connection connection(question);
    const QByteArray host = hostHeader(question);
    int silent = 0;
    std::optional<base::Error> givenUp; // what the rest of the paths would meet as well
    for (const QByteArray &path : question.paths) {
        HttpObservation seen;
        seen.scheme = question.tls ? u"https"_s : u"http"_s;
        seen.host = QString::fromLatin1(host);
        seen.path = QString::fromLatin1(path);
        seen.address = addressText(question.endpoint.address);
        seen.port = question.endpoint.port;
        seen.family = question.endpoint.address.family;
        seen.at = clock();
        if (givenUp) {
            seen.outcome = outcomeOf(givenUp->kind);
            seen.detail = failureText(*givenUp);
        } else if (budget.spent()) {
            seen.detail = u"not asked: the error answers so far are enough"_s;
        } else if (const auto head = askPath(connection, requestFor(path, host), interrupt)) {
            budget.count(head->status);
            silent = 0;
            fillAnswer(seen, *head);
        } else {
            const base::Error &error = head.error();
            seen.outcome = outcomeOf(error.kind);
            seen.detail = failureText(error);
            silent += error.kind == ErrorKind::TimedOut ? 1 : 0;
            const bool hopeless = error.kind == ErrorKind::ConnectionRefused
                || error.kind == ErrorKind::Unreachable || error.kind == ErrorKind::Cancelled;
            if (hopeless || silent >= 2 || interrupt.requested())
                givenUp = error;
        }
        observations.push_back(std::move(seen));
    }
    return observations;
}

} // namespace probe
