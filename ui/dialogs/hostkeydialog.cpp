#include "ui/dialogs/hostkeydialog.h"

#include "ui/fingerprint.h"
#include "ui/parts/buttons.h"
#include "ui/parts/codeblock.h"
#include "ui/parts/label.h"
#include "ui/parts/textblock.h"
#include "ui/words.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

/// Six groups a line, the second line under the first group.
QString inLines(const QString &fingerprint)
{
    const QStringList groups = fingerprintGroups(plain(fingerprint));
    const QString first = u"SHA256:"_s + groups.mid(0, 6).join(u' ');
    const QStringList rest = groups.mid(6);
    return rest.isEmpty() ? first : first + u"\n       "_s + rest.join(u' ');
}

QString quoted(QString text)
{
    return u'\'' + text.replace(u'\'', u"'\\''"_s) + u'\'';
}

/// Names in known_hosts may be hashed: nobody finds the line by eye.
QString removalCommand(const model::Server &server, const QString &file)
{
    const QString name
        = server.port == 22 ? server.host : u"[%1]:%2"_s.arg(server.host).arg(server.port);
    return plain(u"ssh-keygen -f %1 -R %2"_s.arg(quoted(file), quoted(name)));
}

void copyText(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
}

} // namespace

HostKeyDialog::HostKeyDialog(const model::Server &server,
                             const engine::HostKeyOffer &offer,
                             QWidget *parent)
    : DialogFrame(tr("Is this your server?"),
                  tr("First connection to %1, port %2").arg(plain(server.host)).arg(server.port),
                  parent)
    , m_offer(offer)
    , m_paste(new QLineEdit)
    , m_answer(new Label({}, Type::Small, QFont::DemiBold))
    , m_connect(primaryButton(tr("Connect and remember"), "connectButton"))
{
    setObjectName(u"hostKeyDialog"_s);
    auto *intro
        = new Label(tr("Nothing has been sent yet: no user name, no password. Compare this "
                       "fingerprint with the one on the server's own console, then decide."));
    body()->addWidget(intro->wrapped());
    if (offer.onlyAuthority) {
        auto *note = new Label(QCoreApplication::translate("Message", engine::onlyAuthorityNote));
        nameWidget(note, "authorityNote", tr("Host certificate"));
        body()->addWidget(note->wrapped()->tone("warn"));
    }
    auto *print = new CodeBlock(tr("%1, SHA-256").arg(plain(keyTypeName(offer.type))), {},
                                inLines(offer.fingerprint));
    print->findChild<TextBlock *>(u"codeText"_s)->setFont(monoFont(Type::Head));
    nameWidget(print, "fingerprintBlock", plain(offer.fingerprint));
    body()->addWidget(print);
    body()->addWidget(
        (new Label(tr("On the server's console (hosting panel, not SSH), run"), Type::Small))
            ->tone("2"));
    body()->addWidget(new CodeBlock({}, {}, u"ssh-keygen -lf "_s + hostKeyFile(offer.type)));
    auto *label = new Label(tr("Or &paste the fingerprint you were given"), Type::Small);
    label->tone("2")->setBuddy(m_paste);
    body()->addWidget(label);
    m_paste->setFont(monoFont(Type::Small));
    nameWidget(m_paste, "pasteFingerprint", tr("Fingerprint to compare"));
    body()->addWidget(m_paste);
    nameWidget(m_answer, "compareAnswer", tr("Comparison"));
    body()->addWidget(m_answer);

    auto *copy = ghostButton(tr("Cop&y fingerprint"), "copyFingerprint");
    auto *cancel = plainButton(tr("Cancel"), "cancelButton");
    m_connect->setDefault(false);
    addFootStart(copy);
    addFootEnd(cancel);
    addFootEnd(m_connect);
    connect(copy, &QPushButton::clicked, this, [this] { copyText(m_offer.fingerprint); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_connect, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_paste, &QLineEdit::textChanged, this, &HostKeyDialog::compare);
    m_paste->setFocus();
    compare();
}

void HostKeyDialog::compare()
{
    m_connect->setEnabled(true);
    switch (compareFingerprint(m_offer.fingerprint, m_paste->text())) {
    case Comparison::Nothing:
        m_answer->setText(QString());
        break;
    case Comparison::Same:
        m_answer->tone("pass")->setText(tr("✓ Same fingerprint"));
        break;
    case Comparison::Different:
        m_answer->tone("fail")->setText(tr("✕ Different fingerprint: this is not that server"));
        m_connect->setEnabled(false);
        break;
    case Comparison::OtherHash:
        m_answer->tone("warn")->setText(tr("This is an MD5 fingerprint; ask for the SHA-256 one"));
        m_connect->setEnabled(false);
        break;
    }
    m_answer->setVisible(!m_answer->text().isEmpty());
}

void HostKeyDialog::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        m_paste->setFocus();
        event->accept();
        return;
    }
    DialogFrame::keyPressEvent(event);
}

ChangedKeyDialog::ChangedKeyDialog(const model::Server &server,
                                   const engine::Failure &failure,
                                   QWidget *parent)
    : DialogFrame({}, tr("%1, port %2").arg(plain(server.host)).arg(server.port), parent)
{
    setObjectName(u"changedKeyDialog"_s);
    setTitleIcon(u"blocked"_s);
    const engine::HostKeyOffer offer = failure.hostKey.value_or(engine::HostKeyOffer{});
    const bool revoked = failure.error.kind == base::ErrorKind::HostKeyRevoked;
    setTitle(revoked ? tr("Not connected: the host key is revoked")
                     : tr("Not connected: the host key changed"));
    auto *meaning = new Label(
        revoked ? tr("Your known hosts say that this key must not be trusted any more. Flowkeep "
                     "sends nothing.")
                : tr("This is a different machine, a reinstalled one, or somebody in between. "
                     "Flowkeep sends nothing until you have found out which."));
    body()->addWidget(meaning->wrapped());
    for (const QString &known : offer.known)
        addFact(tr("Known"), plain(known), true);
    addFact(tr("Offered"), plain(offer.fingerprint), true);
    if (!offer.file.isEmpty())
        addFact(tr("On file in"), plain(offer.file));
    auto *advice
        = new Label(tr("If you reinstalled it: compare the new fingerprint on the server's "
                       "console, then remove "
                       "the old key from that file. There is no way to continue from here."),
                    Type::Small);
    body()->addWidget(advice->wrapped()->tone("2"));
    if (!revoked && !offer.file.isEmpty())
        body()->addWidget(new CodeBlock({}, {}, removalCommand(server, offer.file)));

    auto *copy = ghostButton(tr("Copy &details"), "copyDetails");
    auto *close = primaryButton(tr("Close"), "closeButton");
    close->setDefault(true);
    addFootStart(copy);
    addFootEnd(close);
    const QString details = plain(server.host) + u"\nknown "_s + offer.known.join(u' ')
        + u"\noffered "_s + offer.fingerprint + u"\nfile "_s + offer.file;
    connect(copy, &QPushButton::clicked, this, [details] { copyText(details); });
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    close->setFocus();
}

} // namespace ui
