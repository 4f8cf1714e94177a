#include "app/cli/session.h"
#include "app/cli/signals.h"
#include "core/base/process.h"
#include "core/engine/messages.h"

#include <QGuiApplication>

#include <memory>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace {

/// Only a PDF needs fonts, and with them a platform: one without a display.
std::unique_ptr<QCoreApplication>
makeApplication(const cli::Arguments &arguments, int &count, char **words)
{
    if (arguments.command != cli::Command::Report || arguments.format != "pdf"_L1)
        return std::make_unique<QCoreApplication>(count, words);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    return std::make_unique<QGuiApplication>(count, words);
}

} // namespace

int main(int argc, char *argv[])
{
    base::forbidCoreDumps();
    ::umask(077);
    const cli::Signals signalled;

    QStringList words;
    for (int i = 1; i < argc; ++i)
        words += QString::fromLocal8Bit(argv[i]);
    const base::Result<cli::Arguments> arguments = cli::parseArguments(words);
    if (!arguments)
        return cli::complain(arguments.error(), cli::wantsJson(words));

    int one = 1; // Qt's own options are not ours
    const std::unique_ptr<QCoreApplication> application = makeApplication(*arguments, one, argv);
    QCoreApplication::setApplicationName(u"flowkeep"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(FLOWKEEP_VERSION));

    const QString configDirectory = arguments->configDirectory.isEmpty()
        ? engine::standardConfigDirectory()
        : arguments->configDirectory;
    cli::Terminal terminal(signalled.token());
    engine::Engine engine({.configDirectory = configDirectory, .connector = {}});
    engine.onDatabaseSetAside([&terminal](const QString &file) {
        terminal.note(u"flowkeep-cli: "_s + engine::setAsideLine(file));
    });
    return cli::runCommand({*arguments, engine, terminal, signalled.token(), configDirectory});
}
