#include "ui/mainwindow.h"

#include "ui/dialogs/asker.h"
#include "ui/dialogs/confirmdialog.h"
#include "ui/dialogs/serverdialog.h"
#include "ui/export.h"
#include "ui/pages/checklist.h"
#include "ui/pages/firststartpage.h"
#include "ui/pages/posturepage.h"
#include "ui/pages/serverheader.h"
#include "ui/pages/serverpage.h"
#include "ui/pages/sidebar.h"
#include "ui/parts/label.h"
#include "ui/receive.h"
#include "ui/session/serversession.h"
#include "ui/words.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int narrowBelow = 1180;

} // namespace

MainWindow::MainWindow(Backend &backend, WindowOptions options)
    : m_backend(backend)
    , m_options(std::move(options))
    , m_sidebar(new Sidebar(nullptr))
    , m_stack(new QStackedWidget)
    , m_first(new FirstStartPage(static_cast<int>(backend.checks().size()), nullptr))
    , m_server(new ServerPage(backend, nullptr))
{
    setObjectName(u"mainWindow"_s);
    setWindowTitle(tr("Flowkeep"));
    setMinimumSize(1024, 700);
    resize(1280, 800);
    m_stack->addWidget(m_first);
    m_stack->addWidget(m_server);
    auto *centre = new QWidget;
    auto *row = new QHBoxLayout(centre);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_sidebar);
    row->addWidget(hairline(Qt::Vertical));
    row->addWidget(m_stack, 1);
    setCentralWidget(centre);
    buildMenus();
    connectPages();
    restore();
    updateCommands();
    if (m_options.demo)
        openDemo();
    loadServers();
}

MainWindow::~MainWindow()
{
    // The sessions go before the widgets that show them.
    m_sidebar->setSessions({});
    m_server->setSession(nullptr);
}

void MainWindow::connectPages()
{
    connect(m_first, &FirstStartPage::addServer, this, &MainWindow::addServer);
    connect(m_first, &FirstStartPage::openDemo, this, &MainWindow::openDemo);
    connect(m_sidebar, &Sidebar::addServer, this, &MainWindow::addServer);
    connect(m_sidebar, &Sidebar::openDemo, this, &MainWindow::openDemo);
    connect(m_sidebar, &Sidebar::selected, this, &MainWindow::showSession);
    connect(m_sidebar, &Sidebar::menuWanted, this,
            [this](ServerSession *session, const QPoint &at) {
                showSession(session);
                m_server->header()->moreButton()->menu()->popup(at);
            });
    auto *ages = new QTimer(this); // "12 min ago" grows old
    ages->setObjectName(u"ageTimer"_s);
    ages->start(60000);
    connect(ages, &QTimer::timeout, this, [this] {
        m_sidebar->model()->refreshAges();
        m_server->header()->refreshAge();
    });
    connect(m_server->header(), &ServerHeader::auditWanted, this, &MainWindow::audit);
    connect(m_server->header(), &ServerHeader::cancelWanted, this, [this] {
        if (ServerSession *session = m_server->session())
            session->cancel();
    });
}

void MainWindow::loadServers()
{
    m_backend.onDatabaseSetAside([this, post = posterTo(this)](const QString &file) {
        post([this, file] { showMessage(Banner::Kind::Warning, setAsideMessage(file)); });
    });
    receive(m_backend.servers(), this,
            [this](const base::Result<std::vector<model::Server>> &saved) {
                if (!saved) {
                    showProblem(saved.error());
                    return;
                }
                for (const model::Server &server : *saved)
                    addSession(server, false)->loadLast();
                listSessions();
                if (m_server->session() == nullptr && !m_sessions.empty()) {
                    showSession(m_sessions.front().get());
                    m_sidebar->focusList(); // not on a button that a stray Space presses
                }
            });
}

ServerSession *MainWindow::addSession(model::Server server, bool demo)
{
    m_sessions.push_back(
        std::make_unique<ServerSession>(m_backend, std::move(server), demo, nullptr));
    ServerSession *session = m_sessions.back().get();
    follow(session);
    return session;
}

void MainWindow::follow(ServerSession *session)
{
    connect(session, &ServerSession::changed, this, [this, session] {
        // The newest audit became known while its server is on screen.
        if (session == m_server->session())
            session->loadRun();
        updateCommands();
    });
    connect(session, &ServerSession::finished, this, [this, session] { takeFocusBack(session); });
    connect(session, &ServerSession::failed, this,
            [this, session](const engine::Failure &failure) { failed(session, failure); });
    connect(session, &ServerSession::cancelled, this, [this, session] {
        if (session == m_server->session()) {
            takeFocusBack(session);
            m_server->banner()->show(Banner::Kind::Info, tr("Audit cancelled"),
                                     session->run() ? tr("The last complete audit stays.")
                                                    : tr("Nothing was kept."));
        }
    });
    connect(session, &ServerSession::notSaved, this, &MainWindow::showProblem);
    connect(session, &ServerSession::notLoaded, this, [this, session](const base::Error &error) {
        if (session == m_server->session())
            showProblem(error);
    });
}

void MainWindow::listSessions()
{
    std::vector<ServerSession *> all;
    for (const auto &session : m_sessions)
        all.push_back(session.get());
    m_sidebar->setSessions(std::move(all));
    if (m_sessions.empty())
        m_stack->setCurrentWidget(m_first);
}

void MainWindow::showSession(ServerSession *session)
{
    m_server->setSession(session);
    m_sidebar->select(session);
    m_stack->setCurrentWidget(session != nullptr ? static_cast<QWidget *>(m_server) : m_first);
    setWindowTitle(session != nullptr ? tr("%1 – Flowkeep").arg(plain(session->server().name))
                                      : tr("Flowkeep"));
    updateCommands();
}

void MainWindow::addServer()
{
    auto *dialog = new ServerDialog(m_backend, {}, this);
    connect(dialog, &ServerDialog::saved, this, [this, dialog](const model::Server &server) {
        ServerSession *session = addSession(server, false);
        session->takeTyped(dialog->takeCredentials());
        listSessions();
        showSession(session);
    });
    dialog->open();
}

void MainWindow::openDemo()
{
    const auto demo = std::ranges::find_if(m_sessions, &ServerSession::isDemo,
                                           &std::unique_ptr<ServerSession>::operator*);
    if (demo != m_sessions.end()) {
        showSession(demo->get());
        return;
    }
    model::Server server;
    server.id = u"demo"_s;
    server.name = tr("Demo server");
    server.host = u"demo"_s;
    ServerSession *session = addSession(server, true);
    listSessions();
    showSession(session);
    session->audit();
    m_server->posture()->checklist()->focusList();
}

void MainWindow::audit()
{
    if (ServerSession *session = m_server->session())
        session->audit();
}

void MainWindow::cancelOrClose()
{
    ServerSession *session = m_server->session();
    if (session == nullptr)
        return;
    if (session->isRunning())
        session->cancel();
    else
        m_server->posture()->closeDetail();
}

void MainWindow::failed(ServerSession *session, const engine::Failure &failure)
{
    askAbout(failure, session->server(), session->credentials(), m_backend, this, session,
             [this, session, failure](Answer answer) {
                 if (answer == Answer::Again) {
                     session->audit();
                 } else if (answer == Answer::Edit) {
                     showSession(session);
                     editServer();
                 } else if (session == m_server->session()) {
                     showProblem(failure.error);
                 }
             });
}

/// The button that started or stopped an audit is gone with it, so the list gets the focus; whoever
/// writes elsewhere meanwhile keeps it.
void MainWindow::takeFocusBack(const ServerSession *session)
{
    const QWidget *focus = QApplication::focusWidget();
    if (session == m_server->session() && (focus == nullptr || m_server->isAncestorOf(focus)))
        m_server->posture()->checklist()->focusList();
}

void MainWindow::showProblem(const base::Error &error)
{
    showMessage(Banner::Kind::Failure, messageOf(error));
}

void MainWindow::showMessage(Banner::Kind kind, const engine::Message &message)
{
    Banner *banner = m_stack->currentWidget() == m_first ? m_first->banner() : m_server->banner();
    banner->show(kind, plain(message.what), plain(message.next));
}

void MainWindow::editServer()
{
    ServerSession *session = m_server->session();
    if (session == nullptr || session->isDemo())
        return;
    auto *dialog = new ServerDialog(m_backend, session->server(), this);
    connect(dialog, &ServerDialog::saved, session,
            [this, session, dialog](const model::Server &server) {
                session->setServer(server);
                session->takeTyped(dialog->takeCredentials());
                listSessions();
                showSession(session);
            });
    dialog->open();
}

void MainWindow::removeServer()
{
    ServerSession *session = m_server->session();
    if (session == nullptr || session->isDemo())
        return;
    auto *dialog = new ConfirmDialog(
        tr("Remove %1?").arg(plain(session->server().name)),
        tr("Its description and all its audits on this computer are deleted. Nothing changes on "
           "the server. This cannot be undone."),
        tr("&Remove server"), this);
    connect(dialog, &QDialog::accepted, session, [this, session] {
        const QPointer<ServerSession> wanted = session;
        receive(m_backend.removeServer(session->server().id, true), this,
                [this, wanted](const base::Result<void> &removed) {
                    if (!removed)
                        showProblem(removed.error());
                    else
                        forget(wanted);
                });
    });
    dialog->open();
}

void MainWindow::forget(const ServerSession *session)
{
    const auto found = std::ranges::find(m_sessions, session, &std::unique_ptr<ServerSession>::get);
    if (found == m_sessions.end())
        return;
    // The list lets go of it before it goes.
    const std::unique_ptr<ServerSession> gone = std::move(*found);
    m_sessions.erase(found);
    listSessions();
    showSession(m_sessions.empty() ? nullptr : m_sessions.front().get());
}

void MainWindow::exportPdf()
{
    exportAs(ExportFormat::Pdf);
}

void MainWindow::exportJson()
{
    exportAs(ExportFormat::Json);
}

void MainWindow::exportAs(ExportFormat format)
{
    const ServerSession *session = m_server->session();
    if (session == nullptr)
        return;
    const auto run = session->run();
    if (!run)
        return;
    exportReport(run->audit, format, m_backend, this,
                 [this](const QString &path, const base::Result<void> &written) {
                     if (!written) {
                         showProblem(written.error());
                         return;
                     }
                     m_server->banner()->show(Banner::Kind::Info, tr("Exported"), plain(path));
                 });
}

void MainWindow::findServer()
{
    m_sidebar->focusSearch();
}

void MainWindow::findCheck()
{
    m_server->posture()->checklist()->focusSearch();
}

void MainWindow::toggleCompact()
{
    m_server->posture()->checklist()->setCompact(m_compact->isChecked());
}

void MainWindow::toggleSummary()
{
    m_server->posture()->setSummaryShown(m_summary->isChecked());
}

void MainWindow::updateCommands()
{
    const ServerSession *session = m_server->session();
    const bool idle = session != nullptr && !session->isRunning();
    const bool audited = idle && session->run();
    m_audit->setEnabled(idle);
    m_exportPdf->setEnabled(audited);
    m_exportJson->setEnabled(audited);
    m_edit->setEnabled(idle && !session->isDemo());
    m_remove->setEnabled(idle && !session->isDemo());
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    const bool narrow = width() < narrowBelow;
    if (m_narrow == narrow)
        return;
    m_narrow = narrow;
    m_sidebar->setFixedWidth(narrow ? 208 : 248);
    m_server->setNarrow(narrow);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    QSettings settings(m_options.configDirectory + u"/window.ini"_s, QSettings::IniFormat);
    settings.setValue(u"window/geometry"_s, saveGeometry());
    settings.setValue(u"window/summary"_s, m_summary->isChecked());
    m_server->posture()->save(settings);
    QMainWindow::closeEvent(event);
}

void MainWindow::restore()
{
    QSettings settings(m_options.configDirectory + u"/window.ini"_s, QSettings::IniFormat);
    restoreGeometry(settings.value(u"window/geometry"_s).toByteArray());
    m_server->posture()->restore(settings);
    m_compact->setChecked(m_server->posture()->checklist()->isCompact());
    m_summary->setChecked(settings.value(u"window/summary"_s, true).toBool());
    toggleSummary();
}

} // namespace ui
