#pragma once

#include "core/base/result.h"
#include "core/base/uniquefd.h"
#include "core/transport/waiter.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace transport {

struct AgentIdentity
{
    QByteArray key; ///< wire format
    QByteArray type;
    QString comment;
};

/// A connection to a running ssh-agent. Own code, because libssh2's waits for the agent without end
/// (the agent may be asking a person) and then nothing can be cancelled.
class Agent
{
public:
    /// `path` empty: $SSH_AUTH_SOCK. AgentUnavailable when there is none.
    static base::Result<Agent> open(const QString &path, const Waiter &waiter);

    base::Result<QList<AgentIdentity>> identities(const Waiter &waiter);
    /// The signature in SSH's own form: algorithm name, then its bytes.
    base::Result<QByteArray>
    sign(const QByteArray &key, QByteArrayView data, quint32 flags, const Waiter &waiter);

private:
    explicit Agent(base::UniqueFd socket)
        : m_socket(std::move(socket))
    { }
    base::Result<QByteArray> ask(const QByteArray &request, const Waiter &waiter);

    base::UniqueFd m_socket;
};

/// The body of an answer to "request identities" (without its type byte).
QList<AgentIdentity> parseIdentities(QByteArrayView body);

} // namespace transport
