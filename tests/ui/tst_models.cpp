#include "tests/ui/support/suite.h"

#include "tests/ui/support/fakebackend.h"
#include "tests/ui/support/sample.h"
#include "ui/export.h"
#include "ui/fingerprint.h"
#include "ui/models/checklistfilter.h"
#include "ui/models/checklistmodel.h"
#include "ui/models/serverlistmodel.h"
#include "ui/pages/scorereason.h"
#include "ui/words.h"

#include <QAbstractItemModelTester>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

class TestModels : public QObject
{
    Q_OBJECT

private slots:
    void checklistIsAModel();
    void worstComesFirst();
    void rowsSpeak();
    void serverListIsAModel();
    void reasonNamesTheCap();
    void fingerprints_data();
    void fingerprints();
    void hostKeyFileIsNeverTheServersWord();
    void fileNamesArePlain_data();
    void fileNamesArePlain();
    void everyKindOfWordIsThere();
    void englishPlurals();
    void toolTipsStayPlain();
};

void TestModels::checklistIsAModel()
{
    FakeBackend backend;
    ui::ChecklistModel model(backend, nullptr);
    ui::ChecklistFilter filter(nullptr);
    filter.setSourceModel(&model);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester second(&filter,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (const engine::AuditRun &run :
         {sample::ordinary(), sample::hostile(), sample::twoDeployments(), engine::AuditRun{}}) {
        model.setAudit(std::make_shared<const engine::AuditRun>(run), {});
        for (const bool open : {true, false})
            filter.setChoice({open, false, false, u"a"_s, std::nullopt});
        filter.setChoice({});
    }
    model.setAudit(nullptr, {});
    QCOMPARE(model.rowCount(), 0);
}

void TestModels::worstComesFirst()
{
    FakeBackend backend;
    ui::ChecklistModel model(backend, nullptr);
    model.setAudit(std::make_shared<const engine::AuditRun>(sample::ordinary()), {});
    for (int a = 0; a < model.rowCount(); ++a) {
        const QModelIndex area = model.index(a, 0);
        bool passSeen = false;
        for (int row = 0; row < model.rowCount(area); ++row) {
            const auto verdict = static_cast<model::Verdict>(
                model.index(row, 0, area).data(ui::ChecklistModel::VerdictRole).toInt());
            passSeen |= verdict == model::Verdict::Pass;
            QVERIFY(!passSeen || verdict != model::Verdict::Fail);
        }
    }
}

void TestModels::rowsSpeak()
{
    FakeBackend backend;
    ui::ChecklistModel model(backend, nullptr);
    model.setAudit(std::make_shared<const engine::AuditRun>(sample::ordinary()), {});
    const QString text
        = model.indexOf(u"appflowy"_s, u"AUTH-01"_s).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(text.startsWith(u"Fail, High, AUTH-01, Minimum password length"_s), qPrintable(text));
    QVERIFY2(text.endsWith(u"Written, step 2 of 5"_s), qPrintable(text));
}

void TestModels::serverListIsAModel()
{
    FakeBackend backend;
    backend.demoRun = sample::ordinary();
    ui::ServerListModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    ui::ServerSession one(backend, sample::server(u"b"_s, u"Staging"_s), false, nullptr);
    ui::ServerSession two(backend, sample::server(u"a"_s, u"Production"_s), true, nullptr);
    model.setSessions({&one, &two});
    QCOMPARE(model.rowCount(), 4);
    two.audit();
    const QModelIndex row = model.indexOf(&two);
    QCOMPARE(row.data(ui::ServerListModel::ScoreRole).toString(),
             QString::number(*sample::ordinary().audit.summary.score));
    model.setFilter(u"b"_s);
    QCOMPARE(model.session(model.index(1, 0)), &one);
    model.setFilter(u"nothing"_s);
    QCOMPARE(model.rowCount(), 0);
    model.setSessions({});
}

void TestModels::reasonNamesTheCap()
{
    const auto run = sample::ordinary();
    const auto &findings = run.audit.findings;
    const ui::ScoreReason reason = ui::reasonOf(run.audit, {});
    QCOMPARE(reason.severity, model::Severity::Critical);
    QStringList ids;
    for (const std::size_t i : reason.findings)
        ids << findings[i].id;
    QCOMPARE(ids, (QStringList{u"DATA-08"_s, u"NET-05"_s}));
    QVERIFY(*reason.after > *run.audit.summary.score);
    QVERIFY(ui::reasonOf(sample::clean().audit, {}).findings.empty());
    QVERIFY(ui::reasonOf({}, {}).findings.empty());
}

void TestModels::fingerprints_data()
{
    QTest::addColumn<QString>("pasted");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *name, const QString &pasted, ui::Comparison expected) {
        QTest::newRow(name) << pasted << static_cast<int>(expected);
    };
    const QString print = sample::hostKey().fingerprint;
    row("nothing", u"  "_s, ui::Comparison::Nothing);
    row("same", print, ui::Comparison::Same);
    row("without prefix", print.mid(7), ui::Comparison::Same);
    row("padding", print + u"="_s, ui::Comparison::Same);
    row("groups", u"SHA256:"_s + ui::fingerprintGroups(print).join(u' '), ui::Comparison::Same);
    row("ssh-keygen -l", u"256 "_s + print + u" root@host (ED25519)\n"_s, ui::Comparison::Same);
    row("other letter", print.chopped(1) + u"5"_s, ui::Comparison::Different);
    row("other case", print.toLower(), ui::Comparison::Different);
    row("beginning only", print.left(20), ui::Comparison::Different);
    row("one letter more", print + u"A"_s, ui::Comparison::Different);
    row("md5", u"MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"_s, ui::Comparison::OtherHash);
    row("words", u"looks good"_s, ui::Comparison::Different);
}

void TestModels::fingerprints()
{
    QFETCH(QString, pasted);
    QFETCH(int, expected);
    QCOMPARE(static_cast<int>(ui::compareFingerprint(sample::hostKey().fingerprint, pasted)),
             expected);
}

void TestModels::hostKeyFileIsNeverTheServersWord()
{
    QCOMPARE(ui::hostKeyFile(u"ssh-ed25519"_s), u"/etc/ssh/ssh_host_ed25519_key.pub"_s);
    QCOMPARE(ui::hostKeyFile(u"ecdsa-sha2-nistp256"_s), u"/etc/ssh/ssh_host_ecdsa_key.pub"_s);
    QCOMPARE(ui::hostKeyFile(u"rsa-sha2-512"_s), u"/etc/ssh/ssh_host_rsa_key.pub"_s);
    QVERIFY(!ui::hostKeyFile(u"x; rm -rf /"_s).contains(u';'));
}

void TestModels::fileNamesArePlain_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("slug");
    QTest::newRow("host") << u"Notes.Example.org"_s << u"notes-example-org"_s;
    QTest::newRow("path") << u"../../etc/passwd"_s << u"etc-passwd"_s;
    QTest::newRow("nothing left") << u"…/…"_s << u"server"_s;
    QTest::newRow("letters of others") << u"сервер 1"_s << u"1"_s;
    QTest::newRow("dashes") << u"-rf --x"_s << u"rf-x"_s;
}

void TestModels::fileNamesArePlain()
{
    QFETCH(QString, name);
    QFETCH(QString, slug);
    model::Audit audit = sample::ordinary().audit;
    audit.server.name = name;
    QCOMPARE(ui::suggestedFileName(audit, ui::ExportFormat::Json),
             u"flowkeep-"_s + slug + u"-2026-03-12.json"_s);
}

void TestModels::everyKindOfWordIsThere()
{
    QSet<QString> verdicts;
    for (int v = 0; v <= static_cast<int>(model::Verdict::NotApplicable); ++v)
        verdicts << ui::verdictWord(static_cast<model::Verdict>(v));
    QCOMPARE(verdicts.size(), 6);
    for (int a = 0; a <= static_cast<int>(model::Area::Governance); ++a)
        QVERIFY(!ui::areaWord(static_cast<model::Area>(a)).isEmpty());
    for (int s = 0; s <= static_cast<int>(base::Stage::File); ++s)
        QVERIFY(!ui::stageWord(static_cast<base::Stage>(s)).isEmpty());
    QCOMPARE(ui::sectionWord(u"containers"_s), u"Containers"_s);
    QVERIFY(!ui::sectionWord(u"\x1b[2J"_s).contains(QChar(0x1b)));
}

void TestModels::englishPlurals()
{
    QCOMPARE(ui::say(model::say("%n key(s) of %1", {model::arg(u".env"_s)}, 1)),
             u"1 key of .env"_s);
    QCOMPARE(ui::say(model::say("%n key(s) of %1", {model::arg(u".env"_s)}, 7)),
             u"7 keys of .env"_s);
    QCOMPARE(ui::say(model::say("no number(s)", {})), u"no number(s)"_s);
    const QDateTime now(QDate(2026, 3, 12), QTime(9, 0), Qt::UTC);
    QCOMPARE(ui::age(now.addSecs(-720), now), u"12 min"_s);
    QCOMPARE(ui::age(now.addSecs(-7200), now), u"2 h"_s);
    QCOMPARE(ui::age(now.addDays(-3), now), u"3 d"_s);
}

void TestModels::toolTipsStayPlain()
{
    QVERIFY(!ui::plainToolTip(u"<img src=x>"_s).contains(u"<img"_s));
}

int runModelTests(int argc, char **argv)
{
    TestModels test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_models.moc"
