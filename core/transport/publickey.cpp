#include "core/transport/publickey.h"

#include "core/transport/keyfile.h"
#include "core/transport/wirereader.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace transport {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Stage;

namespace {

constexpr quint32 rsaSha256 = 2;
constexpr quint32 rsaSha512 = 4;

struct SignContext
{
    Agent *agent = nullptr; ///< none: only learn which algorithm would sign
    QByteArray key;
    const Waiter *waiter = nullptr;
    bool accepted = false; ///< the server takes the key
    bool obsolete = false;
    std::optional<base::Error> error;
};

/// The signature algorithm named in the data to be signed (RFC 4252 7).
QByteArray algorithmIn(QByteArrayView data)
{
    WireReader reader(data);
    const bool head = reader.string() && reader.byte() && reader.string() && reader.string()
        && reader.string() && reader.byte();
    const auto algorithm = head ? reader.string() : std::nullopt;
    return algorithm ? algorithm->toByteArray() : QByteArray();
}

/// What libssh2 wants of the agent's answer: the bare signature, for security keys with its
/// trailer.
std::optional<QByteArray> bareSignature(QByteArrayView signature, const QByteArray &algorithm)
{
    WireReader reader(signature);
    const auto name = reader.string();
    if (!name || *name != algorithm)
        return std::nullopt;
    if (algorithm.startsWith("sk-"))
        return reader.rest().toByteArray();
    const auto bare = reader.string();
    return bare ? std::optional(bare->toByteArray()) : std::nullopt;
}

int sign(LIBSSH2_SESSION *,
         unsigned char **signature,
         size_t *size,
         const unsigned char *data,
         size_t dataSize,
         void **abstract)
{
    auto *context = static_cast<SignContext *>(*abstract);
    context->accepted = true;
    const QByteArrayView view(data, static_cast<qsizetype>(dataSize));
    const QByteArray algorithm = algorithmIn(view);
    context->obsolete = algorithm == "ssh-rsa" || algorithm == "ssh-dss" || algorithm.isEmpty();
    if (context->obsolete || context->agent == nullptr)
        return -1;
    const quint32 flags = algorithm == "rsa-sha2-512" ? rsaSha512
        : algorithm == "rsa-sha2-256"                 ? rsaSha256
                                                      : 0;
    const auto answer = context->agent->sign(context->key, view, flags, *context->waiter);
    if (!answer) {
        context->error = answer.error();
        return -1;
    }
    const auto bare = bareSignature(*answer, algorithm);
    if (!bare) {
        context->obsolete = true; // an agent that cannot sign with SHA-2
        return -1;
    }
    *size = static_cast<size_t>(bare->size());
    *signature = static_cast<unsigned char *>(Session::allocate(*size));
    if (*signature == nullptr)
        return -1;
    std::memcpy(*signature, bare->constData(), *size);
    return 0;
}

base::Error obsoleteSignature(const Session &session)
{
    return {ErrorKind::AuthenticationUnsupported, Stage::Authentication, session.host(),
            u"the server takes this RSA key only with obsolete SHA-1 signatures"_s};
}

bool signingFailed(const Session &session)
{
    char *text = nullptr;
    libssh2_session_last_error(session.raw(), &text, nullptr, 0);
    return text != nullptr && QByteArrayView(text) == "Callback returned error";
}

/// The part of a return code that is the same for all keys; nullopt leaves it to the caller.
std::optional<base::Result<bool>> commonOutcome(const KeyLogin &login, int rc)
{
    if (rc == 0)
        return true;
    if (login.session.closedByServer())
        return base::fail(ErrorKind::ConnectionLost, Stage::Authentication, login.session.host(),
                          u"the server closed the connection during the login"_s);
    if (rc == LIBSSH2_ERROR_AUTHENTICATION_FAILED)
        return false;
    if (rc == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED && !signingFailed(login.session))
        return false; // also a partial success: the next method decides
    return std::nullopt;
}

base::Result<int> offerWith(const KeyLogin &login, SignContext &context)
{
    void *abstract = &context;
    const auto *raw
        = static_cast<const unsigned char *>(static_cast<const void *>(context.key.constData()));
    return login.session.drive(login.waiter, Stage::Authentication, [&] {
        return libssh2_userauth_publickey(login.session.raw(), login.user.constData(), raw,
                                          static_cast<size_t>(context.key.size()), sign, &abstract);
    });
}

/// libssh2 signs for key files itself, and falls back to SHA-1 where a server announces nothing
/// better; so it is asked beforehand what it would do. One more round trip, for RSA only. True: go
/// on.
base::Result<bool> wouldSignWithSha2(const KeyLogin &login, const QByteArray &key)
{
    SignContext context;
    context.key = key;
    const auto rc = offerWith(login, context);
    if (!rc)
        return base::fail(rc);
    if (context.obsolete)
        return base::fail(obsoleteSignature(login.session));
    if (context.accepted)
        return true;
    if (const auto outcome = commonOutcome(login, *rc))
        return *outcome;
    return base::fail(login.session.error(*rc, Stage::Authentication));
}

base::Result<bool> agentHolds(Agent &agent, const QByteArray &key, const Waiter &waiter)
{
    const auto identities = agent.identities(waiter);
    if (!identities)
        return base::fail(identities);
    return std::any_of(identities->begin(), identities->end(),
                       [&](const AgentIdentity &identity) { return identity.key == key; });
}

base::Result<bool> offerText(const KeyLogin &login,
                             const KeyFile &key,
                             const QString &path,
                             const base::SecretBytes &passphrase)
{
    // With the public half given libssh2 needs not decrypt the file before the server wants the
    // key.
    const QByteArray line
        = key.publicKey.isEmpty() ? QByteArray() : key.type + ' ' + key.publicKey.toBase64();
    const auto rc = login.session.drive(login.waiter, Stage::Authentication, [&] {
        return libssh2_userauth_publickey_frommemory(
            login.session.raw(), login.user.constData(), static_cast<size_t>(login.user.size()),
            line.isEmpty() ? nullptr : line.constData(), static_cast<size_t>(line.size()),
            key.text.data(), key.text.size(), key.encrypted ? passphrase.data() : nullptr);
    });
    if (!rc)
        return base::fail(rc);
    if (const auto outcome = commonOutcome(login, *rc))
        return *outcome;
    if (key.encrypted)
        return base::fail(ErrorKind::PassphraseNeeded, Stage::Authentication, path,
                          u"the passphrase does not open this key"_s);
    return base::fail(ErrorKind::KeyFileUnreadable, Stage::Authentication, path,
                      login.session.error(*rc, Stage::Authentication).detail);
}

} // namespace

base::Result<bool> offerAgentKey(const KeyLogin &login, Agent &agent, const QByteArray &key)
{
    SignContext context;
    context.agent = &agent;
    context.key = key;
    context.waiter = &login.waiter;
    const auto rc = offerWith(login, context);
    if (!rc)
        return base::fail(rc);
    if (context.error)
        return base::fail(*context.error);
    if (context.obsolete)
        return base::fail(obsoleteSignature(login.session));
    if (const auto outcome = commonOutcome(login, *rc))
        return *outcome;
    return base::fail(login.session.error(*rc, Stage::Authentication));
}

base::Result<bool> offerKeyFile(const KeyLogin &login,
                                const QString &path,
                                const base::SecretBytes &passphrase,
                                Agent *agent)
{
    auto key = readKeyFile(path);
    if (!key)
        return base::fail(key);
    const bool needsAgent = key->type.startsWith("sk-");
    if (needsAgent || (key->encrypted && passphrase.isEmpty())) {
        if (agent != nullptr && !key->publicKey.isEmpty()) {
            const auto held = agentHolds(*agent, key->publicKey, login.waiter);
            if (held && *held)
                return offerAgentKey(login, *agent, key->publicKey);
        }
        if (needsAgent)
            return base::fail(ErrorKind::AuthenticationUnsupported, Stage::Authentication, path,
                              u"a security key works through the agent only"_s);
        return base::fail(ErrorKind::PassphraseNeeded, Stage::Authentication, path);
    }
    if (key->type == "ssh-dss")
        return base::fail(ErrorKind::AuthenticationUnsupported, Stage::Authentication, path,
                          u"DSA keys are obsolete"_s);
    const QByteArray rsa = key->type == "ssh-rsa" ? key->publicKey
        : key->publicKey.isEmpty()                ? publicKeyOfPem(key->text, passphrase)
                                                  : QByteArray();
    if (!rsa.isEmpty()) {
        const auto goOn = wouldSignWithSha2(login, rsa);
        if (!goOn || !*goOn)
            return goOn;
    }
    return offerText(login, *key, path, passphrase);
}

} // namespace transport
