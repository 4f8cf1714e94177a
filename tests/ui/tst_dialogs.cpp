#include "tests/ui/support/suite.h"

#include "tests/ui/support/fakebackend.h"
#include "tests/ui/support/sample.h"
#include "ui/dialogs/asker.h"
#include "ui/dialogs/connectionerrordialog.h"
#include "ui/dialogs/hostkeydialog.h"
#include "ui/dialogs/secretdialog.h"
#include "ui/dialogs/serverdialog.h"
#include "ui/mainwindow.h"
#include "ui/models/serverlistmodel.h"
#include "ui/session/serversession.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

struct Bench
{
    QTemporaryDir config;
    FakeBackend backend;
    std::unique_ptr<ui::MainWindow> window;

    explicit Bench(model::Server server = sample::server(u"notes.example.org"_s))
    {
        backend.saved = {std::move(server)};
        window = std::make_unique<ui::MainWindow>(
            backend, ui::WindowOptions{config.path(), ui::ThemeChoice::Light, false});
        window->show();
        if (!QTest::qWaitForWindowActive(window.get()))
            qFatal("the window does not become active");
        QCoreApplication::processEvents();
        QTest::keyClick(window.get(), Qt::Key_F5);
    }

    FakeBackend::PendingAudit &last() { return backend.pending.back(); }

    /// The newest dialog of that name; older ones may be on their way out.
    QDialog *dialog(const char *name) const
    {
        const auto all = window->findChildren<QDialog *>(QLatin1StringView(name));
        for (QDialog *each : all) {
            if (each->isVisible())
                return each;
        }
        return nullptr;
    }
};

/// Shortcuts need the active window, which a closed dialog gives back a moment later.
void press(QWidget *window, Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window));
    QTest::keyClick(window, key, modifiers);
}

QPushButton *button(QDialog *dialog, const char *name)
{
    return dialog->findChild<QPushButton *>(QLatin1StringView(name));
}

/// Everything its labels say.
QString textOf(const QDialog *dialog)
{
    QStringList texts;
    for (const QLabel *each : dialog->findChildren<QLabel *>())
        texts << each->text();
    return texts.join(u' ');
}

engine::Failure withKey(base::ErrorKind kind)
{
    engine::Failure failure;
    failure.error = {kind, base::Stage::HostKey, u"notes.example.org"_s, {}};
    failure.hostKey = sample::hostKey();
    return failure;
}

} // namespace

class TestDialogs : public QObject
{
    Q_OBJECT

private slots:
    void enterNeverConnects();
    void pastedFingerprintDecides();
    void acceptedKeyIsRememberedAndTheAuditGoesOn();
    void aKeyThatCannotBeRememberedStopsTheAudit();
    void aCertificateAuthorityIsExplained();
    void changedKeyHasNoWayOn_data();
    void changedKeyHasNoWayOn();
    void errorNamesItsStage();
    void sudoPasswordIsAskedAndSentOnce_data();
    void sudoPasswordIsAskedAndSentOnce();
    void wrongSudoPasswordCostsOneTry();
    void loginPasswordServesSudo();
    void typedSudoPasswordCountsWhateverWasDescribed_data();
    void typedSudoPasswordCountsWhateverWasDescribed();
    void wrongLoginPasswordIsNotSentAgain();
    void givingUpLeavesTheReason();
    void aChangedKeyStaysOnRecord();
    void passwordsAreForgottenWithTheAccount();
    void testConnectionWalksTheStages();
    void addedServerIsSavedAndShown();
    void incompleteServerCannotBeSaved();
    void dialogsOpenInTheMiddle();
    void hostileTextInDialogs();
};

void TestDialogs::enterNeverConnects()
{
    Bench bench;
    bench.last().fail(withKey(base::ErrorKind::HostKeyUnknown));
    QTRY_VERIFY(bench.dialog("hostKeyDialog"));
    QDialog *dialog = bench.dialog("hostKeyDialog");
    auto *paste = dialog->findChild<QLineEdit *>(u"pasteFingerprint"_s);
    // Enter from every widget that can have the focus.
    for (QWidget *widget : dialog->findChildren<QWidget *>()) {
        if (widget->focusPolicy() == Qt::NoFocus || widget->objectName() == u"cancelButton"_s)
            continue;
        widget->setFocus();
        QTest::keyClick(widget, Qt::Key_Return);
        QTest::keyClick(widget, Qt::Key_Enter);
        QVERIFY2(dialog->isVisible(), qPrintable(widget->objectName()));
        QVERIFY(bench.backend.accepted.empty());
    }
    button(dialog, "connectButton")->setFocus();
    QTest::keyClick(button(dialog, "connectButton"), Qt::Key_Return);
    QVERIFY(paste->hasFocus());
    QVERIFY(dialog->findChild<QWidget *>(u"fingerprintBlock"_s)->isVisible());
    QCOMPARE(bench.backend.pending.size(), 1U);
    dialog->reject();
    QTRY_VERIFY(!bench.dialog("hostKeyDialog"));
    QCOMPARE(bench.backend.pending.size(), 1U);
}

void TestDialogs::pastedFingerprintDecides()
{
    ui::HostKeyDialog dialog(sample::server(u"notes.example.org"_s), sample::hostKey(), nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    auto *paste = dialog.findChild<QLineEdit *>(u"pasteFingerprint"_s);
    auto *connectButton = button(&dialog, "connectButton");
    auto *answer = dialog.findChild<QLabel *>(u"compareAnswer"_s);
    QVERIFY(connectButton->isEnabled());
    paste->setText(sample::hostKey().fingerprint);
    QVERIFY(connectButton->isEnabled());
    QVERIFY(answer->text().contains(u"Same fingerprint"_s));
    paste->setText(u"256 "_s + sample::hostKey().fingerprint + u" root@notes (ED25519)"_s);
    QVERIFY(answer->text().contains(u"Same fingerprint"_s));
    QString other = sample::hostKey().fingerprint;
    other.replace(10, 1, other[10] == u'a' ? u"b"_s : u"a"_s);
    paste->setText(other);
    QVERIFY(!connectButton->isEnabled());
    QVERIFY(answer->text().contains(u"Different"_s));
    paste->setText(u"MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"_s);
    QVERIFY(!connectButton->isEnabled());
    paste->clear();
    QVERIFY(connectButton->isEnabled());
}

void TestDialogs::acceptedKeyIsRememberedAndTheAuditGoesOn()
{
    Bench bench;
    bench.last().fail(withKey(base::ErrorKind::HostKeyUnknown));
    QTRY_VERIFY(bench.dialog("hostKeyDialog"));
    button(bench.dialog("hostKeyDialog"), "connectButton")->click();
    QTRY_COMPARE(bench.backend.pending.size(), 2U);
    QCOMPARE(bench.backend.accepted.size(), 1U);
    QCOMPARE(bench.backend.accepted[0].fingerprint, sample::hostKey().fingerprint);
}

void TestDialogs::aKeyThatCannotBeRememberedStopsTheAudit()
{
    Bench bench;
    bench.last().fail(withKey(base::ErrorKind::HostKeyUnknown));
    QTRY_VERIFY(bench.dialog("hostKeyDialog"));
    bench.backend.storeError
        = base::Error{base::ErrorKind::FileUnwritable, base::Stage::File, u"known_hosts"_s, {}};
    button(bench.dialog("hostKeyDialog"), "connectButton")->click();
    QTRY_VERIFY(bench.dialog("connectionErrorDialog"));
    QCOMPARE(bench.backend.pending.size(), 1U);
}

void TestDialogs::aCertificateAuthorityIsExplained()
{
    for (const bool onlyAuthority : {false, true}) {
        engine::HostKeyOffer offer = sample::hostKey();
        offer.onlyAuthority = onlyAuthority;
        ui::HostKeyDialog dialog(sample::server(u"notes.example.org"_s), offer, nullptr);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QCOMPARE(textOf(&dialog).contains(u"cannot verify host certificates"_s), onlyAuthority);
    }
}

void TestDialogs::changedKeyHasNoWayOn_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("changed") << static_cast<int>(base::ErrorKind::HostKeyChanged);
    QTest::newRow("revoked") << static_cast<int>(base::ErrorKind::HostKeyRevoked);
    QTest::newRow("mismatch") << static_cast<int>(base::ErrorKind::HostKeyMismatch);
}

void TestDialogs::changedKeyHasNoWayOn()
{
    QFETCH(int, kind);
    Bench bench;
    engine::Failure failure = withKey(static_cast<base::ErrorKind>(kind));
    failure.hostKey->known = {u"SHA256:known"_s};
    bench.last().fail(failure);
    QTRY_VERIFY(bench.dialog("changedKeyDialog"));
    QDialog *dialog = bench.dialog("changedKeyDialog");
    QStringList names;
    for (const QPushButton *each : dialog->findChildren<QPushButton *>())
        names << each->objectName();
    names.sort();
    QCOMPARE(names, (QStringList{u"closeButton"_s, u"copyDetails"_s}));
    QVERIFY(button(dialog, "closeButton")->isDefault());
    QTest::keyClick(dialog, Qt::Key_Return);
    QTRY_VERIFY(!bench.dialog("changedKeyDialog"));
    QCOMPARE(bench.backend.pending.size(), 1U);
    QVERIFY(bench.backend.accepted.empty());
}

void TestDialogs::errorNamesItsStage()
{
    Bench bench;
    engine::Failure failure;
    failure.error = {base::ErrorKind::NoCommonAlgorithm, base::Stage::Kex, u"notes.example.org"_s,
                     u"key exchange"_s};
    failure.serverOffer = u"diffie-hellman-group1-sha1"_s;
    failure.ourOffer = u"curve25519-sha256"_s;
    bench.last().fail(failure);
    QTRY_VERIFY(bench.dialog("connectionErrorDialog"));
    QDialog *dialog = bench.dialog("connectionErrorDialog");
    QVERIFY(dialog->findChild<QWidget *>(u"stageBar"_s)
                ->accessibleDescription()
                .contains(u"Failed: Key exchange"_s));
    QStringList shown;
    for (const QPlainTextEdit *each : dialog->findChildren<QPlainTextEdit *>())
        shown << each->toPlainText();
    QVERIFY(shown.contains(failure.serverOffer));
    QVERIFY(shown.contains(failure.ourOffer));
    QVERIFY(shown.contains(failure.error.detail));
    QVERIFY(!dialog->findChild<QLabel *>(u"nextAct"_s)->text().isEmpty());
    button(dialog, "tryAgain")->click();
    QTRY_COMPARE(bench.backend.pending.size(), 2U);
    bench.last().fail(failure);
    QTRY_VERIFY(bench.dialog("connectionErrorDialog"));
    button(bench.dialog("connectionErrorDialog"), "editServer")->click();
    QTRY_VERIFY(bench.dialog("serverDialog"));
    QCOMPARE(bench.backend.pending.size(), 2U);
}

void TestDialogs::sudoPasswordIsAskedAndSentOnce_data()
{
    QTest::addColumn<int>("sudo");
    QTest::newRow("without password") << static_cast<int>(model::SudoMethod::WithoutPassword);
    QTest::newRow("same as login") << static_cast<int>(model::SudoMethod::SameAsLogin);
    QTest::newRow("other password") << static_cast<int>(model::SudoMethod::OtherPassword);
}

void TestDialogs::sudoPasswordIsAskedAndSentOnce()
{
    QFETCH(int, sudo);
    model::Server server = sample::server(u"notes.example.org"_s);
    server.sudo = static_cast<model::SudoMethod>(sudo);
    Bench bench(server);
    QVERIFY(bench.last().sudoPassword.isEmpty());
    bench.last().fail(base::ErrorKind::SudoPasswordNeeded, base::Stage::Sudo);
    QTRY_VERIFY(bench.dialog("secretDialog"));
    QDialog *dialog = bench.dialog("secretDialog");
    QVERIFY(!textOf(dialog).contains(u"not accepted"_s)); // nothing was sent yet
    auto *field = dialog->findChild<QLineEdit *>(u"secretField"_s);
    QCOMPARE(field->echoMode(), QLineEdit::Password);
    QVERIFY(!button(dialog, "continueButton")->isEnabled());
    QTest::keyClicks(field, u"canary-sudo"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(bench.backend.pending.size(), 2U);
    QCOMPARE(bench.last().sudoPassword, QByteArray("canary-sudo"));
    QVERIFY(bench.last().loginPassword.isEmpty());
    bench.last().succeed(sample::ordinary());
    QTRY_VERIFY(!bench.backend.savedAudits.empty());
    press(bench.window.get(), Qt::Key_F5);
    QCOMPARE(bench.last().sudoPassword, QByteArray("canary-sudo"));
    for (const QFileInfo &each : QDir(bench.config.path()).entryInfoList(QDir::Files)) {
        QFile file(each.filePath());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("canary-sudo"));
    }
}

void TestDialogs::wrongSudoPasswordCostsOneTry()
{
    model::Server server = sample::server(u"notes.example.org"_s);
    server.sudo = model::SudoMethod::OtherPassword;
    Bench bench(server);
    bench.last().fail(base::ErrorKind::SudoPasswordNeeded, base::Stage::Sudo);
    QTRY_VERIFY(bench.dialog("secretDialog"));
    bench.dialog("secretDialog")->findChild<QLineEdit *>(u"secretField"_s)->setText(u"wrong"_s);
    button(bench.dialog("secretDialog"), "continueButton")->click();
    QTRY_COMPARE(bench.backend.pending.size(), 2U);
    bench.last().fail(base::ErrorKind::SudoPasswordWrong, base::Stage::Sudo);
    QTRY_VERIFY(bench.dialog("secretDialog"));
    QVERIFY(textOf(bench.dialog("secretDialog")).contains(u"not accepted"_s));
    QTest::qWait(20);
    QCOMPARE(bench.backend.pending.size(), 2U); // nothing is tried behind the person's back
    bench.dialog("secretDialog")->reject();
    press(bench.window.get(), Qt::Key_F5);
    QTRY_COMPARE(bench.backend.pending.size(), 3U);
    QVERIFY(bench.last().sudoPassword.isEmpty()); // the wrong one is forgotten
}

void TestDialogs::loginPasswordServesSudo()
{
    model::Server server = sample::server(u"notes.example.org"_s);
    server.login = model::LoginMethod::Password;
    server.sudo = model::SudoMethod::SameAsLogin;
    Bench bench(server);
    bench.last().fail(base::ErrorKind::PasswordNeeded, base::Stage::Authentication);
    QTRY_VERIFY(bench.dialog("secretDialog"));
    bench.dialog("secretDialog")->findChild<QLineEdit *>(u"secretField"_s)->setText(u"canary"_s);
    button(bench.dialog("secretDialog"), "continueButton")->click();
    QTRY_COMPARE(bench.backend.pending.size(), 2U);
    QCOMPARE(bench.last().loginPassword, QByteArray("canary"));
    QVERIFY(bench.last().server.sudo == model::SudoMethod::SameAsLogin);
    // Where the server's sudo wants another one after all, that one is sent.
    bench.last().fail(base::ErrorKind::SudoPasswordWrong, base::Stage::Sudo);
    QTRY_VERIFY(bench.dialog("secretDialog"));
    QVERIFY(textOf(bench.dialog("secretDialog")).contains(u"not accepted"_s));
    bench.dialog("secretDialog")->findChild<QLineEdit *>(u"secretField"_s)->setText(u"other"_s);
    button(bench.dialog("secretDialog"), "continueButton")->click();
    QTRY_COMPARE(bench.backend.pending.size(), 3U);
    QCOMPARE(bench.last().sudoPassword, QByteArray("other"));
    QCOMPARE(bench.last().loginPassword, QByteArray("canary"));
}

void TestDialogs::typedSudoPasswordCountsWhateverWasDescribed_data()
{
    QTest::addColumn<int>("sudo");
    QTest::newRow("described as without a password")
        << static_cast<int>(model::SudoMethod::WithoutPassword);
    QTest::newRow("described as the login's, with a key")
        << static_cast<int>(model::SudoMethod::SameAsLogin);
    QTest::newRow("described as another") << static_cast<int>(model::SudoMethod::OtherPassword);
}

void TestDialogs::typedSudoPasswordCountsWhateverWasDescribed()
{
    QFETCH(int, sudo);
    model::Server server = sample::server(u"notes.example.org"_s);
    server.sudo = static_cast<model::SudoMethod>(sudo);
    Bench bench(server);
    bench.last().fail(base::ErrorKind::SudoPasswordNeeded, base::Stage::Sudo);
    QTRY_VERIFY(bench.dialog("secretDialog"));
    QVERIFY(!textOf(bench.dialog("secretDialog")).contains(u"not accepted"_s));
    bench.dialog("secretDialog")->findChild<QLineEdit *>(u"secretField"_s)->setText(u"typed"_s);
    button(bench.dialog("secretDialog"), "continueButton")->click();
    QTRY_COMPARE(bench.backend.pending.size(), 2U);
    QCOMPARE(bench.last().sudoPassword, QByteArray("typed"));
}

void TestDialogs::wrongLoginPasswordIsNotSentAgain()
{
    Bench bench; // with an agent, whose keys do not do
    bench.last().fail(base::ErrorKind::PasswordNeeded, base::Stage::Authentication);
    QTRY_VERIFY(bench.dialog("secretDialog"));
    bench.dialog("secretDialog")->findChild<QLineEdit *>(u"secretField"_s)->setText(u"wrong"_s);
    button(bench.dialog("secretDialog"), "continueButton")->click();
    QTRY_COMPARE(bench.backend.pending.size(), 2U);
    bench.last().fail(base::ErrorKind::AuthenticationFailed, base::Stage::Authentication);
    QTRY_VERIFY(bench.dialog("secretDialog"));
    QVERIFY(textOf(bench.dialog("secretDialog")).contains(u"not accepted"_s));
    bench.dialog("secretDialog")->reject();
    press(bench.window.get(), Qt::Key_F5);
    QTRY_COMPARE(bench.backend.pending.size(), 3U);
    QVERIFY(bench.last().loginPassword.isEmpty());
}

void TestDialogs::givingUpLeavesTheReason()
{
    Bench bench;
    bench.last().fail(base::ErrorKind::ConnectionRefused, base::Stage::Tcp, u"notes.example.org"_s);
    QTRY_VERIFY(bench.dialog("connectionErrorDialog"));
    bench.dialog("connectionErrorDialog")->reject();
    auto *banner = bench.window->findChild<QWidget *>(u"banner"_s);
    QTRY_VERIFY(banner->isVisible());
    QVERIFY(banner->accessibleName().contains(u"notes.example.org refuses the connection"_s));
}

void TestDialogs::aChangedKeyStaysOnRecord()
{
    Bench bench;
    const auto line = [&bench] {
        const auto *list = bench.window->findChild<QListView *>(u"serverList"_s)->model();
        return list->index(0, 0).data(ui::ServerListModel::LineRole).toString();
    };
    bench.last().fail(withKey(base::ErrorKind::HostKeyChanged));
    QTRY_VERIFY(bench.dialog("changedKeyDialog"));
    bench.dialog("changedKeyDialog")->reject();
    QTRY_COMPARE(line(), u"Host key changed"_s);
    // What fails before the key was seen proves nothing about it.
    press(bench.window.get(), Qt::Key_F5);
    bench.last().fail(base::ErrorKind::ConnectionRefused, base::Stage::Tcp, u"notes.example.org"_s);
    QTRY_VERIFY(bench.dialog("connectionErrorDialog"));
    QCOMPARE(line(), u"Host key changed"_s);
    button(bench.dialog("connectionErrorDialog"), "tryAgain")->click();
    QTRY_COMPARE(bench.backend.pending.size(), 3U);
    bench.last().fail(base::ErrorKind::Cancelled, base::Stage::Collect);
    QTRY_COMPARE(line(), u"Host key changed"_s);
    press(bench.window.get(), Qt::Key_F5);
    bench.last().succeed(sample::ordinary());
    QTRY_VERIFY(line().contains(u"covered"_s));
}

void TestDialogs::passwordsAreForgottenWithTheAccount()
{
    FakeBackend backend;
    ui::ServerSession session(backend, sample::server(u"notes.example.org"_s), false, nullptr);
    session.credentials().loginPassword = base::SecretBytes(QByteArrayView("canary"));
    model::Server renamed = session.server();
    renamed.name = u"another name"_s;
    session.setServer(renamed);
    QVERIFY(!session.credentials().loginPassword.isEmpty());
    model::Server moved = session.server();
    moved.host = u"elsewhere.example.org"_s;
    session.setServer(moved);
    QVERIFY(session.credentials().loginPassword.isEmpty());
}

void TestDialogs::testConnectionWalksTheStages()
{
    FakeBackend backend;
    ui::ServerDialog dialog(backend, {}, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    dialog.findChild<QLineEdit *>(u"hostField"_s)->setText(u"notes.example.org"_s);
    dialog.findChild<QLineEdit *>(u"userField"_s)->setText(u"admin"_s);
    button(&dialog, "testConnection")->click();
    QCOMPARE(backend.tests.size(), 1U);
    auto *stages = dialog.findChild<QWidget *>(u"stageBar"_s);
    QVERIFY(stages->isVisible());
    backend.tests[0].progress({base::Stage::Authentication, {}, 0, 0});
    QTRY_VERIFY(stages->accessibleDescription().contains(u"Sign-in"_s));
    button(&dialog, "testConnection")->click(); // stop
    QVERIFY(backend.tests[0].stop.stop_requested());
    engine::ConnectionReport stopped;
    stopped.failure
        = engine::Failure{{base::ErrorKind::Cancelled, base::Stage::Shell, {}, {}}, {}, {}, {}};
    backend.tests[0].finish(stopped);
    auto *answer = dialog.findChild<QLabel *>(u"testAnswer"_s);
    QTRY_COMPARE(answer->text(), u"Test stopped"_s);

    button(&dialog, "testConnection")->click();
    engine::ConnectionReport unknown;
    unknown.failure = withKey(base::ErrorKind::HostKeyUnknown);
    backend.tests[1].finish(unknown);
    QTRY_VERIFY(dialog.findChild<QDialog *>(u"hostKeyDialog"_s));
    button(dialog.findChild<QDialog *>(u"hostKeyDialog"_s), "connectButton")->click();
    QTRY_COMPARE(backend.tests.size(), 3U);
    engine::ConnectionReport asking;
    asking.failure = engine::Failure{
        {base::ErrorKind::SudoPasswordNeeded, base::Stage::Sudo, u"admin"_s, {}}, {}, {}, {}};
    backend.tests[2].finish(asking);
    QTRY_VERIFY(dialog.findChild<QDialog *>(u"secretDialog"_s));
    auto *secret = dialog.findChild<QDialog *>(u"secretDialog"_s);
    secret->findChild<QLineEdit *>(u"secretField"_s)->setText(u"typed"_s);
    button(secret, "continueButton")->click();
    QTRY_COMPARE(backend.tests.size(), 4U);
    engine::ConnectionReport good;
    good.privilege = model::Privilege::Sudo;
    backend.tests[3].finish(good);
    QTRY_VERIFY(answer->text().contains(u"as root through sudo"_s));
    QCOMPARE(dialog.findChild<QComboBox *>(u"sudoField"_s)->currentData().toInt(),
             static_cast<int>(model::SudoMethod::OtherPassword));
    QVERIFY(stages->accessibleDescription().contains(u"All stages done"_s));
}

void TestDialogs::addedServerIsSavedAndShown()
{
    QTemporaryDir config;
    FakeBackend backend;
    ui::MainWindow window(backend, {config.path(), ui::ThemeChoice::Light, false});
    window.show();
    press(&window, Qt::Key_N, Qt::ControlModifier);
    auto *dialog = window.findChild<QDialog *>(u"serverDialog"_s);
    QVERIFY(dialog);
    dialog->findChild<QLineEdit *>(u"hostField"_s)->setText(u"203.0.113.24"_s);
    dialog->findChild<QLineEdit *>(u"userField"_s)->setText(u"admin"_s);
    dialog->findChild<QLineEdit *>(u"groupField"_s)->setText(u"Production"_s);
    auto *login = dialog->findChild<QComboBox *>(u"loginField"_s);
    login->setCurrentIndex(login->findData(static_cast<int>(model::LoginMethod::Password)));
    button(dialog, "saveServer")->click();
    QTRY_COMPARE(backend.saved.size(), 1U);
    QCOMPARE(backend.saved[0].name, u"203.0.113.24"_s);
    QCOMPARE(backend.saved[0].login, model::LoginMethod::Password);
    QTRY_VERIFY(window.findChild<QWidget *>(u"notAuditedPage"_s)->isVisible());
    QCOMPARE(window.findChild<QListView *>(u"serverList"_s)->model()->rowCount(), 2);
}

void TestDialogs::incompleteServerCannotBeSaved()
{
    FakeBackend backend;
    ui::ServerDialog dialog(backend, {}, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    auto *save = button(&dialog, "saveServer");
    QVERIFY(!save->isEnabled());
    dialog.findChild<QLineEdit *>(u"hostField"_s)->setText(u"notes.example.org"_s);
    QVERIFY(!save->isEnabled());
    dialog.findChild<QLineEdit *>(u"userField"_s)->setText(u"admin"_s);
    QVERIFY(save->isEnabled());
    auto *login = dialog.findChild<QComboBox *>(u"loginField"_s);
    login->setCurrentIndex(login->findData(static_cast<int>(model::LoginMethod::KeyFile)));
    QVERIFY(!save->isEnabled());
    dialog.findChild<QLineEdit *>(u"keyFileField"_s)->setText(u"~/.ssh/id_ed25519"_s);
    QVERIFY(save->isEnabled());
    backend.storeError = base::Error{base::ErrorKind::DatabaseBusy, base::Stage::File, {}, {}};
    dialog.show();
    save->click();
    QTRY_VERIFY(!dialog.findChild<QLabel *>(u"testAnswer"_s)->text().isEmpty());
    QVERIFY(dialog.isVisible());
}

void TestDialogs::dialogsOpenInTheMiddle()
{
    QTemporaryDir config;
    FakeBackend backend;
    ui::MainWindow window(backend, {config.path(), ui::ThemeChoice::Light, false});
    window.setGeometry(40, 40, 1024, 700);
    window.show();
    press(&window, Qt::Key_Slash, Qt::ControlModifier);
    auto *dialog = window.findChild<QDialog *>(u"keysDialog"_s);
    QVERIFY(dialog);
    const QPoint off = dialog->geometry().center() - window.geometry().center();
    QVERIFY2(off.manhattanLength() < 40, qPrintable(u"%1 %2"_s.arg(off.x()).arg(off.y())));
}

void TestDialogs::hostileTextInDialogs()
{
    engine::Failure failure = withKey(base::ErrorKind::NoCommonAlgorithm);
    const QString hostile = u"<img src=x>\x1b[2J\u202e"_s + QString(100000, u'W');
    failure.error.what = hostile;
    failure.error.detail = hostile;
    failure.serverOffer = hostile;
    model::Server server = sample::server(hostile);
    for (int i = 0; i < 3; ++i) {
        std::unique_ptr<QDialog> dialog;
        failure.hostKey->type = hostile;
        if (i == 0)
            dialog = std::make_unique<ui::ConnectionErrorDialog>(server, failure, nullptr);
        else if (i == 1)
            dialog = std::make_unique<ui::HostKeyDialog>(server, *failure.hostKey, nullptr);
        else
            dialog = std::make_unique<ui::ChangedKeyDialog>(server, failure, nullptr);
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        dialog->show();
        QCOMPARE(dialog->width(), 560);
        for (const QLabel *label : dialog->findChildren<QLabel *>()) {
            QCOMPARE(label->textFormat(), Qt::PlainText);
            QVERIFY(label->text().size() < 2000);
            QVERIFY(!label->text().contains(QChar(0x1b)) && !label->text().contains(QChar(0x202e)));
        }
        for (const QPlainTextEdit *block : dialog->findChildren<QPlainTextEdit *>())
            QVERIFY(!block->toPlainText().contains(QChar(0x1b)));
    }
}

int runDialogTests(int argc, char **argv)
{
    TestDialogs test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_dialogs.moc"
