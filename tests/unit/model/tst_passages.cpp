#include "core/model/passages.h"

#include <QTest>

using namespace Qt::StringLiterals;
using model::Passage;

class TestPassages : public QObject
{
    Q_OBJECT

private slots:
    void blocksKeepTheirOwnIndentation()
    {
        const std::vector<Passage> found = model::passages(u"Write this:\n\n    a:\n      b: 1\n\n"
                                                           "    run it\n\nThen that."_s);
        const std::vector<Passage> wanted{{false, u"Write this:"_s},
                                          {true, u"a:\n  b: 1"_s},
                                          {true, u"run it"_s},
                                          {false, u"Then that."_s}};
        QVERIFY(found == wanted);
    }

    void aBlockIsMarkedOnEveryLine()
    {
        const std::vector<Passage> found = model::passages(u"    a:\n   b: 1"_s);
        QCOMPARE(found.size(), 1u);
        QVERIFY(!found[0].code);
        QCOMPARE(found[0].text, u"    a:\n   b: 1"_s);
    }

    void nothingIsNothing()
    {
        QVERIFY(model::passages({}).empty());
        QVERIFY(model::passages(u"\n\n\n\n"_s).empty());
    }
};

QTEST_APPLESS_MAIN(TestPassages)
#include "tst_passages.moc"
