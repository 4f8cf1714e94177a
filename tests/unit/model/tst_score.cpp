#include "core/model/score.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;
using model::Finding;
using model::Score;
using model::Severity;
using model::Verdict;

namespace {

constexpr int rounds = 4000;

Finding finding(Severity severity, Verdict verdict, const QString &deployment = u"a"_s)
{
    Finding out;
    out.deployment = deployment;
    out.baseSeverity = severity;
    out.severity = severity;
    out.verdict = verdict;
    return out;
}

std::vector<Finding> randomFindings(QRandomGenerator &random)
{
    std::vector<Finding> out;
    const int count = random.bounded(1, 30);
    // Some rounds lean to passes, or hardly any would have a score above a cap.
    const int leaning = random.bounded(4);
    for (int i = 0; i < count; ++i) {
        const auto severity = static_cast<Severity>(random.bounded(5));
        const auto verdict
            = random.bounded(4) < leaning ? Verdict::Pass : static_cast<Verdict>(random.bounded(6));
        out.push_back(finding(severity, verdict));
    }
    return out;
}

int valueOf(const Score &score)
{
    return score.score.value_or(-1);
}
int upTo(const Score &score)
{
    return score.scoreUpTo.value_or(-1);
}

} // namespace

class TestScore : public QObject
{
    Q_OBJECT

private slots:
    void weightsFollowTheBaseSeverity()
    {
        QCOMPARE(model::weightOf(Severity::Critical), 10);
        QCOMPARE(model::weightOf(Severity::High), 5);
        QCOMPARE(model::weightOf(Severity::Medium), 2);
        QCOMPARE(model::weightOf(Severity::Low), 1);
        QCOMPARE(model::weightOf(Severity::Info), 0);
    }

    void anExampleByHand()
    {
        // 10 + 5 + 2 + 1 + 2 of weight; 10 + 2/2 + 0 + 0 + 2 of value.
        const std::vector<Finding> findings{finding(Severity::Critical, Verdict::Pass),
                                            finding(Severity::High, Verdict::Unknown),
                                            finding(Severity::Medium, Verdict::Warn),
                                            finding(Severity::Low, Verdict::Fail),
                                            finding(Severity::Medium, Verdict::Pass),
                                            finding(Severity::Info, Verdict::Fail),
                                            finding(Severity::Critical, Verdict::NotApplicable)};
        const Score score = model::scoreOf(findings, true);
        QCOMPARE(score.score, 65);
        QCOMPARE(score.scoreUpTo, 90);
        QCOMPARE(score.coverage, 75);
        QCOMPARE(score.pass, 2);
        QCOMPARE(score.fail, 2);
        QCOMPARE(score.warn, 1);
        QCOMPARE(score.unknown, 1);
        QCOMPARE(score.manual, 0);
        QCOMPARE(score.notApplicable, 1);
    }

    void capsHoldAScoreDown_data()
    {
        QTest::addColumn<Severity>("severity");
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<int>("score");
        QTest::addColumn<int>("upTo");
        QTest::newRow("critical fail") << Severity::Critical << Verdict::Fail << 49 << 49;
        QTest::newRow("critical unknown") << Severity::Critical << Verdict::Unknown << 49 << 100;
        QTest::newRow("critical warn") << Severity::Critical << Verdict::Warn << 95 << 95;
        QTest::newRow("critical manual") << Severity::Critical << Verdict::Manual << 90 << 100;
        QTest::newRow("high fail") << Severity::High << Verdict::Fail << 79 << 79;
        QTest::newRow("high unknown") << Severity::High << Verdict::Unknown << 79 << 100;
        QTest::newRow("medium fail") << Severity::Medium << Verdict::Fail << 97 << 97;
    }

    void capsHoldAScoreDown()
    {
        QFETCH(Severity, severity);
        QFETCH(Verdict, verdict);
        QFETCH(int, score);
        QFETCH(int, upTo);
        std::vector<Finding> findings(9, finding(Severity::Critical, Verdict::Pass));
        findings.push_back(finding(severity, verdict));
        const Score found = model::scoreOf(findings, true);
        QCOMPARE(found.score, score);
        QCOMPARE(found.scoreUpTo, upTo);
    }

    void tooLittleEvidenceGivesNoScore()
    {
        std::vector<Finding> findings{finding(Severity::High, Verdict::Pass),
                                      finding(Severity::High, Verdict::Unknown)};
        QVERIFY(model::scoreOf(findings, true).score);
        QVERIFY(!model::scoreOf(findings, false).score);
        QVERIFY(!model::scoreOf(findings, false).scoreUpTo);
        findings.push_back(finding(Severity::Low, Verdict::Manual));
        const Score score = model::scoreOf(findings, true);
        QCOMPARE(score.coverage, 45);
        QVERIFY(!score.score);
        QVERIFY(!model::scoreOf({}, true).score);
    }

    void limitsHoldForAnyVerdicts()
    {
        QRandomGenerator random(1);
        for (int i = 0; i < rounds; ++i) {
            const std::vector<Finding> findings = randomFindings(random);
            const Score score = model::scoreOf(findings, true);
            QCOMPARE(score.pass + score.fail + score.warn + score.unknown + score.manual
                         + score.notApplicable,
                     static_cast<int>(findings.size()));
            QVERIFY(score.coverage >= 0 && score.coverage <= 100);
            QCOMPARE(score.score.has_value(), score.scoreUpTo.has_value());
            if (!score.score)
                continue;
            QVERIFY(score.coverage >= 50);
            QVERIFY(*score.score >= 0 && *score.score <= *score.scoreUpTo
                    && *score.scoreUpTo <= 100);
        }
    }

    /// One verdict changed for a worse one never raises the score.
    void worseNeverRaises_data()
    {
        QTest::addColumn<Verdict>("from");
        QTest::addColumn<Verdict>("to");
        QTest::newRow("pass to fail") << Verdict::Pass << Verdict::Fail;
        QTest::newRow("pass to warn") << Verdict::Pass << Verdict::Warn;
        QTest::newRow("pass to unknown") << Verdict::Pass << Verdict::Unknown;
        QTest::newRow("warn to fail") << Verdict::Warn << Verdict::Fail;
        QTest::newRow("warn to unknown") << Verdict::Warn << Verdict::Unknown;
        QTest::newRow("fail to unknown") << Verdict::Fail << Verdict::Unknown;
    }

    void worseNeverRaises()
    {
        QFETCH(Verdict, from);
        QFETCH(Verdict, to);
        QRandomGenerator random(2);
        for (int i = 0; i < rounds; ++i) {
            std::vector<Finding> findings = randomFindings(random);
            const auto at
                = static_cast<std::size_t>(random.bounded(static_cast<int>(findings.size())));
            findings[at].verdict = from;
            const Score before = model::scoreOf(findings, true);
            findings[at].verdict = to;
            const Score after = model::scoreOf(findings, true);
            QVERIFY(valueOf(after) <= valueOf(before));
            // Only what is unknown may still turn out well.
            if (to != Verdict::Unknown)
                QVERIFY(upTo(after) <= upTo(before));
        }
    }

    void losingEvidenceOfManyNeverRaises()
    {
        QRandomGenerator random(3);
        for (int i = 0; i < rounds; ++i) {
            std::vector<Finding> findings = randomFindings(random);
            const Score before = model::scoreOf(findings, true);
            for (Finding &each : findings) {
                const bool known
                    = each.verdict != Verdict::NotApplicable && each.verdict != Verdict::Manual;
                if (known && random.bounded(3) == 0)
                    each.verdict = Verdict::Unknown;
            }
            const Score after = model::scoreOf(findings, true);
            QVERIFY(valueOf(after) <= valueOf(before));
            QVERIFY(after.coverage <= before.coverage);
        }
    }

    void infoAndNotApplicableChangeNothing()
    {
        QRandomGenerator random(4);
        for (int i = 0; i < rounds; ++i) {
            std::vector<Finding> findings = randomFindings(random);
            const Score before = model::scoreOf(findings, true);
            const bool info = random.bounded(2) == 0;
            findings.push_back(
                info ? finding(Severity::Info, static_cast<Verdict>(random.bounded(6)))
                     : finding(static_cast<Severity>(random.bounded(5)), Verdict::NotApplicable));
            const Score after = model::scoreOf(findings, true);
            QCOMPARE(after.score, before.score);
            QCOMPARE(after.scoreUpTo, before.scoreUpTo);
            QCOMPARE(after.coverage, before.coverage);
        }
    }

    /// A finding made worse for this server counts by what the check weighs.
    void theSeverityOfAFindingIsNotItsWeight()
    {
        QRandomGenerator random(5);
        for (int i = 0; i < rounds; ++i) {
            std::vector<Finding> findings = randomFindings(random);
            const Score before = model::scoreOf(findings, true);
            for (Finding &each : findings)
                each.severity = static_cast<Severity>(random.bounded(5));
            QCOMPARE(model::scoreOf(findings, true).score, before.score);
        }
    }

    void contributionsAreWhatAPassWouldBring()
    {
        QRandomGenerator random(6);
        for (int i = 0; i < rounds; ++i) {
            std::vector<Finding> findings = randomFindings(random);
            const auto at
                = static_cast<std::size_t>(random.bounded(static_cast<int>(findings.size())));
            model::Audit audit;
            audit.deployments.resize(1);
            audit.deployments[0].id = u"a"_s;
            audit.findings = findings;
            const std::optional<int> contribution = model::contributionOf(audit, u"a"_s, at);
            QCOMPARE(model::contributionOf(audit, {}, at), contribution);
            const Score now = model::scoreOf(findings, true);
            if (findings[at].verdict == Verdict::Pass
                || findings[at].verdict == Verdict::NotApplicable) {
                QVERIFY(contribution.value_or(0) == 0);
                continue;
            }
            findings[at].verdict = Verdict::Pass;
            const Score then = model::scoreOf(findings, true);
            QCOMPARE(contribution.has_value(), now.score && then.score);
            if (contribution) {
                QVERIFY(*contribution <= 0);
                QCOMPARE(*now.score - *contribution, *then.score);
            }
        }
    }

    void aServerIsItsWorstDeployment()
    {
        model::Audit audit;
        for (const QString &id : {u"a"_s, u"b"_s}) {
            model::DeploymentInfo info;
            info.id = id;
            audit.deployments.push_back(info);
        }
        audit.findings = {finding(Severity::Medium, Verdict::Pass, {}), // host-wide: counts in both
                          finding(Severity::Medium, Verdict::Pass, u"a"_s),
                          finding(Severity::Medium, Verdict::Warn, u"b"_s)};
        model::summarise(audit);
        QCOMPARE(audit.deployments[0].summary.score, 100);
        QCOMPARE(audit.deployments[0].summary.pass, 2);
        QCOMPARE(audit.deployments[1].summary.score, 75);
        QCOMPARE(audit.summary.score, 75);
        QCOMPARE(audit.summary.pass, 2);
        QCOMPARE(audit.summary.warn, 1);

        // One without a score is worse than any with one.
        audit.findings[1].verdict = Verdict::Unknown;
        audit.findings.push_back(finding(Severity::Medium, Verdict::Unknown, u"a"_s));
        model::summarise(audit);
        QVERIFY(!audit.deployments[0].summary.score);
        QCOMPARE(audit.deployments[1].summary.score, 75);
        QVERIFY(!audit.summary.score);
        QVERIFY(!audit.summary.scoreUpTo);
        QCOMPARE(audit.summary.coverage, 33);

        audit.deployments.clear();
        model::summarise(audit);
        QVERIFY(!audit.summary.score);
    }

    /// A server with two deployments gains what its ring gains.
    void aFixIsWorthWhatTheWorstDeploymentGains()
    {
        model::Audit audit;
        for (const QString &id : {u"a"_s, u"b"_s})
            audit.deployments.emplace_back().id = id;
        audit.findings = {finding(Severity::Medium, Verdict::Pass, u"a"_s), // 0
                          finding(Severity::Medium, Verdict::Fail, u"a"_s), // 1
                          finding(Severity::Medium, Verdict::Pass, u"b"_s), // 2
                          finding(Severity::Medium, Verdict::Fail, u"b"_s), // 3
                          finding(Severity::Medium, Verdict::Fail, u"b"_s), // 4
                          finding(Severity::Medium, Verdict::Pass, {})}; // 5
        model::summarise(audit);
        QCOMPARE(audit.deployments[0].summary.score, 66);
        QCOMPARE(audit.deployments[1].summary.score, 50);
        QCOMPARE(model::worstDeployment(audit), &audit.deployments[1]);

        QCOMPARE(model::contributionOf(audit, {}, 1), 0);
        QCOMPARE(model::contributionOf(audit, u"a"_s, 1), -34);
        QCOMPARE(model::contributionOf(audit, {}, 3), -16); // the other one is the worst then
        QCOMPARE(model::contributionOf(audit, u"b"_s, 3), -25);
        QCOMPARE(model::contributionOf(audit, {}, 5), 0);
        QCOMPARE(model::scoreWithPasses(audit, {}, std::array<std::size_t, 2>{3, 4}), 66);
        QCOMPARE(model::scoreWithPasses(audit, {}, std::array<std::size_t, 3>{1, 3, 4}), 100);
        QVERIFY(!model::scoreWithPasses(audit, u"c"_s, {}));

        audit.findings[2].verdict = audit.findings[3].verdict = Verdict::Unknown;
        audit.findings[5].verdict = Verdict::NotApplicable;
        QVERIFY(!model::scoreWithPasses(audit, {}, {}));
        QVERIFY(!model::contributionOf(audit, {}, 1));
    }
};

QTEST_GUILESS_MAIN(TestScore)
#include "tst_score.moc"
