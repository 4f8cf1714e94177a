#include "core/config/nginxquery.h"

#include <cstddef>
#include <cstdint>

/// `nginx -T` of a hostile server, read and asked everything that checks ask.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArrayView text(data, static_cast<qsizetype>(size));
    config::NginxDump dump = config::parseNginxDump(text);
    if (dump.files.empty())
        dump.files.push_back(config::parseNginx(text, "/etc/nginx/nginx.conf"));
    const config::NginxView view(std::move(dump));
    view.proxyTargets();
    int asked = 0; // the headers of all inherit the same long list
    for (const config::NginxServer &server : view.servers()) {
        if (++asked > 8)
            break;
        config::headersInEffect(*server.node);
        config::valueInEffect(*server.node, "ssl_protocols");
        for (const config::NginxNode *location : view.locations(*server.node)) {
            if (++asked > 16)
                break;
            config::headersInEffect(*location);
        }
    }
    return 0;
}
