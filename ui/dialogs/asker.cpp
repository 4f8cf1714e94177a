#include "ui/dialogs/asker.h"

#include "ui/dialogs/connectionerrordialog.h"
#include "ui/dialogs/hostkeydialog.h"
#include "ui/receive.h"

#include <QDialog>

namespace ui {

namespace {

using Decide = std::function<void(Answer)>;

/// The dialog's end as an answer, unless the asking side has gone meanwhile.
void answerWith(QDialog *dialog, QObject *context, const Decide &answer)
{
    QObject::connect(dialog, &QDialog::finished, context, [answer](int result) {
        answer(result == QDialog::Accepted ? Answer::Again : Answer::GiveUp);
    });
    dialog->open();
}

base::SecretBytes &slotOf(engine::Credentials &credentials, SecretKind kind)
{
    switch (kind) {
    case SecretKind::LoginPassword:
        return credentials.loginPassword;
    case SecretKind::SudoPassword:
        return credentials.sudoPassword;
    case SecretKind::Passphrase:
        break;
    }
    return credentials.passphrase;
}

void askHostKey(const engine::Failure &failure,
                const model::Server &server,
                Backend &backend,
                QWidget *window,
                QObject *context,
                const Decide &answer)
{
    auto *dialog = new HostKeyDialog(server, *failure.hostKey, window);
    QObject::connect(dialog, &QDialog::rejected, context, [answer] { answer(Answer::GiveUp); });
    QObject::connect(dialog, &QDialog::accepted, context,
                     [offer = *failure.hostKey, server, &backend, window, context, answer] {
                         receive(backend.acceptHostKey(server, offer), context,
                                 [server, window, context, answer](const base::Result<void> &kept) {
                                     if (kept) {
                                         answer(Answer::Again);
                                         return;
                                     }
                                     answerWith(new ConnectionErrorDialog(
                                                    server, {kept.error(), {}, {}, {}}, window),
                                                context, answer);
                                 });
                     });
    dialog->open();
}

/// The secret in `slot`, or the login's in its place, was sent and did not do.
bool wasRefused(const base::Error &error, const base::SecretBytes &slot)
{
    switch (error.kind) {
    case base::ErrorKind::SudoPasswordWrong:
        return true;
    case base::ErrorKind::AuthenticationFailed:
    case base::ErrorKind::PassphraseNeeded:
        return !slot.isEmpty();
    default:
        return false;
    }
}

void askSecret(SecretKind kind,
               const base::Error &error,
               const model::Server &server,
               engine::Credentials &credentials,
               QWidget *window,
               QObject *context,
               const Decide &answer)
{
    base::SecretBytes &slot = slotOf(credentials, kind);
    auto *dialog = new SecretDialog(server, kind, wasRefused(error, slot), window);
    slot = {};
    QObject::connect(dialog, &QDialog::rejected, context, [answer] { answer(Answer::GiveUp); });
    QObject::connect(dialog, &QDialog::accepted, context, [dialog, &slot, answer] {
        slot = dialog->take();
        answer(Answer::Again);
    });
    dialog->open();
}

void showError(const engine::Failure &failure,
               const model::Server &server,
               QWidget *window,
               QObject *context,
               const Decide &answer)
{
    auto *dialog = new ConnectionErrorDialog(server, failure, window);
    auto edited = std::make_shared<bool>(false);
    QObject::connect(dialog, &ConnectionErrorDialog::editServer, context,
                     [edited] { *edited = true; });
    QObject::connect(dialog, &QDialog::finished, context, [edited, answer](int result) {
        answer(*edited                           ? Answer::Edit
                   : result == QDialog::Accepted ? Answer::Again
                                                 : Answer::GiveUp);
    });
    dialog->open();
}

} // namespace

std::optional<SecretKind> missingSecret(const base::Error &error,
                                        const model::Server &server,
                                        const engine::Credentials &credentials)
{
    switch (error.kind) {
    case base::ErrorKind::PasswordNeeded:
        return SecretKind::LoginPassword;
    case base::ErrorKind::PassphraseNeeded:
        return SecretKind::Passphrase;
    case base::ErrorKind::SudoPasswordNeeded:
    case base::ErrorKind::SudoPasswordWrong:
        return SecretKind::SudoPassword;
    case base::ErrorKind::AuthenticationFailed:
        // Also where a key alone did not do and a password was typed in.
        if (server.login == model::LoginMethod::Password || !credentials.loginPassword.isEmpty())
            return SecretKind::LoginPassword;
        return std::nullopt;
    default:
        return std::nullopt;
    }
}

void askAbout(const engine::Failure &failure,
              const model::Server &server,
              engine::Credentials &credentials,
              Backend &backend,
              QWidget *window,
              QObject *context,
              const std::function<void(Answer)> &answer)
{
    switch (failure.error.kind) {
    case base::ErrorKind::HostKeyUnknown:
        if (!failure.hostKey)
            break;
        askHostKey(failure, server, backend, window, context, answer);
        return;
    case base::ErrorKind::HostKeyChanged:
    case base::ErrorKind::HostKeyRevoked:
    case base::ErrorKind::HostKeyMismatch:
        answerWith(new ChangedKeyDialog(server, failure, window), context, answer);
        return;
    default:
        break;
    }
    if (const auto kind = missingSecret(failure.error, server, credentials))
        askSecret(*kind, failure.error, server, credentials, window, context, answer);
    else
        showError(failure, server, window, context, answer);
}

} // namespace ui
