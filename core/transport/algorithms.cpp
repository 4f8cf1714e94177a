#include "core/transport/algorithms.h"

#include <algorithm>

namespace transport {

using namespace Qt::StringLiterals;

namespace {

bool disjoint(const QList<QByteArray> &ours, const QList<QByteArray> &theirs)
{
    return std::none_of(ours.begin(), ours.end(),
                        [&](const QByteArray &name) { return theirs.contains(name); });
}

bool isAead(QByteArrayView cipher)
{
    return cipher.contains("-gcm@") || cipher.startsWith("chacha20-poly1305");
}

/// The mac list does not matter when the cipher that will be chosen brings its own.
bool cipherBringsMac(const QList<QByteArray> &ours, const QList<QByteArray> &theirs)
{
    const auto chosen = std::find_if(ours.begin(), ours.end(),
                                     [&](const QByteArray &name) { return theirs.contains(name); });
    return chosen != ours.end() && isAead(*chosen);
}

QList<QByteArray> algorithmsOfKeyType(const QByteArray &type)
{
    if (type == "ssh-rsa")
        return {"rsa-sha2-512", "rsa-sha2-256"};
    return {type};
}

} // namespace

Algorithms ourAlgorithms()
{
    return {
        {"curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
         "ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "diffie-hellman-group16-sha512",
         "diffie-hellman-group18-sha512", "diffie-hellman-group-exchange-sha256",
         "diffie-hellman-group14-sha256"},
        {"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
         "rsa-sha2-512", "rsa-sha2-256"},
        {"chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-gcm@openssh.com",
         "aes256-ctr", "aes192-ctr", "aes128-ctr"},
        {"hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256",
         "hmac-sha2-512"},
    };
}

Algorithms withoutTerrapinTargets(Algorithms algorithms)
{
    algorithms.ciphers.removeIf([](const QByteArray &name) { return name.startsWith("chacha20"); });
    algorithms.macs.removeIf([](const QByteArray &name) { return name.contains("-etm@"); });
    return algorithms;
}

Algorithms preferringHostKeys(Algorithms algorithms, const QList<QByteArray> &keyTypes)
{
    QList<QByteArray> known;
    for (const QByteArray &type : keyTypes)
        known += algorithmsOfKeyType(type);
    std::stable_partition(algorithms.hostKeys.begin(), algorithms.hostKeys.end(),
                          [&](const QByteArray &name) { return known.contains(name); });
    return algorithms;
}

bool needsStrictKex(QByteArrayView cipher, QByteArrayView mac)
{
    return cipher.startsWith("chacha20") || (!isAead(cipher) && mac.contains("-etm@"));
}

Mismatch findMismatch(const Algorithms &ours, const ServerHello &server)
{
    const auto mismatch
        = [](const QString &list, const QList<QByteArray> &theirs, const QList<QByteArray> &own) {
              return Mismatch{list, theirs.join(','), own.join(',')};
          };
    if (disjoint(ours.kex, server.kex))
        return mismatch(u"key exchange"_s, server.kex, ours.kex);
    if (disjoint(ours.hostKeys, server.hostKeys))
        return mismatch(u"host key"_s, server.hostKeys, ours.hostKeys);
    for (const auto &[ciphers, macs] : {std::pair(server.ciphersToServer, server.macsToServer),
                                        std::pair(server.ciphersToClient, server.macsToClient)}) {
        if (disjoint(ours.ciphers, ciphers))
            return mismatch(u"cipher"_s, ciphers, ours.ciphers);
        if (!cipherBringsMac(ours.ciphers, ciphers) && disjoint(ours.macs, macs))
            return mismatch(u"mac"_s, macs, ours.macs);
    }
    return {};
}

} // namespace transport
