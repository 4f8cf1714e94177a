#include "core/config/packetrules.h"

#include <cstddef>
#include <cstdint>

/// Rule sets as a hostile server could print them; the first byte chooses the language.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 1)
        return 0;
    const QByteArrayView text(data + 1, static_cast<qsizetype>(size - 1));
    config::PacketRules rules;
    const bool six = data[0] & 1;
    const auto family = six ? config::PacketFamily::IPv6 : config::PacketFamily::IPv4;
    if (data[0] & 2)
        rules.addNftJson(text);
    else
        rules.addIptablesSave(text, family, data[0] & 4);
    config::Packet packet;
    packet.family = family;
    packet.source
        = QHostAddress(six ? QStringLiteral("2001:db8::7") : QStringLiteral("198.51.100.7"));
    packet.destination
        = QHostAddress(six ? QStringLiteral("2001:db8::1") : QStringLiteral("203.0.113.5"));
    packet.destinationPort = 9999;
    rules.decide(packet, "br-fk");
    rules.filters(family);
    return 0;
}
