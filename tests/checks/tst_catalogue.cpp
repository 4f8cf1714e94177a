#include "tests/checks/scenarios.h"

#include "core/facts/sectiontable.h"

#include <QDate>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;
using model::CheckInfo;

class TestCatalogue : public QObject
{
    Q_OBJECT

private slots:
    void idsAreUniqueAndFound()
    {
        QSet<QString> ids;
        static const QRegularExpression form(
            u"^(INV|TLS|HDR|AUTH|SSO|DATA|NET|LOG|MON|BAK|GOV)-\\d\\d$"_s);
        for (const checks::Check &check : checks::catalogue()) {
            QVERIFY2(form.match(check.info.id).hasMatch(), qPrintable(check.info.id));
            QVERIFY(!ids.contains(check.info.id));
            ids.insert(check.info.id);
            QCOMPARE(checks::find(check.info.id), &check);
            QVERIFY(check.evaluate);
        }
        QCOMPARE(ids.size(), 12);
        QVERIFY(!checks::find(u"TLS-1"));
        QVERIFY(!checks::find({}));
    }

    void theNewestReviewNamesTheCatalogue()
    {
        QString newest;
        for (const checks::Check &check : checks::catalogue()) {
            QVERIFY(QDate::fromString(check.info.reviewed, Qt::ISODate).isValid());
            newest = std::max(newest, check.info.reviewed);
        }
        QCOMPARE(checks::catalogueVersion(), newest);
    }

    void idsStandInTheirArea()
    {
        using model::Area;
        const QHash<QString, Area> areas{
            {u"INV"_s, Area::Inventory},       {u"TLS"_s, Area::Tls},   {u"HDR"_s, Area::Headers},
            {u"AUTH"_s, Area::Authentication}, {u"DATA"_s, Area::Data}, {u"NET"_s, Area::Network}};
        for (const checks::Check &check : checks::catalogue())
            QVERIFY(areas.value(check.info.id.section(u'-', 0, 0)) == check.info.area);
    }

    void needsAreSectionsOrProbes()
    {
        const QStringList probes{u"outside.tls"_s, u"outside.http"_s, u"outside.port"_s};
        for (const checks::Check &check : checks::catalogue()) {
            QVERIFY(!check.info.needs.isEmpty());
            for (const QString &need : check.info.needs)
                QVERIFY2(probes.contains(need) || facts::sectionInfo(need.toLatin1()),
                         qPrintable(need));
            const bool byProbe = std::ranges::any_of(
                check.info.needs, [&](const QString &need) { return probes.contains(need); });
            QCOMPARE(check.info.proofRequired, byProbe);
        }
    }

    void everyControlIsOneOfFewAndWellFormed()
    {
        const QList<std::pair<QStringList model::Controls::*, QString>> frameworks{
            {&model::Controls::soc2, u"^(CC|A|C|P)\\d\\.\\d$"_s},
            {&model::Controls::iso27001, u"^A\\.[5-8]\\.\\d{1,2}$"_s},
            {&model::Controls::hipaa,
             u"^164\\.3\\d\\d\\([a-e]\\)(\\(\\d\\))?(\\([ivx]+\\))?(\\([A-F]\\))?$"_s},
            {&model::Controls::gdpr, u"^Art\\. \\d{1,2}(\\(\\d\\))?(\\([a-f]\\))?$"_s}};
        for (const checks::Check &check : checks::catalogue()) {
            for (const auto &[member, form] : frameworks) {
                const QStringList &controls = check.info.controls.*member;
                QVERIFY2(!controls.isEmpty() && controls.size() <= 4, qPrintable(check.info.id));
                for (const QString &control : controls)
                    QVERIFY2(QRegularExpression(form).match(control).hasMatch(),
                             qPrintable(control));
            }
        }
    }

    void referencesAreDatedAndSecure()
    {
        for (const checks::Check &check : checks::catalogue()) {
            QVERIFY(check.info.references.size() >= 2);
            for (const model::Reference &reference : check.info.references) {
                QVERIFY(!reference.title.isEmpty());
                const QUrl url(reference.url, QUrl::StrictMode);
                QVERIFY2(url.isValid() && url.scheme() == "https"_L1, qPrintable(reference.url));
                QVERIFY(QDate::fromString(reference.date, Qt::ISODate).isValid());
            }
        }
    }

    void guideLinesAreInTheGuideAndInOrder()
    {
        for (const checks::Check &check : checks::catalogue()) {
            const std::vector<int> &lines = check.info.guideLines;
            QVERIFY(std::ranges::is_sorted(lines));
            QVERIFY(std::ranges::adjacent_find(lines) == lines.end());
            QVERIFY(std::ranges::all_of(lines, [](int line) { return line >= 1 && line <= 357; }));
        }
    }

    void everyKeyOfTheGuideBelongsToTheCheckOfInertKeys()
    {
        const std::vector<int> &lines = checks::find(u"INV-03")->info.guideLines;
        for (const knowledge::GuideKey &key : knowledge::Knowledge::builtIn().guideKeys())
            QVERIFY2(std::ranges::find(lines, key.guideLine) != lines.end(), key.key.constData());
    }

    void textsKeepTheHouseStyle_data()
    {
        QTest::addColumn<QString>("text");
        for (const scenarios::Literal &literal : scenarios::literals())
            QTest::addRow("%s: %.40s", qPrintable(literal.file), qPrintable(literal.text))
                << literal.text;
        for (const checks::Check &check : checks::catalogue()) {
            for (const char *text : {check.info.title, check.info.why, check.info.advice})
                QTest::addRow("%s: %.40s", qPrintable(check.info.id), text)
                    << QString::fromUtf8(text);
        }
        for (const knowledge::GuideKey &key : knowledge::Knowledge::builtIn().guideKeys())
            QTest::addRow("%s", key.key.constData()) << key.realMechanism + u' ' + key.danger;
    }

    void textsKeepTheHouseStyle()
    {
        QFETCH(QString, text);
        QVERIFY(!text.trimmed().isEmpty());
        static const QRegularExpression forbidden(
            u"\\b(please|oops|successfully|simply|just|compliant|kindly|sorry)\\b|[!?]"_s,
            QRegularExpression::CaseInsensitiveOption);
        const auto match = forbidden.match(text);
        QVERIFY2(!match.hasMatch(), qPrintable(match.captured() + u": "_s + text));
        QVERIFY2(!text.contains(u"  "_s) || text.contains(u'\n'), qPrintable(text));
    }

    void titlesAreShortAndWithoutAStop()
    {
        for (const checks::Check &check : checks::catalogue()) {
            const QString title = QString::fromUtf8(check.info.title);
            QVERIFY2(title.size() <= 60 && !title.endsWith(u'.'), qPrintable(title));
            QVERIFY(QString::fromUtf8(check.info.why).endsWith(u'.'));
            // What to do ends in lines to copy.
            QVERIFY(QString::fromUtf8(check.info.advice).contains(u'\n'));
        }
        for (const scenarios::Literal &literal : scenarios::literals()) {
            if (literal.context == "Sentence"_L1)
                QVERIFY2(!literal.text.endsWith(u'.'), qPrintable(literal.text));
        }
    }
};

QTEST_GUILESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
