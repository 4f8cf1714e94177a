#include "core/transport/keyfile.h"

#include <cstddef>
#include <cstdint>

// A private key file that somebody handed over.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace transport;
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    const auto key = parseKeyFile(base::SecretBytes(bytes), QStringLiteral("key"));
    if (key && key->type.isEmpty() != key->publicKey.isEmpty())
        __builtin_trap();
    return 0;
}
