#include "tests/ui/support/suite.h"
#include "ui/theme.h"
#include "ui/words.h"

#include <QApplication>

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    ui::prepareFonts(app);
    ui::applyTheme(app, look::Theme::Light);
    ui::EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    int failed = runModelTests(argc, argv);
    failed += runDialogTests(argc, argv);
    failed += runWindowTests(argc, argv);
    failed += runAccessTests(argc, argv);
    failed += runLayoutTests(argc, argv);
    return failed;
}
