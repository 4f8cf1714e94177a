#pragma once

#include "core/transport/handshake.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace transport {

/// What is offered to a server, best first. Nothing obsolete is in it: no SHA-1, no CBC, no group 1
/// or 14 with SHA-1, no ssh-rsa signatures, no DSA.
struct Algorithms
{
    QList<QByteArray> kex;
    QList<QByteArray> hostKeys;
    QList<QByteArray> ciphers;
    QList<QByteArray> macs;
};

Algorithms ourAlgorithms();

/// For servers without strict key exchange: without chacha20 and encrypt-then-mac.
Algorithms withoutTerrapinTargets(Algorithms algorithms);

/// The host-key algorithms for which a key is on file come first: otherwise a server whose ed25519
/// key is known but which offers ecdsa first would look changed. `keyTypes` as in known_hosts
/// files.
Algorithms preferringHostKeys(Algorithms algorithms, const QList<QByteArray> &keyTypes);

/// True when the connection that uses these is one that needs strict key exchange.
bool needsStrictKex(QByteArrayView cipher, QByteArrayView mac);

/// The first list in which both sides share nothing, for an error that says so. Both offers are
/// plain comma lists; the server's still needs UntrustedText.
struct Mismatch
{
    QString list; ///< "key exchange", "host key", "cipher", "mac"; empty when there is none
    QByteArray server;
    QByteArray ours;
};
Mismatch findMismatch(const Algorithms &ours, const ServerHello &server);

} // namespace transport
