#pragma once

#include <QByteArray>
#include <QList>

namespace transport {

/// What a server says in the clear before the first key exchange: its name and what it can do.
struct ServerHello
{
    QByteArray software; ///< the whole "SSH-2.0-..." line, empty until seen
    bool offerSeen = false;
    QList<QByteArray> kex;
    QList<QByteArray> hostKeys;
    QList<QByteArray> ciphersToServer;
    QList<QByteArray> ciphersToClient;
    QList<QByteArray> macsToServer;
    QList<QByteArray> macsToClient;

    /// Strict key exchange: without it a man in the middle can drop the first packets of chacha20
    /// and encrypt-then-mac connections unseen (CVE-2023-48795).
    bool strictKex() const { return kex.contains("kex-strict-s-v00@openssh.com"); }
};

/// Reads as much as is there; garbage leaves fields empty.
ServerHello parseServerHello(QByteArrayView received);

} // namespace transport
