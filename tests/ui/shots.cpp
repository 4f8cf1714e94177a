// Pictures of every screen, light and dark, for somebody to look at. Fails on a blank picture.

#include "app/gui/enginebackend.h"
#include "core/engine/engine.h"
#include "core/look/icons.h"
#include "tests/ui/support/fakebackend.h"
#include "tests/ui/support/sample.h"
#include "ui/dialogs/connectionerrordialog.h"
#include "ui/dialogs/hostkeydialog.h"
#include "ui/dialogs/keysdialog.h"
#include "ui/dialogs/secretdialog.h"
#include "ui/dialogs/serverdialog.h"
#include "ui/mainwindow.h"
#include "ui/pages/checklist.h"
#include "ui/words.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

QString folder()
{
    const QString given = qEnvironmentVariable("FLOWKEEP_SHOTS");
    return given.isEmpty() ? QCoreApplication::applicationDirPath() + u"/../shots"_s : given;
}

/// More than a few colours, and more than one of them covers a real part of the picture.
bool isBlank(const QImage &image)
{
    QHash<QRgb, int> colours;
    for (int y = 0; y < image.height(); y += 2) {
        for (int x = 0; x < image.width(); x += 2)
            ++colours[image.pixel(x, y)];
    }
    return colours.size() < 12;
}

} // namespace

class Shots : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void screens_data();
    void screens();
    void demo_data();
    void demo();
    void dialogs_data();
    void dialogs();

private:
    void keep(QWidget &widget, const QString &name);
    std::unique_ptr<ui::MainWindow> window(ui::Backend &backend, bool demo = true);

    QTemporaryDir m_config;
};

void Shots::initTestCase()
{
    QVERIFY(QDir().mkpath(folder()));
}

void Shots::keep(QWidget &widget, const QString &name)
{
    // Text blocks find their height in rounds of the layout; a picture is taken when they are done.
    QImage image;
    for (int i = 0; i < 40 && (image.isNull() || image != widget.grab().toImage()); ++i) {
        image = widget.grab().toImage();
        QTest::qWait(100);
    }
    QVERIFY2(!isBlank(image), qPrintable(name));
    const bool dark = look::windowTheme() == look::Theme::Dark;
    QVERIFY(image.save(folder() + u'/' + name + (dark ? u"-dark.png"_s : u"-light.png"_s)));
}

std::unique_ptr<ui::MainWindow> Shots::window(ui::Backend &backend, bool demo)
{
    ui::WindowOptions options;
    options.configDirectory = m_config.path();
    options.demo = demo;
    auto made = std::make_unique<ui::MainWindow>(backend, options);
    made->show();
    if (!QTest::qWaitForWindowActive(made.get()))
        qFatal("the window does not become active");
    QTest::qWait(100);
    return made;
}

void Shots::screens_data()
{
    QTest::addColumn<QString>("screen");
    QTest::addColumn<bool>("dark");
    for (const char *name :
         {"empty", "posture", "posture-1024x700", "two-deployments", "many", "compact", "hostile",
          "clean", "all-filters", "servers", "not-audited", "audit-running", "cancelled"}) {
        QTest::addRow("%s light", name) << QString::fromLatin1(name) << false;
        QTest::addRow("%s dark", name) << QString::fromLatin1(name) << true;
    }
}

void Shots::screens()
{
    QFETCH(QString, screen);
    QFETCH(bool, dark);
    ui::applyTheme(*qApp, dark ? look::Theme::Dark : look::Theme::Light);
    FakeBackend backend;
    backend.demoRun = screen == u"hostile"_s ? sample::hostile()
        : screen == u"many"_s                ? sample::many()
        : screen == u"clean"_s               ? sample::clean()
        : screen == u"two-deployments"_s     ? sample::twoDeployments()
                                             : sample::ordinary();
    const bool saved = screen == u"servers"_s || screen == u"not-audited"_s
        || screen == u"audit-running"_s || screen == u"cancelled"_s;
    if (saved) {
        backend.saved = {sample::server(u"notes.example.org"_s, u"Production"_s),
                         sample::server(u"docs.a-very-long-name.example.com"_s, u"Production"_s),
                         sample::server(u"staging.example.org"_s, u"Staging"_s)};
        if (screen != u"not-audited"_s)
            backend.stored = sample::ordinary();
    }
    const auto shown = window(backend, screen != u"empty"_s && !saved);
    if (screen == u"posture-1024x700"_s)
        shown->resize(1024, 700);
    if (screen == u"compact"_s)
        QTest::keyClick(shown.get(), Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
    if (screen == u"all-filters"_s || screen == u"clean"_s) {
        for (const char *chip : {"chipUnknown", "chipPass"})
            shown->findChild<QAbstractButton *>(QLatin1StringView(chip))->click();
    }
    if (screen == u"audit-running"_s || screen == u"cancelled"_s) {
        QTest::keyClick(shown.get(), Qt::Key_F5);
        QTRY_COMPARE(backend.pending.size(), 1U);
        FakeBackend::PendingAudit &audit = backend.pending.front();
        int done = 0;
        for (const char *section :
             {"meta", "os", "docker", "deployments", "containers", "networks"})
            audit.progress({base::Stage::Collect, QString::fromLatin1(section), ++done, 16});
        if (screen == u"cancelled"_s)
            audit.fail(base::ErrorKind::Cancelled, base::Stage::Collect);
    }
    keep(*shown, u"window-"_s + screen);
}

void Shots::demo_data()
{
    QTest::addColumn<QString>("finding");
    QTest::addColumn<int>("width");
    QTest::addColumn<bool>("dark");
    for (const char *id : {"INV-03", "TLS-01", "HDR-02", "AUTH-01", "DATA-08", "NET-05"}) {
        QTest::addRow("%s light", id) << QString::fromLatin1(id) << 1280 << false;
        QTest::addRow("%s dark", id) << QString::fromLatin1(id) << 1280 << true;
        QTest::addRow("%s narrow", id) << QString::fromLatin1(id) << 1024 << false;
    }
}

/// The built-in demo server through the real engine: what the README shows.
void Shots::demo()
{
    QFETCH(QString, finding);
    QFETCH(int, width);
    QFETCH(bool, dark);
    ui::applyTheme(*qApp, dark ? look::Theme::Dark : look::Theme::Light);
    engine::Engine engine({.configDirectory = m_config.filePath(u"engine"_s), .connector = {}});
    EngineBackend backend(engine, u"en"_s);
    const auto shown = window(backend);
    shown->resize(width, width < 1280 ? 700 : 800);
    shown->findChild<ui::Checklist *>()->select(u"appflowy-cloud"_s, finding);
    keep(*shown, (width < 1280 ? u"demo-narrow-"_s : u"demo-"_s) + finding);
}

void Shots::dialogs_data()
{
    QTest::addColumn<QString>("dialog");
    QTest::addColumn<bool>("dark");
    for (const char *name : {"host-key", "host-key-same", "host-key-different", "changed-key",
                             "kex-error", "refused", "add-server", "add-server-testing",
                             "add-server-failed", "sudo-password", "sudo-again", "keys"}) {
        QTest::addRow("%s light", name) << QString::fromLatin1(name) << false;
        QTest::addRow("%s dark", name) << QString::fromLatin1(name) << true;
    }
}

void Shots::dialogs()
{
    QFETCH(QString, dialog);
    QFETCH(bool, dark);
    ui::applyTheme(*qApp, dark ? look::Theme::Dark : look::Theme::Light);
    FakeBackend backend;
    const model::Server server = sample::server(u"notes.example.org"_s);
    engine::Failure failure;
    failure.error = {base::ErrorKind::NoCommonAlgorithm, base::Stage::Kex, server.host, {}};
    failure.serverOffer = u"diffie-hellman-group1-sha1, diffie-hellman-group14-sha1"_s;
    failure.ourOffer = u"curve25519-sha256, ecdh-sha2-nistp256, diffie-hellman-group16-sha512"_s;
    std::unique_ptr<QDialog> shown;
    if (dialog.startsWith(u"host-key"_s)) {
        shown = std::make_unique<ui::HostKeyDialog>(server, sample::hostKey(), nullptr);
        auto *paste = shown->findChild<QLineEdit *>(u"pasteFingerprint"_s);
        if (dialog.endsWith(u"same"_s))
            paste->setText(sample::hostKey().fingerprint);
        if (dialog.endsWith(u"different"_s))
            paste->setText(u"SHA256:0000000000000000000000000000000000000000000"_s);
    } else if (dialog == u"changed-key"_s) {
        failure.error = {base::ErrorKind::HostKeyChanged, base::Stage::HostKey, server.host, {}};
        failure.hostKey = sample::hostKey();
        failure.hostKey->known = {u"SHA256:Qm3FtY7kLzXe0000000000000000000000000000aRw"_s};
        failure.hostKey->file = u"/home/admin/.ssh/known_hosts"_s;
        shown = std::make_unique<ui::ChangedKeyDialog>(server, failure, nullptr);
    } else if (dialog == u"kex-error"_s) {
        shown = std::make_unique<ui::ConnectionErrorDialog>(server, failure, nullptr);
    } else if (dialog == u"refused"_s) {
        failure = {};
        failure.error = {base::ErrorKind::ConnectionRefused, base::Stage::Tcp, server.host, {}};
        shown = std::make_unique<ui::ConnectionErrorDialog>(server, failure, nullptr);
    } else if (dialog.startsWith(u"add-server"_s)) {
        shown = std::make_unique<ui::ServerDialog>(backend, model::Server{}, nullptr);
    } else if (dialog.startsWith(u"sudo"_s)) {
        shown = std::make_unique<ui::SecretDialog>(server, ui::SecretKind::SudoPassword,
                                                   dialog.endsWith(u"again"_s), nullptr);
    } else {
        shown = std::make_unique<ui::KeysDialog>(nullptr);
    }
    shown->setAttribute(Qt::WA_DeleteOnClose, false);
    shown->show();
    if (dialog.startsWith(u"add-server-"_s)) {
        shown->findChild<QLineEdit *>(u"hostField"_s)->setText(server.host);
        shown->findChild<QLineEdit *>(u"userField"_s)->setText(u"admin"_s);
        shown->findChild<QComboBox *>(u"loginField"_s)->setCurrentIndex(1);
        shown->findChild<QLineEdit *>(u"keyFileField"_s)->setText(u"~/.ssh/id_ed25519"_s);
        shown->findChild<QPushButton *>(u"testConnection"_s)->click();
        backend.tests[0].progress({base::Stage::Authentication, {}, 0, 0});
        if (dialog.endsWith(u"failed"_s)) {
            engine::ConnectionReport report;
            report.failure = failure;
            backend.tests[0].finish(report);
        }
    }
    keep(*shown, u"dialog-"_s + dialog);
}

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    ui::prepareFonts(app);
    ui::EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    Shots shots;
    return QTest::qExec(&shots, argc, argv);
}

#include "shots.moc"
