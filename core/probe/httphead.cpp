#include "core/probe/httphead.h"

#include <QList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace probe {

namespace {

constexpr int mostLines = 200;

bool isTokenChar(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        || QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

QByteArrayView trimmed(QByteArrayView text)
{
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.isEmpty() && blank(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && blank(text.back()))
        text.chop(1);
    return text;
}

/// The next line without its end, or nothing when it is not whole yet.
std::optional<QByteArrayView> nextLine(QByteArrayView bytes, qsizetype &at)
{
    const qsizetype end = bytes.indexOf('\n', at);
    if (end < 0)
        return std::nullopt;
    QByteArrayView line = bytes.sliced(at, end - at);
    at = end + 1;
    if (line.endsWith('\r'))
        line.chop(1);
    return line;
}

/// "HTTP/1.1 200 OK"; the reason is not kept.
bool readStatusLine(QByteArrayView line, HttpHead &into)
{
    if (line.size() < 12 || !line.startsWith("HTTP/1.") || line.at(8) != ' ')
        return false;
    if (line.at(7) != '0' && line.at(7) != '1')
        return false;
    const QByteArrayView code = line.sliced(9, 3);
    if (!std::all_of(code.begin(), code.end(), isDigit) || (line.size() > 12 && line.at(12) != ' '))
        return false;
    into.http10 = line.at(7) == '0';
    into.status = code.toInt();
    return into.status >= 100 && into.status <= 599;
}

void addHeader(HttpHead &into, const QByteArray &name, QByteArrayView value)
{
    const auto known
        = std::ranges::find(into.headers, name, &std::pair<QByteArray, QByteArray>::first);
    if (known == into.headers.end()) {
        into.headers.emplace_back(name, value.toByteArray());
        return;
    }
    known->second += ", ";
    known->second += value;
}

HttpHeadReply garbage(const QString &detail)
{
    HttpHeadReply reply;
    reply.kind = HttpHeadReply::Kind::Garbage;
    reply.detail = detail;
    return reply;
}

bool startsLikeHttp(QByteArrayView received)
{
    const QByteArrayView start("HTTP/1.");
    const qsizetype size = std::min(start.size(), received.size());
    return received.first(size) == start.first(size);
}

bool isClean(QByteArrayView value)
{
    return std::none_of(value.begin(), value.end(), [](char c) { return c == '\0' || c == '\r'; });
}

bool listHas(const std::optional<QByteArray> &value, QByteArrayView wanted)
{
    if (!value)
        return false;
    const QList<QByteArray> words = value->toLower().split(',');
    return std::ranges::any_of(words,
                               [&](const QByteArray &word) { return trimmed(word) == wanted; });
}

/// A chunk's size line up to its extension, or nothing when it is no number below 2^32.
std::optional<qsizetype> chunkSize(QByteArrayView line)
{
    const qsizetype semicolon = line.indexOf(';');
    const QByteArrayView digits = trimmed(semicolon < 0 ? line : line.first(semicolon));
    if (digits.isEmpty() || digits.size() > 8)
        return std::nullopt;
    qsizetype size = 0;
    for (const char c : digits) {
        const QByteArrayView hex("0123456789abcdef");
        const qsizetype value = hex.indexOf(c >= 'A' && c <= 'F' ? char(c - 'A' + 'a') : c);
        if (value < 0)
            return std::nullopt;
        size = size * 16 + value;
    }
    return size;
}

} // namespace

std::optional<QByteArray> HttpHead::value(QByteArrayView name) const
{
    for (const auto &[key, text] : headers) {
        if (key == name)
            return text;
    }
    return std::nullopt;
}

HttpHeadReply readHttpHead(QByteArrayView received)
{
    const bool tooLong = received.size() > longestHttpHead;
    if (tooLong)
        received = received.first(longestHttpHead);
    if (!startsLikeHttp(received))
        return garbage(u"an answer that is not HTTP/1"_s);
    HttpHeadReply reply;
    // A folded line belongs to the one before, so that one is added only when the next is known.
    QByteArray name;
    QByteArray value;
    const auto flush = [&] {
        if (!name.isEmpty())
            addHeader(reply.head, name, value);
        name.clear();
    };
    qsizetype at = 0;
    for (int number = 0; const std::optional<QByteArrayView> line = nextLine(received, at);
         ++number) {
        if (number > mostLines)
            return garbage(u"more than 200 header lines"_s);
        if (number == 0) {
            if (!readStatusLine(*line, reply.head))
                return garbage(u"a malformed status line"_s);
            continue;
        }
        if (line->isEmpty()) {
            flush();
            reply.kind = HttpHeadReply::Kind::Head;
            reply.head.size = at;
            return reply;
        }
        if (!isClean(*line))
            return garbage(u"a header with a control character"_s);
        if (line->startsWith(' ') || line->startsWith('\t')) {
            if (name.isEmpty())
                return garbage(u"a folded line without a header"_s);
            value += ' ';
            value += trimmed(*line);
            continue;
        }
        flush();
        const qsizetype colon = line->indexOf(':');
        const QByteArrayView key = line->first(std::max<qsizetype>(colon, 0));
        if (key.isEmpty() || !std::all_of(key.begin(), key.end(), isTokenChar))
            return garbage(u"a malformed header line"_s);
        name = key.toByteArray().toLower();
        value = trimmed(line->sliced(colon + 1)).toByteArray();
    }
    if (tooLong)
        return garbage(u"a head longer than 64 KiB"_s);
    return {};
}

HttpBody bodyOf(const HttpHead &head)
{
    if (head.status < 200 || head.status == 204 || head.status == 304)
        return {};
    if (head.value("transfer-encoding")) {
        const bool chunked = listHas(head.value("transfer-encoding"), "chunked");
        return {chunked ? HttpBody::Framing::Chunked : HttpBody::Framing::UntilClose, 0};
    }
    if (const auto length = head.value("content-length")) {
        const bool digits = !length->isEmpty() && length->size() <= 15
            && std::all_of(length->begin(), length->end(), isDigit);
        if (digits)
            return {HttpBody::Framing::Length, length->toLongLong()};
    }
    return {HttpBody::Framing::UntilClose, 0};
}

std::optional<qsizetype> endOfChunks(QByteArrayView received)
{
    qsizetype at = 0;
    while (const std::optional<QByteArrayView> line = nextLine(received, at)) {
        const std::optional<qsizetype> size = chunkSize(*line);
        if (!size)
            return std::nullopt;
        if (*size == 0) {
            // Trailer lines, then an empty one.
            while (const std::optional<QByteArrayView> trailer = nextLine(received, at)) {
                if (trailer->isEmpty())
                    return at;
            }
            return std::nullopt;
        }
        if (*size > received.size() - at)
            return std::nullopt;
        at += *size;
        const std::optional<QByteArrayView> end = nextLine(received, at);
        if (!end || !end->isEmpty())
            return std::nullopt;
    }
    return std::nullopt;
}

bool keepsAlive(const HttpHead &head)
{
    const std::optional<QByteArray> connection = head.value("connection");
    if (listHas(connection, "close"))
        return false;
    return !head.http10 || listHas(connection, "keep-alive");
}

} // namespace probe
