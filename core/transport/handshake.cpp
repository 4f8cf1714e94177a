#include "core/transport/handshake.h"

#include "core/transport/wirereader.h"

namespace transport {

namespace {

constexpr quint8 messageKexInit = 20;
constexpr qsizetype maximumPacket = 35000; // RFC 4253 6.1
constexpr int maximumPacketsBefore = 16;

QList<QByteArray> names(QByteArrayView list)
{
    if (list.isEmpty())
        return {};
    return list.toByteArray().split(',');
}

bool readOffer(QByteArrayView payload, ServerHello &hello)
{
    WireReader reader(payload);
    if (reader.byte() != messageKexInit || !reader.bytes(16))
        return false;
    for (QList<QByteArray> *field :
         {&hello.kex, &hello.hostKeys, &hello.ciphersToServer, &hello.ciphersToClient,
          &hello.macsToServer, &hello.macsToClient}) {
        const auto list = reader.string();
        if (!list)
            return false;
        *field = names(*list);
    }
    return true;
}

} // namespace

ServerHello parseServerHello(QByteArrayView received)
{
    ServerHello hello;
    // Lines before the identification are allowed and skipped.
    while (hello.software.isEmpty()) {
        const qsizetype end = received.indexOf('\n');
        if (end < 0)
            return hello;
        QByteArrayView line = received.first(end);
        received = received.sliced(end + 1);
        while (line.endsWith('\r'))
            line.chop(1);
        if (line.startsWith("SSH-"))
            hello.software = line.first(qMin(line.size(), qsizetype(255))).toByteArray();
    }
    WireReader reader(received);
    for (int i = 0; i < maximumPacketsBefore; ++i) {
        const auto length = reader.number();
        if (!length || *length > maximumPacket)
            return hello;
        const auto packet = reader.bytes(static_cast<qsizetype>(*length));
        if (!packet || packet->isEmpty())
            return hello;
        const auto padding = static_cast<quint8>(packet->front());
        if (packet->size() < padding + 2)
            return hello;
        const QByteArrayView payload = packet->sliced(1, packet->size() - 1 - padding);
        if (static_cast<quint8>(payload.front()) != messageKexInit)
            continue;
        hello.offerSeen = readOffer(payload, hello);
        return hello;
    }
    return hello;
}

} // namespace transport
