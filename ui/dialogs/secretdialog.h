#pragma once

#include "core/base/secretbytes.h"
#include "core/model/server.h"
#include "ui/dialogs/dialogframe.h"

class QLineEdit;

namespace ui {

enum class SecretKind { LoginPassword, SudoPassword, Passphrase };

/// Asks for one password. What was typed is taken out once, as bytes that are wiped.
class SecretDialog : public DialogFrame
{
    Q_OBJECT

public:
    /// `refused`: the last one was not accepted.
    SecretDialog(const model::Server &server, SecretKind kind, bool refused, QWidget *parent);

    base::SecretBytes take();

private:
    QLineEdit *m_field;
};

} // namespace ui
