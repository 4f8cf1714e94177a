#include "core/config/envfile.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// A `.env` file and a value for KEY, apart by a NUL. An edit must read back as the value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray all(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const qsizetype split = all.indexOf('\0');
    const config::EnvDocument document = config::parseEnv(split < 0 ? all : all.first(split));
    qsizetype at = 0;
    for (const config::EnvAssignment &entry : document.assignments) {
        if (entry.begin < at || entry.end < entry.begin || entry.end > document.text.size())
            std::abort();
        at = entry.end;
        entry.interpolates();
    }
    const QByteArray value = split < 0 ? "it's $5\\" : all.sliced(split + 1);
    if (const std::optional<QByteArray> text = config::withValue(document, "KEY", value)) {
        const config::EnvDocument after = config::parseEnv(*text);
        if (after.errorLine || !after.find("KEY") || after.find("KEY")->interpolates())
            std::abort();
    }
    config::withoutKey(document, "KEY");
    return 0;
}
