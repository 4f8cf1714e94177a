#pragma once

#include "core/transport/knownhosts.h"
#include "core/transport/options.h"
#include "core/transport/privilege.h"
#include "core/transport/remotehost.h"
#include "core/transport/session.h"

#include <functional>
#include <memory>

namespace transport {

/// A server over one SSH connection. Blocking; one thread at a time. Cancel and deadlines answer at
/// once wherever the connection stands.
class SshHost : public RemoteHost
{
public:
    explicit SshHost(SshOptions options);
    ~SshHost() override;

    /// Called after each stage that succeeded: Name, Tcp, Banner, Kex, HostKey, Authentication.
    using StageSink = std::function<void(base::Stage)>;

    /// Connects, judges the host key and logs in; again after a lost connection. On HostKeyUnknown,
    /// HostKeyChanged, HostKeyRevoked and HostKeyMismatch details().hostKey says what was offered.
    base::Result<void> connect(const base::Interrupt &interrupt, const StageSink &reached = {});

    /// Needs a connection. A script that was cut may have run in part.
    base::Result<ScriptResult> runScript(const QByteArray &script,
                                         RunAs runAs,
                                         const OutputSink &sink,
                                         const base::Interrupt &interrupt) override;

    bool isConnected() const;
    void disconnect();
    const ConnectionDetails &details() const { return m_details; }

private:
    base::Result<void> openSession(const Waiter &waiter, const StageSink &reached);
    base::Result<void>
    shakeHands(const Algorithms &algorithms, const Waiter &waiter, const StageSink &reached);
    base::Result<void> acceptHostKey(const Waiter &waiter);
    void noteHello(const Algorithms &offered);

    SshOptions m_options;
    ConnectionDetails m_details;
    PrivilegeMemory m_privilege;
    QList<KnownHostsFile> m_knownHosts;
    std::unique_ptr<Session> m_session;
};

} // namespace transport
