#include "core/base/deadline.h"
#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/secretbytes.h"
#include "core/base/untrustedtext.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using base::SecretBytes;
using base::UntrustedText;

class TestBase : public QObject
{
    Q_OBJECT

private slots:
    void jsonIsHarmlessOnATerminal()
    {
        const QString odd = u"a\u009b\u202e\u2028\x7f\n\u200b z\u00e4\U0001f600\U000e0041"_s;
        const QByteArray text = base::jsonText({{u"k\u202e"_s, odd}});
        QVERIFY(std::ranges::none_of(QString::fromUtf8(text).remove(u'\n').toUcs4(),
                                     base::isHazardous));
        QVERIFY(text.contains("z\u00e4\U0001f600"));
        QCOMPARE(QJsonDocument::fromJson(text).object(), QJsonObject({{u"k\u202e"_s, odd}}));
    }

    void everyStageAndKindHasItsOwnName()
    {
        QSet<QString> stages;
        for (int i = 0; i <= static_cast<int>(base::Stage::File); ++i)
            stages.insert(base::stageName(static_cast<base::Stage>(i)));
        QCOMPARE(stages.size(), static_cast<int>(base::Stage::File) + 1);
        QVERIFY(stages.contains(u"host-key"_s));

        QSet<QString> kinds;
        for (int i = 0; i <= static_cast<int>(base::ErrorKind::Internal); ++i)
            kinds.insert(base::kindName(static_cast<base::ErrorKind>(i)));
        QCOMPARE(kinds.size(), static_cast<int>(base::ErrorKind::Internal) + 1);
    }

    void aFailureTravelsBetweenResults()
    {
        const base::Result<int> first
            = base::fail(base::ErrorKind::TimedOut, base::Stage::Tcp, u"host"_s);
        const base::Result<QString> second = base::fail(first);
        QVERIFY(!second);
        QCOMPARE(second.error().kind, base::ErrorKind::TimedOut);
        QCOMPARE(second.error().what, u"host"_s);
    }

    void secretsMoveAndAreWiped()
    {
        SecretBytes secret{QByteArrayView("hunter2")};
        const char *where = secret.data();
        SecretBytes moved = std::move(secret);
        QCOMPARE(moved.data(), where);
        QCOMPARE(moved.view().toByteArray(), QByteArray("hunter2"));
        QVERIFY(
            secret.isEmpty()); // NOLINT(bugprone-use-after-move): the moved-from state is the test
        QCOMPARE(moved.clone().view().toByteArray(), QByteArray("hunter2"));
        QCOMPARE(moved.data()[moved.size()], '\0');
        QCOMPARE(moved.asLine().view().toByteArray(), QByteArray("hunter2\n"));
        QCOMPARE(SecretBytes().asLine().view().toByteArray(), QByteArray("\n"));
    }

    void aPasswordFieldIsEmptiedWhenTaken()
    {
        QString field = u"pässword"_s;
        const SecretBytes secret = SecretBytes::fromPasswordField(field);
        QVERIFY(field.isEmpty());
        QCOMPARE(secret.view().toByteArray(), u"pässword"_s.toUtf8());
    }

    void aSecretThatIsNotOneLineIsRecognised_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("fits");
        QTest::newRow("plain") << QByteArray("a b;#'\"") << true;
        QTest::newRow("empty") << QByteArray("") << true;
        QTest::newRow("newline") << QByteArray("a\nb") << false;
        QTest::newRow("return") << QByteArray("a\r") << false;
        QTest::newRow("nul") << QByteArray("a\0b", 3) << false;
    }

    void aSecretThatIsNotOneLineIsRecognised()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const bool, fits);
        QCOMPARE(SecretBytes(bytes).fitsOneLine(), fits);
    }

    void hostileTextIsShownHarmless_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("display");
        QTest::addColumn<QString>("terminal");
        QTest::newRow("plain") << QByteArray("notes.example") << u"notes.example"_s
                               << u"notes.example"_s;
        QTest::newRow("escape") << QByteArray("\x1b[2Jx") << u"\ufffd[2Jx"_s << u"\\x1b[2Jx"_s;
        QTest::newRow("C1") << QByteArray("\xc2\x9bx") << u"\ufffdx"_s << u"\\x9bx"_s;
        QTest::newRow("bidi") << QByteArray("a\xe2\x80\xae"
                                            "b")
                              << u"a\ufffdb"_s << u"a\\u{202e}b"_s;
        QTest::newRow("zero width") << QByteArray("a\xe2\x80\x8b"
                                                  "b")
                                    << u"a\ufffdb"_s << u"a\\u{200b}b"_s;
        QTest::newRow("lines") << QByteArray("a\nb\tc") << u"a b c"_s << u"a\\x0ab\\x09c"_s;
        QTest::newRow("invalid") << QByteArray("a\xff") << u"a\ufffd"_s << u"a\ufffd"_s;
        QTest::newRow("markup") << QByteArray("<b>&amp;") << u"<b>&amp;"_s << u"<b>&amp;"_s;
        QTest::newRow("tag") << QByteArray("\xf3\xa0\x80\x81") << u"\ufffd"_s << u"\\u{e0001}"_s;
    }

    void hostileTextIsShownHarmless()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, display);
        QFETCH(const QString, terminal);
        QCOMPARE(UntrustedText(bytes).display(), display);
        QCOMPARE(UntrustedText(bytes).terminal(), terminal);
    }

    void linesKeepBreaksOnly()
    {
        QCOMPARE(UntrustedText(QByteArray("a\r\nb\tc\x07")).lines(), u"a\nb c\ufffd"_s);
    }

    void longTextIsCut()
    {
        const QByteArray flood(3 * 1024 * 1024, 'x');
        QCOMPARE(UntrustedText(flood).display(10), u"xxxxxxxxxx…"_s);
        QCOMPARE(UntrustedText(flood).terminal(10), u"xxxxxxxxxx…"_s);
        QCOMPARE(UntrustedText(QByteArray("xxxxxxxxxx")).display(10), u"xxxxxxxxxx"_s);
    }

    void noRandomBytesComeThroughHazardous()
    {
        QRandomGenerator random(20261125);
        for (int round = 0; round < 2000; ++round) {
            QByteArray bytes(random.bounded(60), Qt::Uninitialized);
            for (char &byte : bytes)
                byte = static_cast<char>(random.bounded(256));
            for (const char32_t c : UntrustedText(bytes).display().toUcs4())
                QVERIFY2(!base::isHazardous(c), bytes.toHex().constData());
            for (const char32_t c : UntrustedText(bytes).terminal().toUcs4())
                QVERIFY2(!base::isHazardous(c), bytes.toHex().constData());
        }
    }

    void deadlinesCompareAndExpire()
    {
        QVERIFY(!base::Deadline::never().expired());
        QVERIFY(base::Deadline::never().remaining() > 24h);
        const base::Deadline soon = base::Deadline::after(0ms);
        QVERIFY(soon.expired());
        QCOMPARE(soon.remaining().count(), 0);
        QVERIFY(base::Deadline::after(1h).soonerOf(soon).expired());
        QVERIFY(!base::Deadline::after(1h).soonerOf(base::Deadline::never()).expired());
    }

    void interruptsKnowBothReasons()
    {
        std::stop_source source;
        const base::Interrupt interrupt{source.get_token(), base::Deadline::never()};
        QVERIFY(!interrupt.requested());
        QVERIFY(interrupt.within(0ms).requested());
        source.request_stop();
        QVERIFY(interrupt.requested());
    }
};

QTEST_APPLESS_MAIN(TestBase)
#include "tst_base.moc"
