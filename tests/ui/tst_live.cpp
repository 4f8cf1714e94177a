// The window as it ships, on the real engine, against a real sshd on loopback: what an
// administrator does on the first day, one step after the other.

#include "app/gui/enginebackend.h"
#include "core/engine/engine.h"
#include "tests/unit/transport/testsshd.h"
#include "ui/mainwindow.h"
#include "ui/models/checklistmodel.h"
#include "ui/models/serverlistmodel.h"
#include "ui/theme.h"
#include "ui/words.h"

#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>
#include <QTimer>
#include <QTreeView>

using namespace Qt::StringLiterals;

namespace {

constexpr int auditLimit = 120000; // milliseconds; a loaded machine is slow
const QString serverName = u"Notes on loopback"_s; // NOLINT: a constant of the test

/// Program and window as main() puts them together.
struct Program
{
    engine::Engine engine;
    EngineBackend backend;
    ui::MainWindow window;

    explicit Program(const QString &directory)
        : engine({.configDirectory = directory, .connector = {}})
        , backend(engine, u"en"_s)
        , window(backend, {directory, ui::ThemeChoice::Light, false})
    {
        window.show();
    }

    template <typename T = QWidget>
    T *find(const char *name) const
    {
        T *found = window.findChild<T *>(QLatin1StringView(name));
        if (found == nullptr)
            qFatal("no widget named %s", name);
        return found;
    }

    bool shows(const char *name) const { return find(name)->isVisible(); }
    QString text(const char *label) const { return find<QLabel>(label)->text(); }
    QString banner() const { return shows("banner") ? find("banner")->accessibleName() : u""_s; }

    /// The visible dialog of that name, or nullptr.
    QDialog *dialog(const char *name) const
    {
        const auto all = window.findChildren<QDialog *>(QLatin1StringView(name));
        const auto shown = std::ranges::find_if(all, &QWidget::isVisible);
        return shown == all.end() ? nullptr : *shown;
    }

    /// Shortcuts need the active window, which a closed dialog gives back a moment later.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, key, modifiers);
    }

    int findings() const
    {
        const QAbstractItemModel *list = find<QTreeView>("checkTree")->model();
        int count = 0;
        for (int area = 0; area < list->rowCount(); ++area)
            count += list->rowCount(list->index(area, 0));
        return count;
    }
};

template <typename T = QPushButton>
T *in(const QDialog *dialog, const char *name)
{
    T *found = dialog->findChild<T *>(QLatin1StringView(name));
    if (found == nullptr)
        qFatal("no widget named %s", name);
    return found;
}

template <typename Value>
void choose(QComboBox *box, Value value)
{
    box->setCurrentIndex(box->findData(static_cast<int>(value)));
}

/// The longest time that the window did not answer, in milliseconds.
class Freeze
{
public:
    Freeze()
    {
        m_since.start();
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer,
                         [this] { m_longest = qMax(m_longest, m_since.restart()); });
        m_timer.start(10);
    }
    qint64 longest() const { return m_longest; }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
};

} // namespace

/// The slots run in this order, each on what the one before left behind.
class TestLive : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void unknownKeyIsShownThenAccepted();
    void addedServerIsNotAuditedYet();
    void auditShowsFindings();
    void cancelKeepsTheAudit();
    void exportedPdfNamesTheServer();
    void restartKeepsServerAndHistory();
    void wrongPasswordIsAskedAgain();
    void changedKeyIsRefused();

private:
    void start();
    QDialog *filledServerDialog(model::LoginMethod login);

    QTemporaryDir m_home;
    QTemporaryDir m_config;
    std::unique_ptr<TestSshd> m_sshd;
    std::unique_ptr<Program> m_program;
    QString m_ring; ///< what the score ring said of the first audit
};

void TestLive::start()
{
    if (m_program)
        m_program->window.close(); // it remembers itself
    m_program.reset();
    m_program = std::make_unique<Program>(m_config.path());
    QVERIFY(QTest::qWaitForWindowActive(&m_program->window));
}

void TestLive::initTestCase()
{
    qputenv("HOME", m_home.path().toUtf8()); // no known hosts and no keys of whoever runs this
    qunsetenv("SSH_AUTH_SOCK");
    m_sshd = TestSshd::start();
    QVERIFY2(m_sshd, qPrintable(TestSshd::why()));
    start();
    QTRY_VERIFY(m_program->shows("firstStartPage"));
}

QDialog *TestLive::filledServerDialog(model::LoginMethod login)
{
    m_program->press(Qt::Key_N, Qt::ControlModifier);
    QDialog *dialog = m_program->dialog("serverDialog");
    if (dialog == nullptr)
        qFatal("Ctrl+N opens no dialog");
    QTest::keyClicks(in<QLineEdit>(dialog, "hostField"), u"127.0.0.1"_s);
    in<QSpinBox>(dialog, "portField")->setValue(m_sshd->port());
    QTest::keyClicks(in<QLineEdit>(dialog, "userField"), m_sshd->user());
    choose(in<QComboBox>(dialog, "loginField"), login);
    choose(in<QComboBox>(dialog, "sudoField"), model::SudoMethod::None);
    return dialog;
}

void TestLive::unknownKeyIsShownThenAccepted()
{
    QDialog *dialog = filledServerDialog(model::LoginMethod::KeyFile);
    QTest::keyClicks(in<QLineEdit>(dialog, "keyFileField"), m_sshd->authorise(u"ed25519"_s));
    QTest::keyClicks(in<QLineEdit>(dialog, "nameField"), serverName);
    in(dialog, "testConnection")->click();
    QTRY_VERIFY(m_program->dialog("hostKeyDialog"));
    const QDialog *key = m_program->dialog("hostKeyDialog");
    const QString printed = QString::fromUtf8(
        run(u"ssh-keygen"_s, {u"-l"_s, u"-f"_s, m_sshd->file(u"host_ed25519.pub"_s)}));
    QVERIFY2(!printed.isEmpty()
                 && printed.contains(in<QWidget>(key, "fingerprintBlock")->accessibleName()),
             qPrintable(printed));
    // Nothing was sent: the server has not heard the user's name.
    QVERIFY(!m_sshd->log().contains("userauth-request"));
    in<QLineEdit>(key, "pasteFingerprint")->setText(printed);
    QVERIFY(in<QLabel>(key, "compareAnswer")->text().contains(u"Same fingerprint"_s));
    in(key, "connectButton")->click();
    auto *answer = in<QLabel>(dialog, "testAnswer");
    QTRY_VERIFY_WITH_TIMEOUT(answer->text().startsWith(u"Connected as an ordinary user"_s), 30000);
    QVERIFY(in<QWidget>(dialog, "stageBar")->accessibleDescription().contains(u"All stages"_s));
    in(dialog, "saveServer")->click();
    QTRY_VERIFY(!m_program->dialog("serverDialog"));
}

void TestLive::addedServerIsNotAuditedYet()
{
    QCOMPARE(m_program->text("serverName"), serverName);
    QVERIFY(m_program->shows("notAuditedPage"));
    QCOMPARE(m_program->text("emptyTitle"), u"Not audited yet"_s);
}

void TestLive::auditShowsFindings()
{
    const Freeze freeze;
    m_program->find<QPushButton>("firstAudit")->click();
    QVERIFY(m_program->shows("auditPage"));
    const auto *sections = m_program->find<QListWidget>("auditSections");
    int seen = 0;
    const bool done = QTest::qWaitFor(
        [&] {
            seen = qMax(seen, sections->count());
            return m_program->shows("posturePage") || m_program->dialog("connectionErrorDialog");
        },
        auditLimit);
    QVERIFY(done);
    QVERIFY2(m_program->shows("posturePage"), m_sshd->log().constData());
    QVERIFY2(seen >= 10, qPrintable(QString::number(seen)));
    QVERIFY2(freeze.longest() < 2000, qPrintable(QString::number(freeze.longest())));
    // An ordinary user may read little, so much is unknown and nothing of that is green.
    for (const char *chip : {"chipOpen", "chipUnknown", "chipPass"}) {
        auto *button = m_program->find<QAbstractButton>(chip);
        if (button->isChecked() != (button->objectName() == u"chipUnknown"_s))
            button->click();
    }
    QVERIFY(m_program->findings() >= 6);
    QVERIFY(m_program->shows("detailPane"));
    QVERIFY(!m_program->text("detailTitle").isEmpty());
    m_ring = m_program->find("scoreRing")->accessibleName();
    QVERIFY(m_program->banner().isEmpty());
}

void TestLive::cancelKeepsTheAudit()
{
    m_program->press(Qt::Key_F5);
    const auto *sections = m_program->find<QListWidget>("auditSections");
    QTRY_VERIFY_WITH_TIMEOUT(sections->count() > 0, 30000);
    QElapsedTimer timer;
    timer.start();
    m_program->press(Qt::Key_Escape);
    QTRY_VERIFY(m_program->shows("posturePage"));
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY2(m_program->banner().contains(u"The last complete audit stays"_s),
             qPrintable(m_program->banner()));
    QCOMPARE(m_program->find("scoreRing")->accessibleName(), m_ring);
}

void TestLive::exportedPdfNamesTheServer()
{
    m_program->press(Qt::Key_E, Qt::ControlModifier);
    auto *dialog = qobject_cast<QFileDialog *>(m_program->dialog("exportDialog"));
    QVERIFY(dialog);
    const QString path = m_home.filePath(u"posture.pdf"_s);
    dialog->selectFile(path);
    QVERIFY(QMetaObject::invokeMethod(dialog, "accept"));
    QTRY_VERIFY_WITH_TIMEOUT(m_program->banner().startsWith(u"Exported"_s), 60000);
    const QString text = QString::fromUtf8(run(u"pdftotext"_s, {u"-layout"_s, path, u"-"_s}));
    QVERIFY2(text.contains(serverName), qPrintable(text.left(2000)));
}

void TestLive::restartKeepsServerAndHistory()
{
    start();
    QTRY_VERIFY_WITH_TIMEOUT(m_program->shows("posturePage"), 30000);
    QCOMPARE(m_program->text("serverName"), serverName);
    QCOMPARE(m_program->find("scoreRing")->accessibleName(), m_ring);
    QVERIFY(m_program->findings() >= 6);
    const auto listed
        = m_program->engine.audits(m_program->engine.servers().result()->front().id).result();
    QVERIFY(listed);
    QCOMPARE(listed->size(), 1U); // the cancelled one was not kept
}

void TestLive::wrongPasswordIsAskedAgain()
{
    QDialog *dialog = filledServerDialog(model::LoginMethod::Password);
    in(dialog, "testConnection")->click();
    QTRY_VERIFY_WITH_TIMEOUT(m_program->dialog("secretDialog"), 30000);
    const QPointer<QDialog> first = m_program->dialog("secretDialog");
    in<QLineEdit>(first, "secretField")->setText(u"not the password"_s);
    in(first, "continueButton")->click();
    QTRY_VERIFY_WITH_TIMEOUT(
        m_program->dialog("secretDialog") && m_program->dialog("secretDialog") != first, 30000);
    const QPointer<QDialog> second = m_program->dialog("secretDialog");
    const auto labels = second->findChildren<QLabel *>();
    QVERIFY(std::ranges::any_of(
        labels, [](const QLabel *label) { return label->text().contains(u"was not accepted"_s); }));
    auto *answer = in<QLabel>(dialog, "testAnswer");
    in<QLineEdit>(second, "secretField")->setText(QString::fromUtf8(TestSshd::password()));
    in(second, "continueButton")->click();
    // An sshd without accounts of its own cannot check any password, so it refuses this one too.
    if (m_sshd->hasAccounts())
        QTRY_VERIFY_WITH_TIMEOUT(answer->text().startsWith(u"Connected"_s), 30000);
    else
        QTRY_VERIFY_WITH_TIMEOUT(m_program->dialog("secretDialog")
                                     && m_program->dialog("secretDialog") != second,
                                 30000);
    while (QDialog *open = m_program->dialog("secretDialog"))
        open->reject();
    dialog->reject();
}

void TestLive::changedKeyIsRefused()
{
    const quint16 port = m_sshd->port();
    m_sshd->stop();
    TestSshd::Settings settings;
    settings.hostKeys = {};
    const QString key = m_sshd->authorise(u"ed25519-other"_s);
    settings.config = {u"HostKey "_s + key, u"Port %1"_s.arg(port)};
    const std::unique_ptr<TestSshd> other = TestSshd::start(settings);
    QVERIFY2(other, qPrintable(TestSshd::why()));

    m_program->press(Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(m_program->dialog("changedKeyDialog"), 30000);
    QDialog *dialog = m_program->dialog("changedKeyDialog");
    QStringList shown;
    for (const QPlainTextEdit *each : dialog->findChildren<QPlainTextEdit *>())
        shown << each->toPlainText();
    const QString offered
        = QString::fromUtf8(run(u"ssh-keygen"_s, {u"-l"_s, u"-f"_s, key})).section(u' ', 1, 1);
    QVERIFY2(!offered.isEmpty() && shown.contains(offered), qPrintable(shown.join(u'\n')));
    QVERIFY(!other->log().contains("userauth-request"));
    const QString command = in<QPlainTextEdit>(dialog, "codeText")->toPlainText();
    dialog->reject();
    QTRY_VERIFY(m_program->banner().contains(u"has changed"_s));
    const auto *servers = m_program->find<QListView>("serverList")->model();
    QCOMPARE(servers->index(0, 0).data(ui::ServerListModel::LineRole).toString(),
             u"Host key changed"_s);
    QVERIFY(m_program->shows("posturePage")); // the last audit stays

    // Who knows that the key is new removes the old one by the command shown, and is asked again.
    QVERIFY2(succeeds(u"sh"_s, {u"-c"_s, command}), qPrintable(command));
    m_program->press(Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(m_program->dialog("hostKeyDialog"), 30000);
    m_program->dialog("hostKeyDialog")->reject();
    QTRY_VERIFY(m_program->banner().contains(u"is not known"_s));
    QVERIFY(servers->index(0, 0).data(ui::ServerListModel::LineRole).toString()
            != u"Host key changed"_s);
    m_program.reset();
}

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    ui::prepareFonts(app);
    ui::applyTheme(app, look::Theme::Light);
    ui::EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    TestLive test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_live.moc"
