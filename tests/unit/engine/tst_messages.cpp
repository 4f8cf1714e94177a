#include "core/base/untrustedtext.h"
#include "core/engine/messages.h"

#include <QTest>

#include <set>

using namespace Qt::StringLiterals;

class TestMessages : public QObject
{
    Q_OBJECT

private slots:
    void everyKindAtEveryStage();
    void everyKindHasItsOwnText();
    void translationIsAskedForBothParts();
    void oneLineIsOneHarmlessLine();
    void aPercentInTheNameIsNoPlaceholder();
    void aDatabaseSetAsideIsNamed();
};

namespace {

template <typename Visit>
void everyKind(Visit visit)
{
    for (int kind = 0; kind <= int(base::ErrorKind::Internal); ++kind)
        visit(base::ErrorKind(kind));
}

} // namespace

void TestMessages::everyKindAtEveryStage()
{
    everyKind([](base::ErrorKind kind) {
        for (int stage = 0; stage <= int(base::Stage::File); ++stage) {
            const QString where
                = base::kindName(kind) + u" at "_s + base::stageName(base::Stage(stage));
            for (const QString &name : {QString(), u"alpha"_s}) {
                const engine::Message text = engine::message({kind, base::Stage(stage), name, {}});
                QVERIFY2(!text.what.isEmpty() && !text.next.isEmpty(), qPrintable(where));
                QVERIFY2(!text.what.contains(u'%'), qPrintable(where));
                QVERIFY2(!text.what.contains(u'!') && !text.next.contains(u'!'), qPrintable(where));
                QVERIFY2(!text.what.endsWith(u'.') && !text.next.endsWith(u'.'), qPrintable(where));
                if (!name.isEmpty() && kind != base::ErrorKind::Internal)
                    QVERIFY2(text.what.contains(name), qPrintable(where + u": "_s + text.what));
            }
        }
    });
}

void TestMessages::everyKindHasItsOwnText()
{
    std::set<QString> seen;
    everyKind([&](base::ErrorKind kind) {
        const engine::Message text = engine::message({kind, base::Stage::Plan, {}, {}});
        QVERIFY2(seen.insert(text.what).second, qPrintable(base::kindName(kind)));
    });
}

void TestMessages::translationIsAskedForBothParts()
{
    QStringList asked;
    const engine::Message text = engine::message(
        {base::ErrorKind::FileExists, base::Stage::File, u"x.pdf"_s, {}}, [&](const char *source) {
            asked += QString::fromUtf8(source);
            return u"<%1>"_s;
        });
    QCOMPARE(text.what, u"<x.pdf>"_s);
    QCOMPARE(asked.size(), 2);
}

void TestMessages::oneLineIsOneHarmlessLine()
{
    const QString line = engine::oneLine(
        {base::ErrorKind::ConnectionRefused, base::Stage::Tcp, u"evil\x1b[2J\nhost\u202e"_s, {}});
    QVERIFY(line.startsWith(u"tcp: evil"_s));
    QVERIFY(line.contains(u"; check the port"_s));
    for (const QChar c : line)
        QVERIFY2(!base::isHazardous(c.unicode()), qPrintable(line));
}

void TestMessages::aPercentInTheNameIsNoPlaceholder()
{
    const engine::Message text = engine::message(
        {base::ErrorKind::FileNotFound, base::Stage::File, u"a%1b%L2.json"_s, {}});
    QVERIFY(text.what.contains(u"a%1b%L2.json"_s));
}

void TestMessages::aDatabaseSetAsideIsNamed()
{
    QCOMPARE(engine::setAsideMessage(u"/x/a%1b"_s).what,
             u"The damaged database is set aside as /x/a%1b"_s);
    const QString line = engine::setAsideLine(u"/x\x1b[2J"_s);
    QVERIFY(line.startsWith(u"file: the damaged database is set aside as /x"_s));
    QVERIFY(line.contains(u"; an empty one is in its place"_s));
    for (const QChar c : line)
        QVERIFY2(!base::isHazardous(c.unicode()), qPrintable(line));
}

QTEST_GUILESS_MAIN(TestMessages)
#include "tst_messages.moc"
