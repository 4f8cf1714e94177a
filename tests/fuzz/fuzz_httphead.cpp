#include "core/probe/httphead.h"

#include <cstdlib>

using Kind = probe::HttpHeadReply::Kind;

/// What a server sends after our request. Once decided, a head stays decided whatever follows.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArrayView bytes(data, qsizetype(size));
    const probe::HttpHeadReply whole = probe::readHttpHead(bytes);
    const probe::HttpHeadReply early = probe::readHttpHead(bytes.first(bytes.size() / 2));
    if (early.kind != Kind::Incomplete
        && (early.kind != whole.kind || early.head.size != whole.head.size
            || early.head.headers != whole.head.headers))
        std::abort();
    if (whole.kind == Kind::Head) {
        if (whole.head.size <= 0 || whole.head.size > bytes.size() || whole.head.status < 100)
            std::abort();
        const probe::HttpBody body = probe::bodyOf(whole.head);
        (void)probe::keepsAlive(whole.head);
        if (body.length < 0)
            std::abort();
    }
    const std::optional<qsizetype> end = probe::endOfChunks(bytes);
    if (end && (*end <= 0 || *end > bytes.size()))
        std::abort();
    return 0;
}
