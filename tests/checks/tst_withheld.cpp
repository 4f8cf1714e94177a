#include "core/facts/sectiontable.h"
#include "tests/checks/scenarios.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <array>
#include <map>

using namespace Qt::StringLiterals;
using facts::Section;
using model::Verdict;
using scenarios::Scenario;

namespace {

/// Deployment and check to what was found. Deployments that are not known any more have none.
using Verdicts = std::map<std::pair<QString, QString>, Verdict>;

Verdicts judged(facts::Snapshot snapshot, const QString &only = {})
{
    const facts::Facts facts = facts::parse(std::move(snapshot));
    const QStringList ids = only.isEmpty() ? QStringList() : QStringList{only};
    Verdicts out;
    for (const model::Finding &finding :
         checks::judge(facts, knowledge::Knowledge::builtIn(), ids).findings)
        out[{finding.deployment, finding.id}] = finding.verdict;
    return out;
}

/// What a verdict is worth in the score, doubled. Not applicable counts as much as a pass.
int worth(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass:
    case Verdict::NotApplicable:
        return 2;
    case Verdict::Warn:
        return 1;
    case Verdict::Fail:
    case Verdict::Unknown:
    case Verdict::Manual:
        break;
    }
    return 0;
}

/// The first finding that is worth more with less evidence; empty where there is none. So passes
/// and not-applicables only shrink, and nobody gains by hiding what he would fail by.
QString gain(const Verdicts &whole, const Verdicts &withheld)
{
    for (const auto &[key, verdict] : withheld) {
        const auto before = whole.find(key);
        const int had = before == whole.end() ? 0 : worth(before->second);
        if (worth(verdict) > had)
            return key.first + u' ' + key.second + u" becomes "_s + model::word(verdict);
    }
    return {};
}

enum class Loss { Denied, Missing, Cut, Absent };
constexpr std::array losses{Loss::Denied, Loss::Missing, Loss::Cut, Loss::Absent};

QString wordOf(Loss loss)
{
    switch (loss) {
    case Loss::Denied:
        return u"denied"_s;
    case Loss::Missing:
        return u"missing"_s;
    case Loss::Cut:
        return u"cut"_s;
    case Loss::Absent:
        return u"absent"_s;
    }
    return {};
}

facts::Snapshot without(facts::Snapshot snapshot, const QString &id, Loss loss)
{
    if (loss == Loss::Absent) {
        std::erase_if(snapshot.sections, [&](const Section &section) { return section.id == id; });
        return snapshot;
    }
    for (Section &section : snapshot.sections) {
        if (section.id != id)
            continue;
        // A section cut short is its beginning, marked so.
        section.cut = loss == Loss::Cut;
        section.status = loss == Loss::Denied ? Section::Status::Denied
            : loss == Loss::Missing           ? Section::Status::Missing
                                              : section.status;
        section.data
            = loss == Loss::Cut ? section.data.first(section.data.size() / 2) : QByteArray();
        section.sha256 = QCryptographicHash::hash(section.data, QCryptographicHash::Sha256).toHex();
    }
    return snapshot;
}

QStringList idsOf(const facts::Snapshot &snapshot)
{
    QStringList ids;
    for (const Section &section : snapshot.sections)
        ids.append(section.id);
    return ids;
}

/// The stream as the collector sends it.
QByteArray frames(const facts::Snapshot &snapshot)
{
    const QByteArray nonce(32, 'a');
    QByteArray out;
    for (const Section &section : snapshot.sections) {
        out += "FK1 " + nonce + ' ' + section.id.toLatin1() + ' '
            + facts::word(section.status).toLatin1() + " 0 1 "
            + QByteArray::number(section.data.size()) + " 0\n" + section.data + '\n';
    }
    const QByteArray count = QByteArray::number(static_cast<qint64>(snapshot.sections.size()));
    return out + "FK1 " + nonce + " END " + count + " 0 0 0 0\n";
}

} // namespace

class TestWithheld : public QObject
{
    Q_OBJECT

private slots:
    void oneSectionOfAScenarioLost_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < scenarios::all().size(); ++i) {
            const Scenario &each = scenarios::all()[i];
            QTest::addRow("%s/%s", qPrintable(each.check), qPrintable(each.name))
                << static_cast<int>(i);
        }
    }

    void oneSectionOfAScenarioLost()
    {
        QFETCH(int, index);
        const Scenario &scenario = scenarios::all().at(static_cast<std::size_t>(index));
        const facts::Snapshot &snapshot = scenarios::load(scenario).snapshot;
        const Verdicts whole = judged(snapshot, scenario.check);
        for (const QString &id : idsOf(snapshot)) {
            for (const Loss loss : losses) {
                const QString more
                    = gain(whole, judged(without(snapshot, id, loss), scenario.check));
                QVERIFY2(more.isEmpty(), qPrintable(id + u' ' + wordOf(loss) + u": "_s + more));
            }
        }
    }

    void twoSectionsOfAScenarioLost_data() { oneSectionOfAScenarioLost_data(); }

    /// Chosen by chance, but the same in every run, so that a failure can be repeated.
    void twoSectionsOfAScenarioLost()
    {
        QFETCH(int, index);
        const Scenario &scenario = scenarios::all().at(static_cast<std::size_t>(index));
        const facts::Snapshot &snapshot = scenarios::load(scenario).snapshot;
        const Verdicts whole = judged(snapshot, scenario.check);
        const QStringList ids = idsOf(snapshot);
        QRandomGenerator random(static_cast<quint32>(index) + 1);
        for (int i = 0; i < 15; ++i) {
            const QString first = ids.at(random.bounded(static_cast<int>(ids.size())));
            const QString second = ids.at(random.bounded(static_cast<int>(ids.size())));
            const Loss one = losses.at(random.bounded(4U));
            const Loss two = losses.at(random.bounded(4U));
            const QString more = gain(
                whole, judged(without(without(snapshot, first, one), second, two), scenario.check));
            QVERIFY2(more.isEmpty(),
                     qPrintable(first + u' ' + wordOf(one) + u", "_s + second + u' ' + wordOf(two)
                                + u": "_s + more));
        }
    }

    void everyPairOfAServerLost_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString &name : scenarios::servers())
            QTest::newRow(qPrintable(name)) << name;
    }

    void everyPairOfAServerLost()
    {
        QFETCH(QString, name);
        const facts::Snapshot snapshot = scenarios::server(name);
        const Verdicts whole = judged(snapshot);
        // Every check, in every deployment, has something to lose.
        for (const facts::Deployment &deployment : facts::parse(snapshot).deployments) {
            for (const checks::Check &check : checks::catalogue())
                QVERIFY(whole.contains({deployment.id, check.info.id}));
        }
        const QStringList ids = idsOf(snapshot);
        for (qsizetype i = 0; i < ids.size(); ++i) {
            for (qsizetype j = i; j < ids.size(); ++j) {
                for (const Loss loss : losses) {
                    const QString more = gain(
                        whole, judged(without(without(snapshot, ids[i], loss), ids[j], loss)));
                    QVERIFY2(more.isEmpty(),
                             qPrintable(ids[i] + u", "_s + ids[j] + u' ' + wordOf(loss) + u": "_s
                                        + more));
                }
            }
        }
    }

    /// What every check wants for a pass, it does not pass without.
    void aPassNeedsWhatItsCheckNeeds()
    {
        const facts::Snapshot whole = scenarios::server(u"hardened"_s);
        for (const checks::Check &check : checks::catalogue()) {
            for (const QString &need : check.info.needs) {
                facts::Snapshot less = whole;
                if (need.startsWith(u"outside."_s)) {
                    less.outside.tls.clear();
                    less.outside.http.clear();
                    less.outside.ports.clear();
                }
                const bool perDeployment = facts::sectionInfo(need.toLatin1())
                    && facts::sectionInfo(need.toLatin1())->perDeployment;
                const QString id = perDeployment ? need + u"@1"_s : need;
                for (const Loss loss : losses) {
                    for (const auto &[key, verdict] :
                         judged(without(less, id, loss), check.info.id))
                        QVERIFY2(verdict == Verdict::Unknown,
                                 qPrintable(check.info.id + u" without "_s + need + u' '
                                            + wordOf(loss) + u": "_s + model::word(verdict)));
                }
            }
        }
    }

    void theStreamCutAnywhere_data() { everyPairOfAServerLost_data(); }

    void theStreamCutAnywhere()
    {
        QFETCH(QString, name);
        const facts::Snapshot snapshot = scenarios::server(name);
        const QByteArray stream = frames(snapshot);
        auto complete = facts::readFrames(stream);
        QVERIFY(complete);
        complete->outside = snapshot.outside;
        const Verdicts whole = judged(*complete);
        QVERIFY(std::ranges::any_of(whole,
                                    [](const auto &each) { return each.second == Verdict::Pass; }));
        QRandomGenerator random(20261125);
        int judgedStreams = 0;
        for (int i = 0; i < 300; ++i) {
            const int at = random.bounded(static_cast<int>(stream.size()));
            auto cut = facts::readFrames(QByteArrayView(stream).first(at));
            if (!cut)
                continue; // nothing arrived at all, which is an error and no audit
            cut->outside = snapshot.outside;
            const QString more = gain(whole, judged(*cut));
            QVERIFY2(more.isEmpty(), qPrintable(QString::number(at) + u": "_s + more));
            ++judgedStreams;
        }
        QVERIFY(judgedStreams > 250);
    }
};

QTEST_GUILESS_MAIN(TestWithheld)
#include "tst_withheld.moc"
