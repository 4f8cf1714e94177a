#include "core/transport/agent.h"
#include "core/transport/algorithms.h"
#include "core/transport/handshake.h"

#include <cstddef>
#include <cstdint>

// What a server says before the first key exchange, and what an agent answers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace transport;
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    const ServerHello hello = parseServerHello(bytes);
    if (hello.software.size() > 255 || (hello.offerSeen && hello.software.isEmpty()))
        __builtin_trap();
    findMismatch(ourAlgorithms(), hello);
    parseIdentities(bytes);
    return 0;
}
