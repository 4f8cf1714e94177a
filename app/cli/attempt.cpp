#include "app/cli/attempt.h"

#include <QFileInfo>

#include <algorithm>

#include <pwd.h>
#include <unistd.h>

namespace cli {

using base::ErrorKind;
using base::Stage;
using namespace Qt::StringLiterals;

namespace {

QString currentUser()
{
    const passwd *entry = ::getpwuid(::geteuid());
    return entry ? QString::fromLocal8Bit(entry->pw_name) : qEnvironmentVariable("USER");
}

/// Fails where saved servers cannot be read: taken for a host's name, the name of a saved one would
/// lead to another machine.
base::Result<std::optional<model::Server>> savedServer(const Session &session, const QString &name)
{
    // Without a database there is no saved server, and asking must not make one.
    if (!QFileInfo::exists(session.configDirectory + u"/flowkeep.sqlite"_s))
        return std::nullopt;
    const auto servers = session.engine.servers().result();
    if (!servers)
        return base::fail(servers);
    const auto found = std::ranges::find(*servers, name, &model::Server::name);
    return found == servers->end() ? std::nullopt : std::optional(*found);
}

base::Result<model::Server> serverFor(const Session &session, const QString &target)
{
    const base::Result<std::optional<model::Server>> saved = savedServer(session, target);
    if (!saved)
        return base::fail(saved);
    if (*saved)
        return **saved;
    const base::Result<TargetWord> word = parseTarget(target);
    if (!word)
        return base::fail(word);
    model::Server server;
    server.name = target;
    server.host = word->host;
    server.port = word->port;
    server.user = word->user.isEmpty() ? currentUser() : word->user;
    return server;
}

QString progressText(const QString &name, const engine::Progress &step)
{
    if (step.stage == Stage::Probe)
        return name + u": looking from outside"_s;
    if (step.stage != Stage::Collect)
        return name + u": connecting ("_s + base::stageName(step.stage) + u')';
    QString text = name + u": reading "_s + step.section;
    if (step.total > 0)
        text += u' ' + QString::number(std::min(step.done, step.total)) + u'/'
            + QString::number(step.total);
    return text;
}

QString placeOf(const model::Server &server)
{
    return server.port == 22 ? server.host
                             : server.host + u" port "_s + QString::number(server.port);
}

/// Asks what the failure asks for and puts the answer into the request; false to give up.
bool answer(const Session &session, const engine::Failure &failure, engine::AuditRequest &request)
{
    const QString login = request.server.user + u'@' + request.server.host;
    const auto ask = [&](const QString &question, base::SecretBytes &into) {
        std::optional<base::SecretBytes> secret = session.terminal.askSecret(question);
        if (!secret || secret->isEmpty())
            return false;
        into = std::move(*secret);
        return true;
    };
    switch (failure.error.kind) {
    case ErrorKind::HostKeyUnknown:
        if (!failure.hostKey
            || !session.terminal.askHostKey(placeOf(request.server), *failure.hostKey))
            return false;
        request.hostKey.fingerprint = failure.hostKey->fingerprint;
        return true;
    case ErrorKind::PasswordNeeded:
        return ask(u"Password of "_s + login + u':', request.credentials.loginPassword);
    case ErrorKind::PassphraseNeeded:
        return ask(u"Passphrase of "_s + failure.error.what + u':', request.credentials.passphrase);
    case ErrorKind::SudoPasswordNeeded:
        if (ask(u"sudo password of "_s + login + u" (empty: go on without root):"_s,
                request.credentials.sudoPassword))
            request.server.sudo = model::SudoMethod::OtherPassword;
        else
            request.server.sudo = model::SudoMethod::None;
        return !session.stop.stop_requested();
    case ErrorKind::SudoRefused:
        // Of a server given on the command line nobody said that its user may become root.
        if (!request.server.id.isEmpty()
            || request.server.sudo != model::SudoMethod::WithoutPassword)
            return false;
        request.server.sudo = model::SudoMethod::None;
        return true;
    default:
        return false;
    }
}

} // namespace

base::Result<engine::Credentials> readCredentials(const Session &session)
{
    engine::Credentials credentials;
    const auto read = [&](bool wanted, base::SecretBytes &into, const QString &name) {
        if (!wanted)
            return base::Result<void>{};
        std::optional<base::SecretBytes> line = readSecretLine(session.stop);
        if (session.stop.stop_requested())
            return base::Result<void>(base::fail(ErrorKind::Cancelled, Stage::Authentication, {}));
        if (!line || line->isEmpty())
            return base::Result<void>(
                base::fail(ErrorKind::BadInput, Stage::File,
                           u"the standard input without a line for the "_s + name));
        into = std::move(*line);
        return base::Result<void>{};
    };
    const Arguments &a = session.arguments;
    if (auto login = read(a.passwordFromStdin, credentials.loginPassword, u"login password"_s);
        !login)
        return base::fail(login);
    if (auto sudo = read(a.sudoPasswordFromStdin, credentials.sudoPassword, u"sudo password"_s);
        !sudo)
        return base::fail(sudo);
    return credentials;
}

base::Result<engine::AuditRequest>
requestFor(const Session &session, const QString &target, const engine::Credentials &credentials)
{
    const Arguments &a = session.arguments;
    const base::Result<model::Server> server = serverFor(session, target);
    if (!server)
        return base::fail(server);
    engine::AuditRequest request;
    request.server = *server;
    request.credentials = credentials.clone();
    if (!a.identity.isEmpty()) {
        request.server.login = model::LoginMethod::KeyFile;
        request.server.keyFile = a.identity;
    } else if (a.passwordFromStdin) {
        request.server.login = model::LoginMethod::Password;
    }
    if (a.sudoPasswordFromStdin)
        request.server.sudo = model::SudoMethod::OtherPassword;
    // Where nobody said how to become root and nobody can be asked, reading as an ordinary user
    // beats reading nothing.
    request.userInstead
        = server->id.isEmpty() && !a.sudoPasswordFromStdin && !session.terminal.canAsk();
    request.hostKey = {a.acceptNewHostKey, a.fingerprint, a.knownHosts};
    request.probing.enabled = a.probe;
    request.probing.publicName = a.publicName;
    for (const ResolveWord &resolve : a.resolve)
        request.probing.resolve.push_back({resolve.name, resolve.port, resolve.address});
    request.probing.caFile = a.caFile;
    request.deployment = a.deployment;
    if (a.connectTimeout)
        request.connectTimeout = std::chrono::seconds(*a.connectTimeout);
    return request;
}

engine::AuditOutcome attempt(const Session &session, engine::AuditRequest request)
{
    const QString name = request.server.name;
    // Host key, login, passphrase and sudo may each ask once.
    for (int question = 0;; ++question) {
        engine::AuditOutcome outcome
            = session.engine
                  .audit(request.clone(), session.stop,
                         [&](const engine::Progress &step) {
                             session.terminal.showProgress(progressText(name, step));
                         })
                  .takeResult();
        session.terminal.clearProgress();
        if (outcome.run || question == 4 || !session.terminal.canAsk()
            || !answer(session, outcome.failure, request))
            return outcome;
    }
}

} // namespace cli
