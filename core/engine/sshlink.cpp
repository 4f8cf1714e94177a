#include "core/engine/sshlink.h"

#include "core/transport/knownhostsfile.h"

namespace engine {

using namespace Qt::StringLiterals;

namespace {

transport::LoginOptions loginOptions(AuditRequest &request)
{
    transport::LoginOptions login;
    login.user = request.server.user;
    login.passphrase = std::move(request.credentials.passphrase);
    login.password = std::move(request.credentials.loginPassword);
    switch (request.server.login) {
    case model::LoginMethod::Agent:
        break;
    case model::LoginMethod::KeyFile:
        login.keyFiles = {request.server.keyFile};
        break;
    case model::LoginMethod::Password:
        login.useAgent = false;
        login.useDefaultKeyFiles = false;
        break;
    }
    return login;
}

/// A password typed for sudo counts before the one of the login: whoever typed it knows that the
/// other does not do.
base::SecretBytes sudoPassword(AuditRequest &request)
{
    if (request.server.sudo == model::SudoMethod::None)
        return {};
    if (!request.credentials.sudoPassword.isEmpty())
        return std::move(request.credentials.sudoPassword);
    if (request.server.sudo == model::SudoMethod::SameAsLogin)
        return request.credentials.loginPassword.clone();
    return {};
}

} // namespace

transport::SshOptions sshOptions(AuditRequest &request, const QString &ownKnownHosts)
{
    transport::SshOptions options;
    options.host = request.server.host;
    options.port = request.server.port;
    options.sudoPassword = sudoPassword(request);
    options.login = loginOptions(request);
    options.hostKeys.files = request.hostKey.knownHostsFile.isEmpty()
        ? transport::standardKnownHostsFiles()
        : QStringList{request.hostKey.knownHostsFile};
    options.hostKeys.filesMustExist = !request.hostKey.knownHostsFile.isEmpty();
    options.hostKeys.ownFile = ownKnownHosts;
    options.hostKeys.acceptNew = request.hostKey.acceptNew;
    options.hostKeys.fingerprint = request.hostKey.fingerprint;
    options.connectTimeout = request.connectTimeout;
    return options;
}

Failure failureOf(const base::Error &error, const transport::ConnectionDetails &details)
{
    Failure failure{.error = error, .hostKey = {}, .serverOffer = {}, .ourOffer = {}};
    if (details.hostKey && error.stage == base::Stage::HostKey) {
        const transport::OfferedKey &key = *details.hostKey;
        failure.hostKey = HostKeyOffer{key.type, key.fingerprint, key.known,
                                       key.file, key.key,         key.onlyAuthority};
    }
    // Later stages have nothing to compare, and the error's own detail says more.
    if (error.kind == base::ErrorKind::NoCommonAlgorithm) {
        failure.serverOffer = details.mismatch + u": "_s + details.serverOffer.display(1000);
        failure.ourOffer = details.ourOffer;
    } else if (error.stage == base::Stage::Authentication) {
        failure.serverOffer = details.prompts.display(1000);
    } else if (error.stage == base::Stage::Banner || error.stage == base::Stage::Kex) {
        failure.serverOffer = details.software.display(200);
    }
    return failure;
}

} // namespace engine
