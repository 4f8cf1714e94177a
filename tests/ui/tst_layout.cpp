// Every screen and dialog, wide and narrow: nothing lies on something else, nothing is cut.

#include "tests/ui/support/screens.h"
#include "tests/ui/support/suite.h"
#include "ui/parts/label.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QLabel>
#include <QMainWindow>
#include <QScrollArea>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

QString described(const QWidget *widget)
{
    const auto *label = qobject_cast<const QLabel *>(widget);
    const QRect at = widget->geometry();
    return u"%1 %2 '%3' at %4,%5 %6x%7"_s.arg(
        QString::fromLatin1(widget->metaObject()->className()), widget->objectName(),
        label != nullptr ? label->text() : QString(), QString::number(at.x()),
        QString::number(at.y()), QString::number(at.width()), QString::number(at.height()));
}

/// The children that a layout places: Qt's own parts inside its widgets lie where Qt wants them.
QWidgetList placed(const QWidget *parent)
{
    QWidgetList children;
    if (parent->layout() == nullptr || qobject_cast<const QMainWindow *>(parent))
        return children;
    for (QObject *child : parent->children()) {
        auto *widget = qobject_cast<QWidget *>(child);
        if (widget != nullptr && widget->isVisible() && !widget->isWindow())
            children << widget;
    }
    return children;
}

/// Where the words of a widget do not have the room they need, which.
QString cut(const QWidget *widget)
{
    if (const auto *label = qobject_cast<const QLabel *>(widget)) {
        if (qobject_cast<const ui::ElidedLabel *>(label) || label->text().isEmpty())
            return {};
        const QSize needed = label->wordWrap() ? QSize(0, label->heightForWidth(label->width()))
                                               : label->sizeHint();
        if (label->width() < needed.width() || label->height() < needed.height())
            return described(widget);
    }
    if (widget->layout() == nullptr && widget->hasHeightForWidth()
        && widget->height() < widget->heightForWidth(widget->width()))
        return described(widget);
    if (qobject_cast<const QAbstractButton *>(widget)
        && widget->sizePolicy().horizontalPolicy() != QSizePolicy::Preferred
        && widget->width() < widget->minimumSizeHint().width())
        return described(widget);
    return {};
}

/// The first fault of a window, or nothing.
QString fault(const QWidget *window)
{
    for (const QWidget *parent : window->findChildren<QWidget *>()) {
        const QWidgetList children = placed(parent);
        for (qsizetype i = 0; i < children.size(); ++i) {
            if (const QString words = cut(children[i]); !words.isEmpty())
                return words + u" is cut"_s;
            if (!parent->rect().contains(children[i]->geometry()))
                return described(children[i]) + u" leaves "_s + described(parent);
            for (qsizetype j = i + 1; j < children.size(); ++j) {
                if (children[i]->geometry().intersects(children[j]->geometry()))
                    return described(children[i]) + u" lies on "_s + described(children[j]);
            }
        }
    }
    return {};
}

} // namespace

class TestLayout : public QObject
{
    Q_OBJECT

private slots:
    void nothingOverlapsOrIsCut_data() { screens::rows(); }
    void nothingOverlapsOrIsCut();
};

void TestLayout::nothingOverlapsOrIsCut()
{
    QFETCH(bool, isDialog);
    Screen screen;
    screens::open(screen, QString::fromLatin1(QTest::currentDataTag()), isDialog);
    // Text finds its height in rounds of the layout.
    QTRY_COMPARE_WITH_TIMEOUT(fault(screen.window.get()), QString(), 3000);
    if (isDialog)
        return;
    for (const QSize size : {QSize(1024, 700), QSize(1600, 1000)}) {
        screen.window->resize(size);
        QTRY_COMPARE_WITH_TIMEOUT(fault(screen.window.get()), QString(), 3000);
    }
}

int runLayoutTests(int argc, char **argv)
{
    TestLayout test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_layout.moc"
