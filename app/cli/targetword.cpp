#include "app/cli/targetword.h"

#include <QHostAddress>

#include <algorithm>

namespace cli {

using base::ErrorKind;
using base::Stage;
using namespace Qt::StringLiterals;

namespace {

std::optional<quint16> portOf(QStringView text)
{
    const bool digits = !text.isEmpty() && text.size() <= 5
        && std::ranges::all_of(text, [](QChar c) { return c >= u'0' && c <= u'9'; });
    const uint port = digits ? text.toUInt() : 0;
    if (port == 0 || port > 65535)
        return {};
    return static_cast<quint16>(port);
}

bool isUserName(QStringView text)
{
    if (text.isEmpty() || text.size() > 64 || text.startsWith(u'-'))
        return false;
    return std::ranges::none_of(text,
                                [](QChar c) { return c.isSpace() || !c.isPrint() || c == u':'; });
}

bool isIpv6(QStringView text)
{
    const QHostAddress address(text.toString());
    return address.protocol() == QAbstractSocket::IPv6Protocol;
}

base::Result<TargetWord> bad(const QString &word)
{
    return base::fail(ErrorKind::BadInput, Stage::Parse, u"target “"_s + word + u"”"_s);
}

} // namespace

bool isHostName(QStringView text)
{
    if (text.isEmpty() || text.size() > 253 || text.startsWith(u'-') || text.startsWith(u'.'))
        return false;
    // Underscores are no host name by the book, but names of containers and Windows machines have
    // them.
    return std::ranges::all_of(text, [](QChar c) {
        return c == u'-' || c == u'.' || c == u'_' || (c.unicode() < 0x80 && c.isLetterOrNumber());
    });
}

base::Result<TargetWord> parseTarget(const QString &word)
{
    TargetWord target;
    QString rest = word;
    if (const qsizetype at = word.lastIndexOf(u'@'); at >= 0) {
        target.user = word.first(at);
        rest = word.sliced(at + 1);
        if (!isUserName(target.user))
            return bad(word);
    }

    QString port;
    if (rest.startsWith(u'[')) {
        const qsizetype end = rest.indexOf(u']');
        if (end < 0)
            return bad(word);
        target.host = rest.sliced(1, end - 1);
        port = rest.sliced(end + 1);
        if (!isIpv6(target.host) || (!port.isEmpty() && !port.startsWith(u':')))
            return bad(word);
    } else if (rest.count(u':') > 1) {
        target.host = rest;
        if (!isIpv6(target.host))
            return bad(word);
    } else {
        const qsizetype colon = rest.indexOf(u':');
        target.host = colon < 0 ? rest : rest.first(colon);
        port = colon < 0 ? QString() : rest.sliced(colon);
        if (!isHostName(target.host))
            return bad(word);
    }

    if (!port.isEmpty()) {
        const std::optional<quint16> number = portOf(QStringView(port).sliced(1));
        if (!number)
            return bad(word);
        target.port = *number;
    }
    return target;
}

base::Result<ResolveWord> parseResolve(const QString &word)
{
    const auto wrong = [&] {
        return base::fail(ErrorKind::BadInput, Stage::Parse, u"“"_s + word + u"” for --resolve"_s);
    };
    const qsizetype first = word.indexOf(u':');
    const qsizetype second = first < 0 ? -1 : word.indexOf(u':', first + 1);
    if (second < 0)
        return wrong();
    ResolveWord resolve;
    resolve.name = word.first(first);
    resolve.address = word.sliced(second + 1);
    if (resolve.address.startsWith(u'[') && resolve.address.endsWith(u']'))
        resolve.address = resolve.address.sliced(1, resolve.address.size() - 2);
    const std::optional<quint16> port
        = portOf(QStringView(word).sliced(first + 1, second - first - 1));
    // QHostAddress also takes "1" and "0x7f000001": a full dotted quad or IPv6 only.
    const QHostAddress address(resolve.address);
    if (!port || !isHostName(resolve.name) || address.isNull()
        || (address.protocol() == QAbstractSocket::IPv4Protocol
            && resolve.address.count(u'.') != 3))
        return wrong();
    resolve.port = *port;
    return resolve;
}

} // namespace cli
