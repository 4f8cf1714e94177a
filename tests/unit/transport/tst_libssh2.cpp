#include "suites.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <libssh2.h>

using namespace Qt::StringLiterals;

/// The version number does not tell whether the distribution's security patches are in.
class Libssh2Tests : public QObject
{
    Q_OBJECT

private slots:
    void isNewEnough() { QVERIFY(libssh2_version(0x010b00) != nullptr); }

    /// Every line that a patch adds stands in the tree that was compiled.
    void everyPatchIsApplied()
    {
        const QString tree = QStringLiteral(FLOWKEEP_LIBSSH2_TREE);
        if (tree.isEmpty())
            QSKIP("built with the system's libssh2, which the distribution patches");
        QFile series(tree + u"/debian/patches/series"_s);
        QVERIFY2(series.open(QIODevice::ReadOnly), qPrintable(series.fileName()));
        int patches = 0;
        for (const QByteArray &line : series.readAll().split('\n')) {
            if (line.isEmpty() || line.startsWith('#'))
                continue;
            ++patches;
            verifyPatch(tree, QString::fromUtf8(line.split(' ').first()));
        }
        QVERIFY(patches > 0);
    }

private:
    static void verifyPatch(const QString &tree, const QString &name)
    {
        QFile patch(tree + u"/debian/patches/"_s + name);
        QVERIFY2(patch.open(QIODevice::ReadOnly), qPrintable(name));
        QByteArray content;
        int missing = 0;
        int added = 0;
        for (const QByteArray &line : patch.readAll().split('\n')) {
            if (line.startsWith("+++ ")) {
                const QString path
                    = QString::fromUtf8(line.mid(4).split('\t').first()).section(u'/', 1);
                QFile file(tree + u'/' + path);
                content = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
            } else if (line.startsWith('+') && line.trimmed().size() > 12) {
                ++added;
                // A later patch may change a line again; one that is not applied at all misses
                // most.
                missing += content.contains(line.mid(1)) ? 0 : 1;
            }
        }
        QVERIFY2(missing * 4 <= added,
                 qPrintable(u"%1: %2 of %3 lines missing"_s.arg(name).arg(missing).arg(added)));
    }
};

int runLibssh2Tests(const QStringList &arguments)
{
    Libssh2Tests tests;
    return QTest::qExec(&tests, arguments);
}

#include "tst_libssh2.moc"
