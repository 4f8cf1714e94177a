#include "core/transport/sshhost.h"

#include "core/transport/auth.h"
#include "core/transport/connect.h"
#include "core/transport/knownhostsfile.h"
#include "core/transport/resolve.h"

namespace transport {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Stage;

namespace {

void tell(const SshHost::StageSink &reached, Stage stage)
{
    if (reached)
        reached(stage);
}

base::Result<QList<KnownHostsFile>> readKnownHosts(const HostKeyOptions &options)
{
    QList<KnownHostsFile> files;
    const auto add = [&files](const QString &path, IfMissing ifMissing) -> base::Result<void> {
        auto file = readKnownHostsFile(path, ifMissing);
        if (!file)
            return base::fail(file);
        files.append(std::move(*file));
        return {};
    };
    for (const QString &path : options.files) {
        if (auto added = add(path, options.filesMustExist ? IfMissing::Fail : IfMissing::Empty);
            !added)
            return base::fail(added);
    }
    if (!options.ownFile.isEmpty()) {
        if (auto added = add(options.ownFile, IfMissing::Empty); !added)
            return base::fail(added);
    }
    return files;
}

} // namespace

SshHost::SshHost(SshOptions options)
    : m_options(std::move(options))
{ }

SshHost::~SshHost() = default;

bool SshHost::isConnected() const
{
    return m_session && !m_session->broken();
}

void SshHost::disconnect()
{
    m_session.reset();
}

base::Result<void> SshHost::connect(const base::Interrupt &interrupt, const StageSink &reached)
{
    m_session.reset();
    m_details = {};
    auto files = readKnownHosts(m_options.hostKeys);
    if (!files)
        return base::fail(files);
    m_knownHosts = std::move(*files);
    const Waiter waiter(interrupt.within(m_options.connectTimeout));
    auto done = openSession(waiter, reached);
    if (done)
        done = acceptHostKey(waiter);
    if (done) {
        tell(reached, Stage::HostKey);
        done = logIn(*m_session, m_options.login, waiter, m_details);
    }
    if (!done) {
        m_session.reset();
        return done;
    }
    tell(reached, Stage::Authentication);
    return {};
}

base::Result<void> SshHost::openSession(const Waiter &waiter, const StageSink &reached)
{
    const Algorithms algorithms = preferringHostKeys(
        ourAlgorithms(), knownKeyTypes(m_knownHosts, m_options.host, m_options.port));
    auto done = shakeHands(algorithms, waiter, reached);
    if (!done)
        return done;
    const bool weak = !m_details.strictKex
        && (needsStrictKex(m_session->method(LIBSSH2_METHOD_CRYPT_CS),
                           m_session->method(LIBSSH2_METHOD_MAC_CS))
            || needsStrictKex(m_session->method(LIBSSH2_METHOD_CRYPT_SC),
                              m_session->method(LIBSSH2_METHOD_MAC_SC)));
    if (weak) {
        m_session.reset();
        done = shakeHands(withoutTerrapinTargets(algorithms), waiter, {});
        if (!done)
            return done;
    }
    m_details.cipher = QString::fromLatin1(m_session->method(LIBSSH2_METHOD_CRYPT_CS));
    return {};
}

base::Result<void>
SshHost::shakeHands(const Algorithms &algorithms, const Waiter &waiter, const StageSink &reached)
{
    const auto addresses = resolve(m_options.host, m_options.port, waiter, m_options.lookup);
    if (!addresses)
        return base::fail(addresses);
    tell(reached, Stage::Name);
    auto connected = connectToAny(*addresses, m_options.host, waiter);
    if (!connected)
        return base::fail(connected);
    tell(reached, Stage::Tcp);
    m_details.peerAddress = connected->peerAddress;
    m_details.localAddress = connected->localAddress;
    m_session = std::make_unique<Session>(std::move(connected->socket), m_options.host,
                                          m_options.keepAlive);
    const auto done = m_session->handshake(algorithms, waiter);
    noteHello(algorithms);
    if (!m_details.software.isEmpty())
        tell(reached, Stage::Banner);
    if (!done)
        return done;
    tell(reached, Stage::Kex);
    return {};
}

void SshHost::noteHello(const Algorithms &offered)
{
    const ServerHello &hello = m_session->hello();
    m_details.software = base::UntrustedText(hello.software);
    m_details.strictKex = hello.strictKex();
    if (!hello.offerSeen)
        return;
    const Mismatch mismatch = findMismatch(offered, hello);
    m_details.mismatch = mismatch.list;
    m_details.serverOffer = base::UntrustedText(mismatch.server);
    m_details.ourOffer = QString::fromLatin1(mismatch.ours);
}

base::Result<void> SshHost::acceptHostKey(const Waiter &waiter)
{
    const HostKeyOptions &options = m_options.hostKeys;
    const QByteArray key = m_session->hostKey();
    const KeyJudgement judgement = judgeHostKey(m_knownHosts, m_options.host, m_options.port, key);
    const OfferedKey offered{QString::fromLatin1(keyTypeOf(key)),
                             fingerprintOf(key),
                             judgement.known,
                             judgement.file,
                             judgement.onlyAuthority,
                             key};
    m_details.hostKey = offered;
    const auto refuse = [&](ErrorKind kind) {
        return base::fail(kind, Stage::HostKey, m_options.host, offered.fingerprint);
    };
    const auto remember = [&](bool replace) -> base::Result<void> {
        if (options.ownFile.isEmpty())
            return {};
        return rememberHostKey(options.ownFile, m_options.host, m_options.port, key, replace,
                               waiter.interrupt());
    };
    if (key.isEmpty())
        return base::fail(ErrorKind::ProtocolViolation, Stage::HostKey, m_options.host);
    if (judgement.verdict == KeyVerdict::Revoked)
        return refuse(ErrorKind::HostKeyRevoked);
    if (!options.fingerprint.isEmpty()) {
        if (offered.fingerprint != options.fingerprint)
            return refuse(ErrorKind::HostKeyMismatch);
        if (judgement.verdict == KeyVerdict::Known)
            return {};
        return remember(judgement.verdict == KeyVerdict::Changed);
    }
    switch (judgement.verdict) {
    case KeyVerdict::Known:
        return {};
    case KeyVerdict::Unknown:
        return options.acceptNew ? remember(false) : refuse(ErrorKind::HostKeyUnknown);
    case KeyVerdict::Changed:
    case KeyVerdict::Revoked:
        break;
    }
    return refuse(ErrorKind::HostKeyChanged);
}

base::Result<ScriptResult> SshHost::runScript(const QByteArray &script,
                                              RunAs runAs,
                                              const OutputSink &sink,
                                              const base::Interrupt &interrupt)
{
    if (!isConnected())
        return base::fail(ErrorKind::ConnectionLost, Stage::Shell, m_options.host);
    const Waiter waiter(interrupt);
    const PrivilegeOptions options{m_options.login.user, m_options.sudoPassword, runAs};
    auto result = runPrivileged(*m_session, options, m_privilege, script, sink, waiter);
    if (m_session->broken())
        m_session.reset(); // nothing more can be said on it
    return result;
}

} // namespace transport
