#include "core/collect/collect.h"

#include <QProcess>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

struct Ran
{
    QByteArray output;
    QByteArray errors;
    int status = -1;
};

/// What a shell makes of `text` on its stdin.
Ran feed(const QString &shell, const QByteArray &text)
{
    QStringList words = shell.split(u' ') + QStringList{u"-s"_s};
    const QString program = words.takeFirst();
    QProcess process;
    process.start(program, words);
    process.write(text);
    process.closeWriteChannel();
    if (!process.waitForFinished(20'000))
        return {};
    return {process.readAllStandardOutput(), process.readAllStandardError(), process.exitCode()};
}

// Each piece of it shows that it ran.
QByteArray probe()
{
    QByteArray script;
    for (int i = 0; i < 300; ++i)
        script += "echo \"ran 'it'\" $((" + QByteArray::number(i) + "))\n";
    return script;
}

} // namespace

class TestSealed : public QObject
{
    Q_OBJECT

private:
    static void shells()
    {
        QTest::addColumn<QString>("shell");
        for (const char *shell : {"dash", "bash", "busybox sh"})
            QTest::newRow(shell) << QString::fromLatin1(shell);
    }

private slots:
    void theWholeRuns_data() { shells(); }
    void theWholeRuns()
    {
        QFETCH(const QString, shell);
        const Ran ran = feed(shell, collect::sealed(probe()));
        QCOMPARE(ran.status, 0);
        QCOMPARE(ran.output.count('\n'), 300);
        QVERIFY(ran.output.endsWith("ran 'it' 299\n"));
        QCOMPARE(ran.errors, QByteArray());
    }

    void theCollectorIsReached_data() { shells(); }
    void theCollectorIsReached()
    {
        QFETCH(const QString, shell);
        // It refuses this nonce, with a status of its own.
        const Ran ran = feed(shell, "FK_NONCE=_\n" + collect::sealed(collect::collectorScript()));
        QVERIFY(ran.status != 3);
        QCOMPARE(ran.output, QByteArray());
        QCOMPARE(ran.errors, QByteArray());
    }

    void aPartRunsNothing_data() { shells(); }
    void aPartRunsNothing()
    {
        QFETCH(const QString, shell);
        const QByteArray whole = collect::sealed(probe());
        const qsizetype size = whole.size() - 1; // the last line end may be lost
        QVERIFY(whole.count('\n') > 10);
        for (qsizetype at = 0; at < size; at += at + 400 < size ? 397 : 7) {
            const Ran beginning = feed(shell, whole.first(at));
            QCOMPARE(beginning.output, QByteArray());
            const Ran end = feed(shell, whole.sliced(at + 1));
            QCOMPARE(end.output, QByteArray());
            const Ran hole = feed(shell, whole.first(at) + whole.sliced(std::min(at + 1500, size)));
            QCOMPARE(hole.output, QByteArray());
        }
    }

    void aChangedLetterRunsNothing_data() { shells(); }
    void aChangedLetterRunsNothing()
    {
        QFETCH(const QString, shell);
        QByteArray whole = collect::sealed(probe());
        const qsizetype at = whole.indexOf("${fk_sealed}") + 500;
        whole[at] = whole[at] == 'A' ? 'B' : 'A';
        const Ran ran = feed(shell, whole);
        QCOMPARE(ran.output, QByteArray());
        QCOMPARE(ran.status, 3);
        QVERIFY(ran.errors.contains("did not arrive whole"));
    }
};

QTEST_GUILESS_MAIN(TestSealed)
#include "tst_sealed.moc"
