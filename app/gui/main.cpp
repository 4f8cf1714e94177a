#include "app/gui/enginebackend.h"
#include "core/base/process.h"
#include "core/engine/engine.h"
#include "core/look/icons.h"
#include "ui/mainwindow.h"
#include "ui/words.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QLibraryInfo>
#include <QTranslator>

#include <cstdio>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace {

struct Options
{
    QString configDirectory;
    ui::ThemeChoice theme = ui::ThemeChoice::FollowDesktop;
    bool demo = false;
};

std::optional<Options> optionsOf(const QCoreApplication &app)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("Main",
                                    "Proves what the security settings of a self-hosted "
                                    "AppFlowy server really do."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption demo(u"demo"_s,
                                  QCoreApplication::translate("Main", "Open the demo server."));
    const QCommandLineOption theme(
        u"theme"_s, QCoreApplication::translate("Main", "light, dark or desktop."), u"THEME"_s);
    const QCommandLineOption directory(
        u"config-dir"_s,
        QCoreApplication::translate("Main", "Where servers, host keys and audits are kept."),
        u"DIR"_s);
    parser.addOptions({demo, theme, directory});
    parser.process(app);

    Options options;
    options.demo = parser.isSet(demo);
    options.configDirectory
        = parser.isSet(directory) ? parser.value(directory) : engine::standardConfigDirectory();
    const QString word = parser.value(theme);
    if (word.isEmpty())
        options.theme = ui::rememberedTheme(options.configDirectory);
    else if (word == "light"_L1)
        options.theme = ui::ThemeChoice::Light;
    else if (word == "dark"_L1)
        options.theme = ui::ThemeChoice::Dark;
    else if (word != "desktop"_L1)
        return std::nullopt;
    return options;
}

/// The language that was found, as BCP 47. English needs no catalogue but its plurals.
QString installTranslations(QCoreApplication &app)
{
    auto *own = new QTranslator(&app);
    if (!own->load(QLocale(), u"flowkeep"_s, u"_"_s, u":/i18n"_s)) {
        QCoreApplication::installTranslator(new ui::EnglishPlurals(&app));
        return u"en"_s;
    }
    QCoreApplication::installTranslator(own);
    auto *qt = new QTranslator(&app);
    if (qt->load(QLocale(), u"qtbase"_s, u"_"_s,
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
    return own->language();
}

} // namespace

int main(int argc, char *argv[])
{
    base::forbidCoreDumps();
    ::umask(077);
    QApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"flowkeep"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(FLOWKEEP_VERSION));
    const QString language = installTranslations(app);
    const std::optional<Options> options = optionsOf(app);
    if (!options) {
        std::fputs("flowkeep: --theme is light, dark or desktop\n", stderr);
        return 2;
    }
    ui::prepareFonts(app);
    ui::applyTheme(app, options->theme);
    QApplication::setWindowIcon(look::icon(u"app"_s, look::Role::AccentFill));
    engine::Engine engine({.configDirectory = options->configDirectory, .connector = {}});
    EngineBackend backend(engine, language);
    ui::MainWindow window(backend, {options->configDirectory, options->theme, options->demo});
    window.show();
    return QApplication::exec();
}
