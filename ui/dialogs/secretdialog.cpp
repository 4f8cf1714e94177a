#include "ui/dialogs/secretdialog.h"

#include "ui/parts/buttons.h"
#include "ui/parts/label.h"
#include "ui/words.h"

#include <QLineEdit>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

QString titleOf(SecretKind kind)
{
    switch (kind) {
    case SecretKind::LoginPassword:
        return SecretDialog::tr("Password to log in");
    case SecretKind::SudoPassword:
        return SecretDialog::tr("Password for sudo");
    case SecretKind::Passphrase:
        return SecretDialog::tr("Passphrase of the key file");
    }
    return {};
}

QString sentenceOf(SecretKind kind, const model::Server &server)
{
    switch (kind) {
    case SecretKind::LoginPassword:
        return SecretDialog::tr("Password of %1 on %2").arg(plain(server.user), plain(server.host));
    case SecretKind::SudoPassword:
        return SecretDialog::tr("sudo on %2 asks for the password of %1")
            .arg(plain(server.user), plain(server.host));
    case SecretKind::Passphrase:
        return plain(server.keyFile);
    }
    return {};
}

} // namespace

SecretDialog::SecretDialog(const model::Server &server,
                           SecretKind kind,
                           bool refused,
                           QWidget *parent)
    : DialogFrame(titleOf(kind), sentenceOf(kind, server), parent)
    , m_field(new QLineEdit)
{
    setObjectName(u"secretDialog"_s);
    if (refused) {
        auto *again
            = new Label(tr("The last one was not accepted. Each try counts on the server."));
        body()->addWidget(again->wrapped()->tone("fail"));
    }
    m_field->setEchoMode(QLineEdit::Password);
    m_field->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData
                                 | Qt::ImhNoPredictiveText);
    nameWidget(m_field, "secretField", titleOf(kind));
    body()->addWidget(m_field);
    auto *promise = new Label(
        tr("Kept in memory until Flowkeep closes. Never written to a file, a log or a report."),
        Type::Small);
    body()->addWidget(promise->wrapped()->tone("2"));

    auto *cancel = plainButton(tr("Cancel"), "cancelButton");
    auto *go = primaryButton(tr("&Continue"), "continueButton");
    go->setDefault(true);
    go->setEnabled(false);
    addFootEnd(cancel);
    addFootEnd(go);
    connect(m_field, &QLineEdit::textChanged, this,
            [go](const QString &text) { go->setEnabled(!text.isEmpty()); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(go, &QPushButton::clicked, this, &QDialog::accept);
    m_field->setFocus();
}

base::SecretBytes SecretDialog::take()
{
    QString typed = m_field->text();
    m_field->clear();
    return base::SecretBytes::fromPasswordField(typed);
}

} // namespace ui
