#pragma once

#include "core/base/secretbytes.h"
#include "core/base/untrustedtext.h"
#include "core/transport/resolve.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace transport {

/// How to log in. With key files only those are offered, and the agent may sign for them; without,
/// the agent's keys and then the user's usual key files. At most 4 keys in all and one try of the
/// password.
struct LoginOptions
{
    QString user;
    QStringList keyFiles;
    base::SecretBytes passphrase; ///< of the key files
    bool useAgent = true;
    QString agentSocket; ///< instead of $SSH_AUTH_SOCK
    bool useDefaultKeyFiles = true; ///< ~/.ssh/id_ed25519 and so on, where no key file is named
    base::SecretBytes password; ///< empty: no password login
};

struct HostKeyOptions
{
    QStringList files; ///< read only; see standardKnownHostsFiles()
    bool filesMustExist = false; ///< somebody named them: a missing one is a mistake
    QString ownFile; ///< read, and the only one written; empty for none
    bool acceptNew = false; ///< remember the key of a host that no file knows
    QString fingerprint; ///< "SHA256:...": only this key is taken, and it is remembered
};

struct SshOptions
{
    QString host;
    quint16 port = 22;
    LoginOptions login;
    HostKeyOptions hostKeys;
    base::SecretBytes sudoPassword;
    std::chrono::milliseconds connectTimeout{15000}; ///< from the name to the end of the login
    std::chrono::milliseconds keepAlive{10000}; ///< at least 2 s; three unanswered end it
    Lookup lookup = systemLookup;
};

/// The key a server showed.
struct OfferedKey
{
    QString type; ///< ssh-ed25519, ...
    QString fingerprint; ///< SHA256:...
    QStringList known; ///< fingerprints on file for this host
    QString file; ///< where they are
    bool onlyAuthority
        = false; ///< on file is only a certificate authority, which is not verified here
    QByteArray key; ///< as it is remembered
};

/// What the last connection, or attempt at one, learned; for reports and error dialogs.
struct ConnectionDetails
{
    QString peerAddress; ///< numeric
    QString localAddress;
    base::UntrustedText software; ///< "SSH-2.0-OpenSSH_9.2p1"
    std::optional<OfferedKey> hostKey;
    bool strictKex = false;
    QString cipher; ///< in use, as named in RFC 4253
    /// NoCommonAlgorithm: the list in which nothing is shared, as each side offers it.
    QString mismatch;
    base::UntrustedText serverOffer;
    QString ourOffer;
    base::UntrustedText prompts; ///< what the server asked in keyboard-interactive login
    QStringList loginMethods; ///< that the server allows
};

} // namespace transport
