#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"
#include "core/transport/agent.h"
#include "core/transport/session.h"
#include "core/transport/waiter.h"

#include <QByteArray>
#include <QString>

namespace transport {

/// Who logs in, for the functions below.
struct KeyLogin
{
    Session &session;
    QByteArray user;
    const Waiter &waiter;
};

/// True when logged in, false when the server does not take the key. RSA keys sign with SHA-2 or
/// not at all: a server that wants SHA-1 is AuthenticationUnsupported.
base::Result<bool> offerAgentKey(const KeyLogin &login, Agent &agent, const QByteArray &key);

/// The same with a key file; an encrypted one without passphrase is signed for by the agent when
/// that holds it. PassphraseNeeded, with a detail where the given one is wrong.
base::Result<bool> offerKeyFile(const KeyLogin &login,
                                const QString &path,
                                const base::SecretBytes &passphrase,
                                Agent *agent);

} // namespace transport
