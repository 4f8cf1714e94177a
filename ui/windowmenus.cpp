#include "ui/mainwindow.h"

#include "core/look/icons.h"
#include "ui/dialogs/keysdialog.h"
#include "ui/pages/serverheader.h"
#include "ui/pages/serverpage.h"

#include <QActionGroup>
#include <QApplication>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QToolButton>

/// The menus of the main window: every command stands there once; ⋯ and context menus repeat them.
namespace ui {

using namespace Qt::StringLiterals;

QAction *MainWindow::command(QMenu *menu,
                             const QString &text,
                             const QKeySequence &keys,
                             void (MainWindow::*act)())
{
    QAction *action = menu->addAction(text);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, act);
    return action;
}

void MainWindow::buildMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    m_exportPdf = command(file, tr("Export as &PDF…"), QKeySequence(Qt::CTRL | Qt::Key_E),
                          &MainWindow::exportPdf);
    m_exportJson = command(file, tr("Export as &JSON…"), {}, &MainWindow::exportJson);
    file->addSeparator();
    QAction *quit = file->addAction(tr("&Quit"));
    quit->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q));
    connect(quit, &QAction::triggered, this, &QWidget::close);

    buildServerMenu(menuBar()->addMenu(tr("&Server")));
    buildViewMenu(menuBar()->addMenu(tr("&View")));

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    command(help, tr("&Keyboard shortcuts"), QKeySequence(Qt::CTRL | Qt::Key_Slash),
            &MainWindow::showKeys);
    command(help, tr("&About Flowkeep"), {}, &MainWindow::showAbout);

    auto *exports = new QMenu(this);
    exports->addActions({m_exportPdf, m_exportJson});
    m_server->header()->exportButton()->setMenu(exports);
    auto *more = new QMenu(this);
    more->addActions({m_audit, m_edit, m_remove});
    m_server->header()->moreButton()->setMenu(more);

    auto *escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    connect(escape, &QShortcut::activated, this, &MainWindow::cancelOrClose);
}

void MainWindow::buildServerMenu(QMenu *menu)
{
    command(menu, tr("&Add server…"), QKeySequence(Qt::CTRL | Qt::Key_N), &MainWindow::addServer)
        ->setIcon(look::icon(u"plus"_s));
    command(menu, tr("&Demo server"), QKeySequence(Qt::CTRL | Qt::Key_D), &MainWindow::openDemo)
        ->setIcon(look::icon(u"play"_s));
    menu->addSeparator();
    m_audit = command(menu, tr("Audit &now"), QKeySequence(Qt::Key_F5), &MainWindow::audit);
    menu->addSeparator();
    m_edit = command(menu, tr("&Edit server…"), QKeySequence(Qt::Key_F2), &MainWindow::editServer);
    m_remove = command(menu, tr("&Remove server…"), {}, &MainWindow::removeServer);
}

void MainWindow::buildViewMenu(QMenu *menu)
{
    command(menu, tr("Find &server"), QKeySequence(Qt::CTRL | Qt::Key_L), &MainWindow::findServer);
    command(menu, tr("Find &check"), QKeySequence(Qt::CTRL | Qt::Key_F), &MainWindow::findCheck);
    menu->addSeparator();
    m_summary = command(menu, tr("S&ummary"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S),
                        &MainWindow::toggleSummary);
    m_summary->setCheckable(true);
    m_summary->setChecked(true);
    m_compact = command(menu, tr("Compact &list"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D),
                        &MainWindow::toggleCompact);
    m_compact->setCheckable(true);
    menu->addSeparator();
    QMenu *themes = menu->addMenu(tr("&Colours"));
    auto *group = new QActionGroup(this);
    const std::array choices{std::pair{ThemeChoice::FollowDesktop, tr("As the &desktop")},
                             std::pair{ThemeChoice::Light, tr("&Light")},
                             std::pair{ThemeChoice::Dark, tr("&Dark")}};
    for (const auto &[choice, text] : choices) {
        QAction *action = themes->addAction(text);
        action->setCheckable(true);
        action->setChecked(choice == m_options.theme);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice] { chooseTheme(choice); });
    }
}

void MainWindow::chooseTheme(ThemeChoice choice)
{
    m_options.theme = choice;
    rememberTheme(m_options.configDirectory, choice);
    applyTheme(*qApp, choice);
}

void MainWindow::showKeys()
{
    (new KeysDialog(this))->open();
}

void MainWindow::showAbout()
{
    auto *box = new QMessageBox(QMessageBox::NoIcon, tr("About Flowkeep"),
                                tr("Flowkeep %1").arg(QApplication::applicationVersion()),
                                QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(tr("Proves what the security settings of a self-hosted AppFlowy server "
                               "really do. Free software under the GNU GPL, version 3 or later."));
    box->open();
}

} // namespace ui
