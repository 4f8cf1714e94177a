#pragma once

#include "core/engine/messages.h"
#include "ui/backend.h"
#include "ui/parts/banner.h"
#include "ui/theme.h"

#include <QMainWindow>

#include <memory>
#include <vector>

class QAction;
class QMenu;
class QStackedWidget;

namespace ui {

class FirstStartPage;
class ServerPage;
class ServerSession;
class Sidebar;

/// Where the window remembers itself, and how it looks.
struct WindowOptions
{
    QString configDirectory;
    ThemeChoice theme = ThemeChoice::FollowDesktop;
    bool demo = false; ///< opens the demo server at once
};

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(Backend &backend, WindowOptions options);
    ~MainWindow() override;

    void addServer();
    void openDemo();

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void buildMenus();
    void buildServerMenu(QMenu *menu);
    void buildViewMenu(QMenu *menu);
    QAction *
    command(QMenu *menu, const QString &text, const QKeySequence &keys, void (MainWindow::*act)());
    void connectPages();
    void loadServers();
    ServerSession *addSession(model::Server server, bool demo);
    void follow(ServerSession *session);
    void showSession(ServerSession *session);
    void forget(const ServerSession *session);
    void listSessions();
    void updateCommands();
    void failed(ServerSession *session, const engine::Failure &failure);
    void takeFocusBack(const ServerSession *session);
    void showProblem(const base::Error &error);
    void showMessage(Banner::Kind kind, const engine::Message &message);

    void audit();
    void cancelOrClose();
    void editServer();
    void removeServer();
    void exportPdf();
    void exportJson();
    void exportAs(ExportFormat format);
    void findServer();
    void findCheck();
    void toggleCompact();
    void toggleSummary();
    void showKeys();
    void showAbout();
    void chooseTheme(ThemeChoice choice);
    void restore();

    Backend &m_backend;
    WindowOptions m_options;
    std::vector<std::unique_ptr<ServerSession>> m_sessions;
    Sidebar *m_sidebar;
    QStackedWidget *m_stack;
    FirstStartPage *m_first;
    ServerPage *m_server;
    std::optional<bool> m_narrow; ///< known from the first resize on
    QAction *m_audit = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_remove = nullptr;
    QAction *m_exportPdf = nullptr;
    QAction *m_exportJson = nullptr;
    QAction *m_compact = nullptr;
    QAction *m_summary = nullptr;
};

} // namespace ui
