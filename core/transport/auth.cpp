#include "core/transport/auth.h"

#include "core/transport/keyfile.h"
#include "core/transport/publickey.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <cstring>

namespace transport {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Stage;

namespace {

constexpr int maximumKeys = 4; // servers count every key against their MaxAuthTries
constexpr std::size_t maximumPrompts = 8;
constexpr qsizetype maximumPrompt = 512;

/// Failures after which another key makes no sense.
bool endsLogin(const base::Error &error)
{
    switch (error.kind) {
    case ErrorKind::Cancelled:
    case ErrorKind::TimedOut:
    case ErrorKind::ConnectionLost:
    case ErrorKind::ProtocolViolation:
    case ErrorKind::Internal:
        return true;
    default:
        return false;
    }
}

struct Attempt
{
    Session &session;
    const LoginOptions &login;
    const Waiter &waiter;
    ConnectionDetails &details;
    QByteArray user;
    QStringList methods;
    int keysOffered = 0;
    std::optional<base::Error> firstError; ///< of a key that could not even be offered

    bool allows(QStringView method) const { return methods.contains(method); }
    QString who() const { return login.user + u'@' + session.host(); }
};

/// Which methods the server allows; true when it lets everybody in.
base::Result<bool> askMethods(Attempt &attempt)
{
    char *list = nullptr;
    const auto rc = attempt.session.drive(attempt.waiter, Stage::Authentication, [&] {
        list = libssh2_userauth_list(attempt.session.raw(), attempt.user.constData(),
                                     static_cast<unsigned>(attempt.user.size()));
        if (list != nullptr || libssh2_userauth_authenticated(attempt.session.raw()) != 0)
            return 0;
        return libssh2_session_last_errno(attempt.session.raw());
    });
    if (!rc)
        return base::fail(rc);
    if (*rc < 0)
        return base::fail(attempt.session.error(*rc, Stage::Authentication));
    if (list == nullptr)
        return true;
    attempt.methods = base::UntrustedText(QByteArray(list)).display(300).split(u',');
    attempt.details.loginMethods = attempt.methods;
    return false;
}

/// Notes what kept a key from being offered; hands back true, false, or an error that ends the
/// login.
base::Result<bool> note(Attempt &attempt, base::Result<bool> outcome)
{
    if (outcome) {
        ++attempt.keysOffered;
        return outcome;
    }
    if (endsLogin(outcome.error()))
        return outcome;
    if (!attempt.firstError)
        attempt.firstError = outcome.error();
    return false;
}

base::Result<bool> tryNamedKeys(Attempt &attempt, Agent *agent)
{
    const KeyLogin login{attempt.session, attempt.user, attempt.waiter};
    for (const QString &path : attempt.login.keyFiles.first(
             qMin(qsizetype(maximumKeys), attempt.login.keyFiles.size()))) {
        auto outcome = note(attempt, offerKeyFile(login, path, attempt.login.passphrase, agent));
        if (!outcome || *outcome)
            return outcome;
    }
    return false;
}

bool canBeOffered(const AgentIdentity &identity)
{
    return !identity.type.isEmpty() && identity.type != "ssh-dss"
        && !identity.type.contains("-cert-v01@");
}

base::Result<bool> tryAgentKeys(Attempt &attempt, Agent &agent, QList<QByteArray> &offered)
{
    const KeyLogin login{attempt.session, attempt.user, attempt.waiter};
    const auto identities = agent.identities(attempt.waiter);
    if (!identities)
        return note(attempt, base::fail(identities));
    for (const AgentIdentity &identity : *identities) {
        if (attempt.keysOffered == maximumKeys)
            break;
        if (!canBeOffered(identity))
            continue;
        offered.append(identity.key);
        auto outcome = note(attempt, offerAgentKey(login, agent, identity.key));
        if (!outcome || *outcome)
            return outcome;
    }
    return false;
}

base::Result<bool> tryDefaultKeys(Attempt &attempt, const QList<QByteArray> &offered)
{
    const KeyLogin login{attempt.session, attempt.user, attempt.waiter};
    for (const QString &name : {u"id_ed25519"_s, u"id_ecdsa"_s, u"id_rsa"_s}) {
        const QString path = QDir::homePath() + u"/.ssh/"_s + name;
        if (attempt.keysOffered == maximumKeys || !QFileInfo::exists(path))
            continue;
        const auto key = readKeyFile(path);
        // Nobody named these files: one that cannot be used as it is, is passed over.
        if (!key || offered.contains(key->publicKey)
            || (key->encrypted && attempt.login.passphrase.isEmpty()))
            continue;
        auto outcome = note(attempt, offerKeyFile(login, path, attempt.login.passphrase, nullptr));
        if (!outcome || *outcome)
            return outcome;
    }
    return false;
}

base::Result<bool> tryKeys(Attempt &attempt)
{
    if (!attempt.allows(u"publickey"))
        return false;
    std::optional<Agent> agent;
    if (attempt.login.useAgent) {
        auto opened = Agent::open(attempt.login.agentSocket, attempt.waiter);
        if (opened)
            agent = std::move(*opened);
        else if (endsLogin(opened.error()))
            return base::fail(opened);
        else if (attempt.login.keyFiles.isEmpty())
            attempt.firstError = opened.error();
    }
    if (!attempt.login.keyFiles.isEmpty())
        return tryNamedKeys(attempt, agent ? &*agent : nullptr);
    QList<QByteArray> offered;
    if (agent) {
        auto outcome = tryAgentKeys(attempt, *agent, offered);
        if (!outcome || *outcome)
            return outcome;
    }
    if (!attempt.login.useDefaultKeyFiles)
        return false;
    return tryDefaultKeys(attempt, offered);
}

base::Result<bool> passwordOutcome(Attempt &attempt, int rc)
{
    if (rc == 0)
        return true;
    if (rc == LIBSSH2_ERROR_PASSWORD_EXPIRED)
        return base::fail(ErrorKind::AuthenticationFailed, Stage::Authentication, attempt.who(),
                          u"the password has expired"_s);
    if (rc == LIBSSH2_ERROR_AUTHENTICATION_FAILED)
        return false;
    return base::fail(attempt.session.error(rc, Stage::Authentication));
}

base::Result<bool> tryPlainPassword(Attempt &attempt)
{
    const base::SecretBytes &password = attempt.login.password;
    const auto rc = attempt.session.drive(attempt.waiter, Stage::Authentication, [&] {
        return libssh2_userauth_password_ex(attempt.session.raw(), attempt.user.constData(),
                                            static_cast<unsigned>(attempt.user.size()),
                                            password.data(), static_cast<unsigned>(password.size()),
                                            nullptr);
    });
    return rc ? passwordOutcome(attempt, *rc) : base::Result<bool>(base::fail(rc));
}

/// Answers exactly one hidden prompt with the password; everything else is for people.
class PromptAnswers
{
public:
    explicit PromptAnswers(Attempt &attempt)
        : m_attempt(attempt)
    { }

    void answer(std::span<const LIBSSH2_USERAUTH_KBDINT_PROMPT> prompts,
                std::span<LIBSSH2_USERAUTH_KBDINT_RESPONSE> responses)
    {
        m_asked += prompts.size();
        QByteArray shown = m_attempt.details.prompts.bytes();
        for (const auto &prompt : prompts.first(std::min(prompts.size(), maximumPrompts))) {
            const auto length = qMin(static_cast<qsizetype>(prompt.length), maximumPrompt);
            shown += QByteArray(static_cast<const char *>(static_cast<void *>(prompt.text)), length)
                + '\n';
        }
        m_attempt.details.prompts = base::UntrustedText(shown);
        const bool visible = prompts.size() == 1 && prompts.front().echo != 0;
        if (++m_rounds > maximumPrompts || m_asked > 1 || visible) {
            m_attempt.session.refuse(u"the server asks for more than a password"_s);
            m_refused = true;
            return;
        }
        if (prompts.empty())
            return;
        const base::SecretBytes &password = m_attempt.login.password;
        auto *text = static_cast<char *>(Session::allocate(password.size() + 1));
        if (text == nullptr)
            return;
        std::memcpy(text, password.data(), password.size());
        responses[0].text = text;
        responses[0].length = static_cast<unsigned>(password.size());
    }
    bool refused() const { return m_refused; }

private:
    Attempt &m_attempt;
    std::size_t m_asked = 0;
    std::size_t m_rounds = 0;
    bool m_refused = false;
};

void handPromptsOn(const char *,
                   int,
                   const char *,
                   int,
                   int count,
                   const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts,
                   LIBSSH2_USERAUTH_KBDINT_RESPONSE *responses,
                   void **abstract)
{
    const auto size = static_cast<std::size_t>(std::max(count, 0));
    static_cast<Session *>(*abstract)->promptHandler()({prompts, size}, {responses, size});
}

base::Result<bool> tryPrompts(Attempt &attempt)
{
    PromptAnswers answers(attempt);
    attempt.session.setPromptHandler(
        [&](auto prompts, auto responses) { answers.answer(prompts, responses); });
    const auto rc = attempt.session.drive(attempt.waiter, Stage::Authentication, [&] {
        return libssh2_userauth_keyboard_interactive_ex(
            attempt.session.raw(), attempt.user.constData(),
            static_cast<unsigned>(attempt.user.size()), handPromptsOn);
    });
    attempt.session.setPromptHandler({});
    if (answers.refused())
        return base::fail(ErrorKind::AuthenticationUnsupported, Stage::Authentication,
                          attempt.who(), u"the server asks for more than a password"_s);
    return rc ? passwordOutcome(attempt, *rc) : base::Result<bool>(base::fail(rc));
}

base::Error failure(const Attempt &attempt, bool passwordTried)
{
    const bool wantsPassword
        = attempt.allows(u"password") || attempt.allows(u"keyboard-interactive");
    const QString detail = u"the server allows: "_s + attempt.methods.join(u", "_s);
    ErrorKind kind = ErrorKind::AuthenticationFailed;
    if (!passwordTried && attempt.keysOffered == 0) {
        if (attempt.firstError && (!attempt.login.keyFiles.isEmpty() || !wantsPassword))
            return *attempt.firstError;
        kind = wantsPassword && attempt.login.password.isEmpty()
            ? ErrorKind::PasswordNeeded
            : ErrorKind::AuthenticationUnsupported;
        if (kind == ErrorKind::AuthenticationUnsupported && attempt.allows(u"publickey"))
            kind = ErrorKind::AuthenticationFailed;
    }
    return {kind, Stage::Authentication, attempt.who(), detail};
}

} // namespace

base::Result<void>
logIn(Session &session, const LoginOptions &login, const Waiter &waiter, ConnectionDetails &details)
{
    if (!login.password.isEmpty() && !login.password.fitsOneLine())
        return base::fail(ErrorKind::BadPassword, Stage::Authentication, login.user);
    Attempt attempt{session, login, waiter, details, login.user.toUtf8(), {}, 0, {}};
    auto done = askMethods(attempt);
    if (done && !*done)
        done = tryKeys(attempt);
    bool passwordTried = false;
    // A server that wants a key and then a password names the second method only after the first.
    if (done && !*done && attempt.keysOffered > 0 && !login.password.isEmpty()
        && !attempt.allows(u"password") && !attempt.allows(u"keyboard-interactive"))
        done = askMethods(attempt);
    if (done && !*done && !login.password.isEmpty()) {
        passwordTried = attempt.allows(u"password") || attempt.allows(u"keyboard-interactive");
        if (attempt.allows(u"password"))
            done = tryPlainPassword(attempt);
        else if (passwordTried)
            done = tryPrompts(attempt);
    }
    if (!done)
        return base::fail(done);
    if (!*done)
        return base::fail(failure(attempt, passwordTried));
    session.setLoggedIn();
    return {};
}

} // namespace transport
