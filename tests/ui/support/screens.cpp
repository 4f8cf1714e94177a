#include "tests/ui/support/screens.h"

#include "tests/ui/support/sample.h"
#include "ui/dialogs/confirmdialog.h"
#include "ui/dialogs/connectionerrordialog.h"
#include "ui/dialogs/hostkeydialog.h"
#include "ui/dialogs/keysdialog.h"
#include "ui/dialogs/secretdialog.h"
#include "ui/dialogs/serverdialog.h"
#include "ui/mainwindow.h"
#include "ui/pages/checklist.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace {

std::unique_ptr<QDialog> dialogOf(const QString &name, FakeBackend &backend)
{
    const model::Server server = sample::server(u"notes.example.org"_s);
    engine::Failure failure;
    failure.error = {base::ErrorKind::NoCommonAlgorithm, base::Stage::Kex, server.host, {}};
    failure.serverOffer = u"diffie-hellman-group1-sha1"_s;
    failure.hostKey = sample::hostKey();
    if (name == u"host key"_s)
        return std::make_unique<ui::HostKeyDialog>(server, sample::hostKey(), nullptr);
    if (name == u"changed key"_s)
        return std::make_unique<ui::ChangedKeyDialog>(server, failure, nullptr);
    if (name == u"connection error"_s)
        return std::make_unique<ui::ConnectionErrorDialog>(server, failure, nullptr);
    if (name == u"password"_s)
        return std::make_unique<ui::SecretDialog>(server, ui::SecretKind::SudoPassword, true,
                                                  nullptr);
    if (name == u"remove"_s)
        return std::make_unique<ui::ConfirmDialog>(u"Remove?"_s, u"All of it."_s, u"Remove"_s,
                                                   nullptr);
    if (name == u"shortcuts"_s)
        return std::make_unique<ui::KeysDialog>(nullptr);
    model::Server edited = server;
    edited.login = model::LoginMethod::KeyFile;
    edited.keyFile = u"/home/admin/.ssh/id_ed25519"_s;
    return std::make_unique<ui::ServerDialog>(backend, edited, nullptr);
}

std::unique_ptr<QWidget> windowOf(const QString &name, Screen &screen)
{
    FakeBackend &backend = screen.backend;
    backend.demoRun = name == u"two deployments"_s ? sample::twoDeployments() : sample::ordinary();
    if (name == u"not audited"_s || name == u"audit running"_s || name == u"cancelled"_s)
        backend.saved = {sample::server(u"notes.example.org"_s, u"Production"_s)};
    if (name == u"cancelled"_s)
        backend.stored = sample::ordinary();
    const bool demo = backend.saved.empty() && name != u"first start"_s;
    auto window = std::make_unique<ui::MainWindow>(
        backend, ui::WindowOptions{screen.config.path(), ui::ThemeChoice::Light, demo});
    window->show();
    if (!QTest::qWaitForWindowActive(window.get()))
        qFatal("the window does not become active");
    QCoreApplication::processEvents();
    if (demo) // a finding with words at its reach
        window->findChild<ui::Checklist *>()->select(u"appflowy"_s, u"AUTH-01"_s);
    if (name == u"audit running"_s || name == u"cancelled"_s)
        QTest::keyClick(window.get(), Qt::Key_F5);
    if (name == u"cancelled"_s)
        backend.pending.back().fail(base::ErrorKind::Cancelled, base::Stage::Collect);
    return window;
}

} // namespace

namespace screens {

void open(Screen &screen, const QString &name, bool isDialog)
{
    if (isDialog) {
        std::unique_ptr<QDialog> dialog = dialogOf(name, screen.backend);
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        screen.window = std::move(dialog);
        screen.window->show();
    } else {
        screen.window = windowOf(name, screen);
    }
    QVERIFY(QTest::qWaitForWindowActive(screen.window.get()));
    QTest::qWait(20);
}

void rows()
{
    QTest::addColumn<bool>("isDialog");
    for (const char *name :
         {"first start", "posture", "two deployments", "not audited", "audit running", "cancelled"})
        QTest::newRow(name) << false;
    for (const char *name : {"host key", "changed key", "connection error", "password", "remove",
                             "shortcuts", "server"})
        QTest::newRow(name) << true;
}

} // namespace screens
