#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <QByteArray>
#include <QString>

namespace transport {

/// A private key file as far as it can be read without its passphrase.
struct KeyFile
{
    base::SecretBytes text;
    bool encrypted = false;
    QByteArray publicKey; ///< wire format; empty for encrypted PEM files
    QByteArray type; ///< "ssh-ed25519", ...; empty when the public key is
};

/// KeyFileUnreadable for anything that is no private key of at most 64 KiB.
base::Result<KeyFile> readKeyFile(const QString &path);
base::Result<KeyFile> parseKeyFile(base::SecretBytes text, const QString &path);

/// For an encrypted RSA key in PEM form: its public half, empty where the passphrase is wrong.
QByteArray publicKeyOfPem(const base::SecretBytes &text, const base::SecretBytes &passphrase);

} // namespace transport
