#include "core/knowledge/knowledge.h"

#include <QFile>
#include <QSet>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using knowledge::GotrueLine;
using knowledge::GuideKey;
using knowledge::Knowledge;

namespace {

QByteArray file(const QString &path)
{
    QFile file(QStringLiteral(FLOWKEEP_SOURCE_DIR "/") + path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray data(const QString &name)
{
    return file(u"resources/knowledge/"_s + name);
}

base::Result<Knowledge> readWith(const QByteArray &guide)
{
    return Knowledge::fromJson(guide, data(u"gotrue-keys.json"_s), data(u"factory-secrets.json"_s),
                               data(u"public-keys.json"_s));
}

} // namespace

class TestKnowledge : public QObject
{
    Q_OBJECT

private slots:
    void theGuideHas44KeysAndFewOfThemDoAnything()
    {
        const auto &keys = Knowledge::builtIn().guideKeys();
        QCOMPARE(keys.size(), 44U);
        QSet<QByteArray> names;
        for (const GuideKey &key : keys)
            names.insert(key.key);
        QCOMPARE(names.size(), 44);
        QCOMPARE(
            std::ranges::count_if(keys, [](const GuideKey &k) { return k.component.isEmpty(); }),
            38);
        QCOMPARE(std::ranges::count_if(keys, [](const GuideKey &k) { return k.deliveredByVendor; }),
                 2);
        // Written into .env alone, 42 have no effect: what nothing reads, and what nothing
        // delivers.
        QCOMPARE(std::ranges::count_if(keys,
                                       [](const GuideKey &k) {
                                           return k.component.isEmpty() || !k.deliveredByVendor;
                                       }),
                 42);
        QVERIFY(std::ranges::is_sorted(keys, {}, &GuideKey::guideLine));
    }

    void theKeysStandInTheGuideWhereWeSay()
    {
        const Knowledge &knowledge = Knowledge::builtIn();
        QCOMPARE(knowledge.guideKey("GOTRUE_PASSWORD_MIN_LENGTH")->guideLine, 76);
        QCOMPARE(knowledge.guideKey("GOTRUE_LDAP_USER_FILTER")->guideLine, 122);
        QCOMPARE(knowledge.guideKey("LOG_ADMIN_ACTIONS")->guideLine, 266);
        QVERIFY(!knowledge.guideKey("GOTRUE_DISABLE_SIGNUP"));
        QVERIFY(!knowledge.guideKey(""));
    }

    void guideKeysForTheSignInServerAgreeWithItsOwnTable()
    {
        const Knowledge &knowledge = Knowledge::builtIn();
        int read = 0;
        for (const GuideKey &key : knowledge.guideKeys()) {
            if (!key.key.startsWith("GOTRUE_"))
                continue;
            const bool inTable = knowledge.gotrueKey(key.key) != nullptr;
            QCOMPARE(key.component == "gotrue", inTable);
            read += inTable;
        }
        QCOMPARE(read, 4);
    }

    void everyNameThatTheSignInServerReadsIsThere()
    {
        const auto &keys = Knowledge::builtIn().gotrueKeys();
        QSet<QByteArray> names;
        int upstream = 0;
        for (const auto &key : keys) {
            names.insert(key.key);
            upstream += key.key.startsWith("GOTRUE_") && key.since != "fork";
        }
        QCOMPARE(names.size(), keys.size());
        // 475 in the newest release, and five that only older ones read.
        QCOMPARE(upstream, 475 + 5);
    }

    void readingFollowsTheReleaseAForkIsBasedOn_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<std::optional<bool>>("oldFork");
        QTest::addColumn<std::optional<bool>>("newFork");
        QTest::addColumn<std::optional<bool>>("upstream");
        QTest::addColumn<std::optional<bool>>("unknown");
        const std::optional<bool> yes = true;
        const std::optional<bool> no = false;
        const std::optional<bool> open;
        QTest::newRow("oldest") << QByteArray("GOTRUE_PASSWORD_MIN_LENGTH") << yes << yes << yes
                                << yes;
        QTest::newRow("2.120") << QByteArray("GOTRUE_PASSWORD_REQUIRED_CHARACTERS") << yes << yes
                               << open << yes;
        QTest::newRow("between the forks")
            << QByteArray("GOTRUE_HOOK_BEFORE_USER_CREATED_ENABLED") << no << yes << open << open;
        QTest::newRow("newer than both")
            << QByteArray("GOTRUE_PASSKEY_ENABLED") << no << no << open << open;
        QTest::newRow("removed") << QByteArray("GOTRUE_COOKIE_KEY") << yes << no << yes << open;
        QTest::newRow("never existed") << QByteArray("GOTRUE_MFA_REQUIRED") << no << no << no << no;
        QTest::newRow("dropped in 2.158.1")
            << QByteArray("GOTRUE_MFA_ENABLED") << no << no << no << no;
        QTest::newRow("looks right")
            << QByteArray("GOTRUE_API_EXTERNAL_URL") << no << no << no << no;
        QTest::newRow("alias") << QByteArray("API_EXTERNAL_URL") << yes << yes << open << yes;
    }

    void readingFollowsTheReleaseAForkIsBasedOn()
    {
        QFETCH(QByteArray, key);
        QFETCH(std::optional<bool>, oldFork);
        QFETCH(std::optional<bool>, newFork);
        QFETCH(std::optional<bool>, upstream);
        QFETCH(std::optional<bool>, unknown);
        const Knowledge &knowledge = Knowledge::builtIn();
        QVERIFY(knowledge.gotrueReads(key, GotrueLine::OldFork) == oldFork);
        QVERIFY(knowledge.gotrueReads(key, GotrueLine::NewFork) == newFork);
        QVERIFY(knowledge.gotrueReads(key, GotrueLine::Upstream) == upstream);
        QVERIFY(knowledge.gotrueReads(key, GotrueLine::Unknown) == unknown);
    }

    void theDataAreDatedAndSourced()
    {
        const Knowledge &knowledge = Knowledge::builtIn();
        QVERIFY(knowledge.reviewed() >= QDate(2026, 11, 24));
        QVERIFY(knowledge.sources().size() >= 8);
        for (const auto &source : knowledge.sources())
            QVERIFY2(source.url.startsWith(u"https://"_s), qPrintable(source.url));
    }

    void theShippedDevelopmentKeyIsKnown()
    {
        const auto &keys = Knowledge::builtIn().publicKeys();
        QVERIFY(std::ranges::any_of(keys, [](const auto &key) {
            return key.spkiSha256
                == "204e242055a6810abdf483306a7d7d9d72e52044613523800406ae435ca685cd";
        }));
    }

    void damagedDataAreRefused_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("no line") << QByteArray("\"line\": 76") << QByteArray("\"line\": \"76\"");
        QTest::newRow("no mechanism") << QByteArray("\"real\": ") << QByteArray("\"reel\": ");
        QTest::newRow("delivered is no flag")
            << QByteArray("\"delivered\": false") << QByteArray("\"delivered\": 0");
        QTest::newRow("another schema") << QByteArray("guide-keys/1") << QByteArray("guide-keys/2");
        QTest::newRow("no date") << QByteArray("\"reviewed\": \"2026")
                                 << QByteArray("\"reviewed\": \"20xx");
        QTest::newRow("cut") << QByteArray("LOG_ADMIN_ACTIONS\"") << QByteArray();
        QTest::newRow("component is a number")
            << QByteArray("\"component\": \"\"") << QByteArray("\"component\": 1");
    }

    void damagedDataAreRefused()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QByteArray guide = data(u"guide-keys.json"_s);
        QVERIFY(readWith(guide).has_value());
        QVERIFY(guide.contains(from));
        QVERIFY(!readWith(guide.replace(from, to)).has_value());
    }
};

QTEST_GUILESS_MAIN(TestKnowledge)
#include "tst_knowledge.moc"
