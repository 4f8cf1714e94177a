// Every screen and dialog without a mouse and without eyes: what can have the focus has a name, and
// Tab reaches it.

#include "tests/ui/support/screens.h"
#include "tests/ui/support/suite.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

/// What a screen reader would say.
QString spoken(QWidget *widget)
{
    QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
    return interface == nullptr ? QString() : interface->text(QAccessible::Name);
}

QString described(const QWidget *widget)
{
    return QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName();
}

bool interactive(const QWidget *widget)
{
    return qobject_cast<const QAbstractButton *>(widget) || qobject_cast<const QLineEdit *>(widget)
        || qobject_cast<const QComboBox *>(widget)
        || qobject_cast<const QAbstractItemView *>(widget)
        || qobject_cast<const QAbstractSpinBox *>(widget);
}

/// Parts that Qt makes inside its own fields: the field answers for them.
bool insideAField(const QWidget *widget)
{
    for (const QWidget *parent = widget->parentWidget(); parent != nullptr;
         parent = parent->parentWidget()) {
        if (qobject_cast<const QLineEdit *>(parent) || qobject_cast<const QComboBox *>(parent)
            || qobject_cast<const QAbstractSpinBox *>(parent))
            return true;
    }
    return widget->objectName().startsWith(u"qt_"_s);
}

} // namespace

class TestAccess : public QObject
{
    Q_OBJECT

private slots:
    void focusableWidgetsHaveNames_data() { screens::rows(); }
    void focusableWidgetsHaveNames();
    void tabReachesEverything_data() { screens::rows(); }
    void tabReachesEverything();
};

void TestAccess::focusableWidgetsHaveNames()
{
    QFETCH(bool, isDialog);
    Screen screen;
    screens::open(screen, QString::fromLatin1(QTest::currentDataTag()), isDialog);
    int checked = 0;
    for (QWidget *widget : screen.window->findChildren<QWidget *>()) {
        if (widget->focusPolicy() == Qt::NoFocus || insideAField(widget))
            continue;
        QVERIFY2(!spoken(widget).trimmed().isEmpty(), qPrintable(described(widget)));
        ++checked;
    }
    QVERIFY(checked > 0);
}

void TestAccess::tabReachesEverything()
{
    QFETCH(bool, isDialog);
    Screen screen;
    screens::open(screen, QString::fromLatin1(QTest::currentDataTag()), isDialog);
    QSet<const QWidget *> reached;
    const QWidget *at = QApplication::focusWidget();
    QVERIFY2(at != nullptr, "nothing has the focus");
    while (at != nullptr && !reached.contains(at)) {
        reached.insert(at);
        QTest::keyClick(screen.window.get(), Qt::Key_Tab);
        at = QApplication::focusWidget();
    }
    for (const QWidget *widget : screen.window->findChildren<QWidget *>()) {
        if (!interactive(widget) || !widget->isVisible() || !widget->isEnabled()
            || insideAField(widget))
            continue;
        const QWidget *field = widget->focusProxy() != nullptr ? widget->focusProxy() : widget;
        QVERIFY2(reached.contains(field), qPrintable(described(widget)));
    }
}

int runAccessTests(int argc, char **argv)
{
    TestAccess test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_access.moc"
