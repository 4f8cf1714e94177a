#include "core/probe/clienthello.h"
#include "core/probe/serverhello.h"

#include <cstdlib>

using probe::ServerReply;

/// What a server sends after our hello. Once decided, an answer stays decided whatever follows.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArrayView bytes(data, qsizetype(size));
    const ServerReply whole = probe::readServerReply(bytes);
    for (const qsizetype part : {bytes.size() / 2, bytes.size() - bytes.size() / 16}) {
        const ServerReply early = probe::readServerReply(bytes.first(part));
        if (early.kind != ServerReply::Kind::Incomplete && !(early == whole))
            std::abort();
    }
    for (const auto asked : {model::TlsVersion::Ssl3, model::TlsVersion::Tls10,
                             model::TlsVersion::Tls12, model::TlsVersion::Tls13}) {
        const probe::VersionAnswer answer = probe::judgeReply(asked, whole);
        const bool hello = whole.kind == ServerReply::Kind::Hello;
        const bool alert = whole.kind == ServerReply::Kind::Alert;
        if ((answer.offer == model::Offer::Accepted && !(hello && whole.hello.version == asked))
            || (answer.offer == model::Offer::Refused && !alert)
            || (answer.instead && !(*answer.instead < asked)))
            std::abort();
    }
    (void)probe::readServerHello(bytes);
    return 0;
}
