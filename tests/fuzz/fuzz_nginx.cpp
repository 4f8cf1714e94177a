#include "core/config/nginxquery.h"

#include <cstddef>
#include <cstdint>

/// `nginx -T` of a hostile server, read and asked everything that checks ask.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArrayView text(data, static_cast<qsizetype>(size));
    config::parseNginx(text);
    const config::NginxView view(config::parseNginxDump(text));
    view.proxyTargets();
    for (const config::NginxServer &server : view.servers()) {
        config::headersInEffect(*server.node);
        config::valueInEffect(*server.node, "ssl_protocols");
        for (const config::NginxNode *location : view.locations(*server.node))
            config::headersInEffect(*location);
    }
    return 0;
}
