#include "core/facts/facts.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// A facts file from anybody. What can be read must survive being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray json(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const base::Result<facts::Snapshot> snapshot = facts::fromJson(json);
    if (!snapshot)
        return 0;
    const base::Result<facts::Snapshot> again = facts::fromJson(facts::toJson(*snapshot));
    if (!again || *again != *snapshot)
        std::abort();
    facts::parse(*snapshot);
    return 0;
}
