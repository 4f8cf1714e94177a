#pragma once

#include "ui/backend.h"
#include "ui/dialogs/secretdialog.h"

#include <functional>

class QWidget;

namespace ui {

/// What a person decided about a failed attempt.
enum class Answer { Again, GiveUp, Edit };

/// Opens the dialog that fits a failed attempt: host key, changed key, a password, or the error
/// with its stage. A password typed in goes into `credentials`, which must live as long as
/// `context`.
void askAbout(const engine::Failure &failure,
              const model::Server &server,
              engine::Credentials &credentials,
              Backend &backend,
              QWidget *window,
              QObject *context,
              const std::function<void(Answer)> &answer);

/// The password that would help against this failure; nullopt where none would.
std::optional<SecretKind> missingSecret(const base::Error &error,
                                        const model::Server &server,
                                        const engine::Credentials &credentials);

} // namespace ui
