#pragma once

#include <QString>
#include <QStringList>

namespace ui {

/// "SHA256:" and groups of four characters, for eyes.
QStringList fingerprintGroups(const QString &fingerprint);

/// The file on the server that holds the public half of a host key of this type.
QString hostKeyFile(const QString &type);

/// "ED25519" from "ssh-ed25519".
QString keyTypeName(const QString &type);

enum class Comparison { Nothing, Same, Different, OtherHash };

/// Compares an offered SHA-256 fingerprint with what a person pasted: the bare value, one with
/// blanks or padding, or a whole line of `ssh-keygen -l`.
Comparison compareFingerprint(const QString &offered, const QString &pasted);

} // namespace ui
