#include "core/config/envfile.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using config::EnvAssignment;
using config::EnvDocument;
using config::parseEnv;
using Quote = config::EnvAssignment::Quote;

namespace {

/// "KEY=value|" for every assignment, in order.
QByteArray summary(const QByteArray &text)
{
    QByteArray all;
    const EnvDocument document = parseEnv(text);
    for (const EnvAssignment &entry : document.assignments)
        all += entry.key + (entry.inherited ? QByteArray("?") : QByteArray('=' + entry.value))
            + '|';
    if (document.errorLine)
        all += "error " + QByteArray::number(*document.errorLine);
    return all;
}

QByteArray randomText(QRandomGenerator &random)
{
    static const QList<QByteArray> pieces{"KEY", "A",      "B",     "=",    ":",    "\n", "\r\n",
                                          " ",   "\t",     "#",     " #",   "\"",   "'",  "\\",
                                          "\\n", "export", "$X",    "${Y}", "$$",   "é",  "\xff",
                                          "val", "=x",     "\n#\n", "-",    "A=1\n"};
    QByteArray text = random.bounded(8) == 0 ? "\xef\xbb\xbf"_ba : QByteArray();
    for (int i = random.bounded(25); i > 0; --i)
        text += pieces[random.bounded(pieces.size())];
    return text;
}

QByteArray randomValue(QRandomGenerator &random)
{
    QByteArray value;
    for (int i = random.bounded(10); i > 0; --i)
        value += "ab 1'\"\\$#\n\r\t{}=:\xc3"[random.bounded(17)];
    return value;
}

} // namespace

class EnvFile : public QObject
{
    Q_OBJECT

private slots:
    void readsAsComposeDoes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const QByteArray &text, const QByteArray &expected) {
            QTest::newRow(name) << text << expected;
        };
        row("plain", "A=b\nC=d\n", "A=b|C=d|");
        row("no final newline", "A=b", "A=b|");
        row("empty", "A=\nB=''\nC=\"\"\n", "A=|B=|C=|");
        row("empty file", "", "");
        row("blank lines and comments", "\n  \n# A=b\n  # c\nD=e\n", "D=e|");
        row("spaces around", "  A = b c \t\n", "A=b c|");
        row("inline comment", "A=b # c\nD=e#f\n", "A=b|D=e#f|");
        row("comment needs a space, no tab", "A=b\t# c\n", "A=b\t# c|");
        row("hash first", "A=#b\n", "A=#b|");
        row("crlf", "A=b\r\nC=d\r\n", "A=b|C=d|");
        row("bom",
            "\xef\xbb\xbf"
            "A=b\n",
            "A=b|");
        row("export", "export A=b\nexport\tC=d\nexported=e\nexport=f\n",
            "A=b|C=d|exported=e|export=f|");
        row("colon", "A: b\n", "A=b|");
        row("inherited", "A\nB=c\n", "A?|B=c|");
        row("duplicates", "A=1\nA=2\n", "A=1|A=2|");
        row("single", "A='b # $c \\n \\' d' # e\n", "A=b # $c \\n ' d|");
        row("double", "A=\"b # \\\"c\\\" \\n \\\\ \\t \\$x\" # e\n", "A=b # \"c\" \n \\ \t $$x|");
        row("octal", "A=\"\\0101\\08\"\n", "A=A\\08|");
        row("other escapes stay", "A=\"\\q\\x41\"\n", "A=\\q\\x41|");
        row("several lines", "A=\"b\nc\"\nD=e\n", "A=b\nc|D=e|");
        row("several lines crlf", "A='b\r\nc'\r\nD=e\r\n", "A=b\nc|D=e|");
        row("quote inside", "A=b\"c\"\n", "A=b\"c\"|");
        row("two on a line", "A='b' C=d\n", "A=b|C=d|");
        row("equals in value", "A=b=c\n", "A=b=c|");
        row("open quote", "A=b\nC=\"d\nE=f\n", "A=b|error 4");
        row("space in key", "A=b\nC D=e\n", "A=b|error 2");
        row("bad character", "A=b\n\nC!=e\n", "A=b|error 3");
        row("no key", "=b\n", "error 1");
        row("dots and dashes", "a.b-c=d\n", "a.b-c=d|");
    }

    void readsAsComposeDoes()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(summary(text), expected);
        QCOMPARE(parseEnv(text).text, text);
    }

    void knowsPlaces()
    {
        const QByteArray text = "# c\nexport A = 'b'  # d\nC=d\n";
        const EnvDocument document = parseEnv(text);
        const EnvAssignment &a = document.assignments[0];
        QCOMPARE(a.line, 2);
        QVERIFY(a.exported);
        QCOMPARE(a.quote, Quote::Single);
        QCOMPARE(text.sliced(a.begin, a.end - a.begin), "export A = 'b'"_ba);
        QCOMPARE(text.sliced(a.valueBegin, a.valueEnd - a.valueBegin), "'b'"_ba);
        QCOMPARE(document.assignments[1].line, 3);
        QCOMPARE(document.find("C")->value, "d"_ba);
        QVERIFY(!document.find("c"));
    }

    void lastDuplicateCounts() { QCOMPARE(parseEnv("A=1\nA=2\n").find("A")->value, "2"_ba); }

    void knowsWhatIsReplaced()
    {
        const auto replaced = [](const QByteArray &value) {
            return parseEnv("A=" + value + '\n').assignments[0].interpolates();
        };
        QVERIFY(replaced("${B}") && replaced("x$B") && replaced("\"$B\""));
        QVERIFY(!replaced("'$B'") && !replaced("a$$b") && !replaced("\"\\$B\"") && !replaced("b$"));
    }

    void editsTouchOneSpan_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("after");
        const auto row
            = [](const char *name, const QByteArray &before, const QByteArray &value,
                 const QByteArray &after) { QTest::newRow(name) << before << value << after; };
        row("in place", "X=1\nA=b # why\nY=2\n", "c", "X=1\nA=c # why\nY=2\n");
        row("last of two", "A=1\nA=2\n", "3", "A=1\nA=3\n");
        row("quoted before", "A=\"b c\" # d\n", "e", "A=e # d\n");
        row("needs quotes", "A=b\n", "c d", "A='c d'\n");
        row("dollar is data", "A=b\n", "c$d", "A='c$d'\n");
        row("single quote", "A=b\n", "it's $5", "A=\"it's \\$5\"\n");
        row("backslash", "A=b\n", "c\\", "A=\"c\\\\\"\n");
        row("empty", "A=b\n", "", "A=\n");
        row("several lines", "A=\"b\nc\"\nX=1\n", "d", "A=d\nX=1\n");
        row("appended", "X=1\n", "c", "X=1\nA=c\n");
        row("appended without newline", "X=1", "c", "X=1\nA=c\n");
        row("appended crlf", "X=1\r\n", "c", "X=1\r\nA=c\r\n");
        row("in place crlf", "A=1\r\nX=2\r\n", "c", "A=c\r\nX=2\r\n");
        row("new file", "", "c", "A=c\n");
        row("inherited", "A\nX=1\n", "c", "A=c\nX=1\n");
        row("export kept", "export A=b\n", "c", "export A=c\n");
        row("bom kept",
            "\xef\xbb\xbf"
            "A=b\n",
            "c",
            "\xef\xbb\xbf"
            "A=c\n");
        row("two on a line", "A='b' C=d\n", "e f", "A='e f' C=d\n");
        row("comment mark", "A=b\n", "c #d", "A='c #d'\n");
    }

    void editsTouchOneSpan()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, after);
        const auto edited = withValue(parseEnv(before), "A", value);
        QVERIFY(edited);
        QCOMPARE(*edited, after);
    }

    void removals()
    {
        const auto removed = [](const QByteArray &text) {
            return withoutKey(parseEnv(text), "A").value_or("refused");
        };
        QCOMPARE(removed("X=1\nA=b # c\nY=2\n"), "X=1\nY=2\n"_ba);
        QCOMPARE(removed("A=1\nX=1\n  export A=2\n"), "X=1\n"_ba);
        QCOMPARE(removed("A=\"b\nc\"\r\nX=1"), "X=1"_ba);
        QCOMPARE(removed("X=1\nA=b"), "X=1\n"_ba);
        QCOMPARE(removed("A='b' C=d\n"), " C=d\n"_ba);
        QCOMPARE(removed("X=1\n"), "X=1\n"_ba);
        QCOMPARE(removed("A=\"b\n"), "refused"_ba);
    }

    void refusals()
    {
        QVERIFY(!withValue(parseEnv("A=b\n"), "A B", "c"));
        QVERIFY(!withValue(parseEnv("A=b\n"), "1A", "c"));
        QVERIFY(!withValue(parseEnv("A=b\n"), "", "c"));
        QVERIFY(!withValue(parseEnv("A=b\n"), "A", QByteArray("\0", 1)));
        QVERIFY(!withValue(parseEnv("A=\"b\n"), "A", "c"));
    }

    void randomFilesKeepTheirPlaces()
    {
        QRandomGenerator random(1);
        for (int round = 0; round < 20000; ++round) {
            const QByteArray text = randomText(random);
            const EnvDocument document = parseEnv(text);
            QCOMPARE(document.text, text);
            qsizetype at = 0;
            for (const EnvAssignment &entry : document.assignments) {
                QVERIFY(entry.begin >= at && entry.valueBegin >= entry.begin
                        && entry.valueEnd >= entry.valueBegin && entry.end == entry.valueEnd
                        && entry.end <= text.size());
                QVERIFY(text.sliced(entry.begin).contains(entry.key));
                at = entry.end;
            }
        }
    }

    void randomEditsChangeOnlyTheirKey()
    {
        QRandomGenerator random(2);
        int edited = 0;
        for (int round = 0; round < 20000; ++round) {
            const EnvDocument document = parseEnv(randomText(random));
            const QByteArray value = randomValue(random);
            if (const auto text = withValue(document, "KEY", value)) {
                ++edited;
                const EnvDocument after = parseEnv(*text);
                QByteArray read = after.find("KEY")->value;
                if (after.find("KEY")->quote == Quote::Double)
                    read.replace("$$", "$");
                QCOMPARE(read, value);
                // Setting it again changes nothing more.
                QCOMPARE(withValue(after, "KEY", value), text);
                const auto gone = withoutKey(after, "KEY");
                QVERIFY(!gone || !parseEnv(*gone).find("KEY"));
            }
        }
        QVERIFY2(edited > 2000, qPrintable(QString::number(edited)));
    }
};

QTEST_APPLESS_MAIN(EnvFile)
#include "tst_envfile.moc"
