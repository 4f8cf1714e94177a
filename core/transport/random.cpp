#include "core/transport/random.h"

#include <openssl/rand.h>

#include <cstdlib>

namespace transport {

QByteArray randomBytes(qsizetype count)
{
    QByteArray bytes(count, '\0');
    auto *raw = static_cast<unsigned char *>(static_cast<void *>(bytes.data()));
    if (RAND_bytes(raw, static_cast<int>(count)) != 1)
        std::abort();
    return bytes;
}

QByteArray newNonce()
{
    return randomBytes(16).toHex();
}

} // namespace transport
