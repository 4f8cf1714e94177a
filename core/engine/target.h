#pragma once

#include "core/base/secretbytes.h"
#include "core/model/server.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>
#include <vector>

namespace engine {

/// Secrets of one attempt, given by a person or on standard input.
struct Credentials
{
    base::SecretBytes loginPassword;
    base::SecretBytes sudoPassword;
    base::SecretBytes passphrase; ///< of the key file

    Credentials clone() const
    {
        return {loginPassword.clone(), sudoPassword.clone(), passphrase.clone()};
    }
};

/// What to do with a host key that no file knows.
struct HostKeyPolicy
{
    bool acceptNew = false;
    QString fingerprint; ///< "SHA256:...": only this key, and it is remembered
    QString knownHostsFile; ///< instead of the user's and the global one
};

struct ProbeOptions
{
    bool enabled = true;
    QString publicName;
    struct Resolve
    {
        QString name;
        quint16 port = 0;
        QString address;
    };
    std::vector<Resolve> resolve;
    QString caFile;
};

struct AuditRequest
{
    model::Server server;
    Credentials credentials;
    HostKeyPolicy hostKey;
    /// Where sudo is wanted but not to be had, the audit goes on as an ordinary user.
    bool userInstead = false;
    ProbeOptions probing;
    QString deployment; ///< only this one; empty for all
    std::chrono::milliseconds connectTimeout{15000};
    std::chrono::milliseconds auditTimeout{180000};

    /// For another try; the secrets get owners of their own.
    AuditRequest clone() const
    {
        return {server,  credentials.clone(), hostKey,        userInstead,
                probing, deployment,          connectTimeout, auditTimeout};
    }
};

/// The key a server offered, for the dialog that asks.
struct HostKeyOffer
{
    QString type; ///< ssh-ed25519, ...
    QString fingerprint; ///< SHA256:...
    QStringList known; ///< fingerprints on file for this host, when it changed
    QString file; ///< and where
    QByteArray key; ///< as it is remembered
    bool onlyAuthority = false; ///< on file is only a certificate authority, which is not verified
};

} // namespace engine
