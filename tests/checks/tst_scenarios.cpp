#include "tests/checks/scenarios.h"

#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;
using model::Finding;
using model::Reach;
using model::Sentence;
using model::Verdict;
using scenarios::Scenario;

namespace {

/// What the scenario's check finds in the scenario's first deployment.
Finding findingOf(const Scenario &scenario)
{
    const facts::Facts &facts = scenarios::load(scenario);
    const model::Audit audit
        = checks::judge(facts, knowledge::Knowledge::builtIn(), {scenario.check});
    return audit.findings.empty() ? Finding() : audit.findings.front();
}

std::vector<Sentence> sentencesOf(const Finding &finding)
{
    std::vector<Sentence> out{finding.summary, finding.expected, finding.actual};
    for (const model::ReachStep &step : finding.reachChain)
        out.push_back(step.where);
    return out;
}

/// What is wrong between a sentence's gaps and its arguments; empty where they fit.
QString misfit(const Sentence &sentence)
{
    const QString text = QString::fromUtf8(sentence.text);
    std::set<int> gaps;
    static const QRegularExpression gap(u"%([1-9])"_s);
    auto found = gap.globalMatch(text);
    while (found.hasNext())
        gaps.insert(found.next().captured(1).toInt());
    for (int i = 1; i <= static_cast<int>(sentence.args.size()); ++i) {
        if (gaps.erase(i) == 0)
            return u"argument %1 is not used: %2"_s.arg(i).arg(text);
    }
    if (!gaps.empty())
        return u"no argument for a gap: "_s + text;
    if (text.contains(u"%n"_s) != sentence.number.has_value())
        return u"%n and the number do not fit: "_s + text;
    return {};
}

} // namespace

class TestScenarios : public QObject
{
    Q_OBJECT

private slots:
    void everyScenarioEndsAsItsNameSays_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < scenarios::all().size(); ++i) {
            const Scenario &each = scenarios::all()[i];
            QTest::addRow("%s/%s", qPrintable(each.check), qPrintable(each.name))
                << static_cast<int>(i);
        }
    }

    void everyScenarioEndsAsItsNameSays()
    {
        QFETCH(int, index);
        const Scenario &scenario = scenarios::all().at(static_cast<std::size_t>(index));
        const Finding finding = findingOf(scenario);
        const QString said = model::render(finding.summary);
        QCOMPARE(finding.id, scenario.check);
        QVERIFY2(finding.verdict == scenario.verdict,
                 qPrintable(model::word(finding.verdict) + u": "_s + said));
        for (const QString &words : scenario.says)
            QVERIFY2(said.contains(words), qPrintable(said));
        if (scenario.reach)
            QCOMPARE(finding.reach ? model::word(*finding.reach) : u"none"_s, *scenario.reach);
        if (scenario.severity)
            QCOMPARE(model::word(finding.severity), *scenario.severity);
        for (const QString &subject : scenario.subjects)
            QVERIFY2(std::ranges::find(finding.subjects, base::UntrustedText(subject))
                         != finding.subjects.end(),
                     qPrintable(subject));
    }

    void findingsKeepTheRules_data() { everyScenarioEndsAsItsNameSays_data(); }

    void findingsKeepTheRules()
    {
        QFETCH(int, index);
        const Scenario &scenario = scenarios::all().at(static_cast<std::size_t>(index));
        const Finding finding = findingOf(scenario);
        QVERIFY(!finding.summary.isEmpty());
        if (finding.verdict == Verdict::Pass || finding.verdict == Verdict::Fail) {
            QVERIFY(!finding.evidence.empty());
            QVERIFY(!finding.expected.isEmpty());
            QVERIFY(finding.verdict != Verdict::Fail || !finding.actual.isEmpty());
        }
        if (finding.verdict == Verdict::Pass && finding.reach)
            QVERIFY(*finding.reach >= Reach::Honoured);
        for (const model::Evidence &evidence : finding.evidence) {
            QVERIFY(!evidence.section.isEmpty());
            QVERIFY(!evidence.command.isEmpty());
            QVERIFY(!evidence.excerpt.isEmpty());
            QVERIFY(evidence.at.isValid());
            const bool outside = evidence.section.startsWith(u"outside."_s);
            // A section that never came has no bytes to hash.
            if (finding.verdict != Verdict::Unknown)
                QCOMPARE(evidence.sha256.isEmpty(), outside);
        }
        if (!finding.reach)
            return;
        QCOMPARE(finding.reachChain.size(), 5U);
        Reach last = Reach::Absent;
        for (std::size_t i = 0; i < 5; ++i) {
            QCOMPARE(finding.reachChain[i].level, static_cast<Reach>(i));
            QVERIFY(!finding.reachChain[i].where.isEmpty());
            // Each level needs the one before it.
            QVERIFY(!finding.reachChain[i].reached || i == 0 || finding.reachChain[i - 1].reached);
            if (finding.reachChain[i].reached)
                last = static_cast<Reach>(i);
        }
        QCOMPARE(*finding.reach, last);
    }

    void everyVerdictOfACheckHasAScenario()
    {
        const QMap<QString, Verdict> words{{u"Verdict::Pass"_s, Verdict::Pass},
                                           {u"Verdict::Fail"_s, Verdict::Fail},
                                           {u"Verdict::Warn"_s, Verdict::Warn},
                                           {u"Verdict::Unknown"_s, Verdict::Unknown},
                                           {u"unreadable("_s, Verdict::Unknown},
                                           {u"notRunning("_s, Verdict::Unknown},
                                           {u"Verdict::NotApplicable"_s, Verdict::NotApplicable},
                                           {u"Verdict::Manual"_s, Verdict::Manual}};
        for (const checks::Check &check : checks::catalogue()) {
            const QString source = scenarios::sourceOf(check.info.id);
            QVERIFY2(!source.isEmpty(), qPrintable(check.info.id));
            for (auto word = words.begin(); word != words.end(); ++word) {
                const bool has = std::ranges::any_of(scenarios::all(), [&](const Scenario &each) {
                    return each.check == check.info.id && each.verdict == word.value();
                });
                QVERIFY2(has || !source.contains(word.key()),
                         qPrintable(check.info.id + u" lacks a scenario: "_s + word.key()));
            }
        }
    }

    void everyCheckHasALookalike()
    {
        for (const checks::Check &check : checks::catalogue()) {
            QVERIFY2(std::ranges::any_of(scenarios::all(),
                                         [&](const Scenario &each) {
                                             return each.check == check.info.id
                                                 && each.isLookalike();
                                         }),
                     qPrintable(check.info.id));
        }
    }

    void everyFolderBelongsToACheck()
    {
        for (const Scenario &each : scenarios::all())
            QVERIFY2(checks::find(each.check), qPrintable(each.path));
    }

    /// A sentence that no scenario brings out is a branch that nobody has tried.
    void everySentenceIsSaidAndFilled()
    {
        QSet<QString> said;
        for (const Scenario &scenario : scenarios::all()) {
            for (const Sentence &sentence : sentencesOf(findingOf(scenario))) {
                const QString wrong = misfit(sentence);
                QVERIFY2(wrong.isEmpty(), qPrintable(scenario.path + u": "_s + wrong));
                said.insert(QString::fromUtf8(sentence.text));
            }
        }
        // What the built-in knowledge never brings out, what the rule of every pass puts right, and
        // dates that no file can hold: tests/unit/checks says these.
        const QSet<QString> elsewhere{
            u"Delivered, not known to be read"_s, u"Nothing shows it"_s,
            u"%1 is delivered to %2, but this version does not read it: no effect"_s,
            u"%1 is delivered, not known to be read by this %2"_s,
            u"The dates of the certificate at %1 cannot be read"_s};
        QStringList unsaid;
        for (const scenarios::Literal &literal : scenarios::literals()) {
            if (literal.context == "Sentence"_L1 && !said.contains(literal.text)
                && !elsewhere.contains(literal.text))
                unsaid.append(literal.file + u": "_s + literal.text);
        }
        QVERIFY2(unsaid.isEmpty(), qPrintable(u"no scenario says\n"_s + unsaid.join(u'\n')));
    }
};

QTEST_GUILESS_MAIN(TestScenarios)
#include "tst_scenarios.moc"
