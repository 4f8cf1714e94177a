#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <optional>
#include <utility>
#include <vector>

namespace probe {

/// The head of an HTTP/1 answer: status and headers in the order received, as sent.
struct HttpHead
{
    int status = 0;
    bool http10 = false;
    /// Names lower case; the values of a name sent several times joined by ", " at its first place.
    std::vector<std::pair<QByteArray, QByteArray>> headers;
    qsizetype size = 0; ///< bytes of the head, its empty line included

    /// Nothing when the name (lower case) was not sent.
    std::optional<QByteArray> value(QByteArrayView name) const;
};

struct HttpHeadReply
{
    enum class Kind { Incomplete, Head, Garbage };
    Kind kind = Kind::Incomplete;
    HttpHead head;
    QString detail; ///< of Garbage
};

/// No head of ours is longer; a server that sends more is garbage.
constexpr qsizetype longestHttpHead = 64 * 1024;

/// Reads the head off the front of everything received; hostile bytes. RFC 9112: CR LF or bare LF
/// ends a line, a folded line continues the value before it, at most 200 lines.
HttpHeadReply readHttpHead(QByteArrayView received);

/// How the body behind a head ends (RFC 9112 6.3), for an answer to GET.
struct HttpBody
{
    enum class Framing { None, Length, Chunked, UntilClose };
    Framing framing = Framing::None;
    qint64 length = 0; ///< of Length
};
HttpBody bodyOf(const HttpHead &head);

/// Where a chunked body ends in these bytes: its size, or nothing while it goes on. A malformed one
/// never ends.
std::optional<qsizetype> endOfChunks(QByteArrayView received);

/// True when another request may follow on this connection.
bool keepsAlive(const HttpHead &head);

} // namespace probe
