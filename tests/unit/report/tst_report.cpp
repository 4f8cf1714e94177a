#include "core/model/score.h"
#include "core/report/report.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using model::Verdict;

namespace {

std::vector<model::CheckInfo> checks()
{
    model::CheckInfo auth;
    auth.id = u"AUTH-01"_s;
    auth.area = model::Area::Authentication;
    auth.severity = model::Severity::High;
    auth.title = "Minimum password length of 12 is effective";
    auth.why = "Short passwords are guessed.";
    auth.advice = "Deliver the key to the service:\n\n"
                  "    services:\n"
                  "      gotrue:\n\n"
                  "    docker compose up -d gotrue";
    auth.controls.soc2 = {u"CC6.1"_s};
    auth.controls.iso27001 = {u"A.5.17"_s};
    model::CheckInfo tls = auth;
    tls.id = u"TLS-03"_s;
    tls.area = model::Area::Tls;
    tls.title = "The certificate has time left";
    return {auth, tls};
}

model::Finding
finding(const QString &id, Verdict verdict, const QString &deployment = u"appflowy"_s)
{
    model::Finding finding;
    finding.id = id;
    finding.area = id.startsWith(u"AUTH"_s) ? model::Area::Authentication : model::Area::Tls;
    finding.deployment = deployment;
    finding.baseSeverity = finding.severity = model::Severity::High;
    finding.verdict = verdict;
    finding.summary
        = model::say("%1 is written in %2: no effect",
                     {model::arg("GOTRUE_PASSWORD_MIN_LENGTH"_ba), model::arg(".env"_ba)});
    finding.expected = model::say("12 or more in the running container");
    finding.actual = model::say("unset");
    model::Evidence evidence;
    evidence.section = u"containers"_s;
    evidence.command = base::UntrustedText("docker inspect"_ba);
    evidence.exitStatus = 0;
    evidence.at = QDateTime(QDate(2026, 11, 25), QTime(8, 0), Qt::UTC);
    evidence.excerpt
        = base::UntrustedText("GOTRUE_JWT_EXP=604800\nGOTRUE_PASSWORD_MIN_LENGTH not set"_ba);
    evidence.sha256 = "0123456789abcdef";
    finding.evidence = {evidence};
    return finding;
}

model::Audit audit()
{
    model::Audit audit;
    audit.id = u"01JDEXAMPLE"_s;
    audit.factsSha256 = QByteArray(64, 'a');
    audit.server.name = u"notes.example.org"_s;
    audit.server.address = u"203.0.113.24:22"_s;
    audit.server.hostKey = u"SHA256:abc"_s;
    audit.server.os = base::UntrustedText("Debian GNU/Linux 12"_ba);
    audit.startedAt = QDateTime(QDate(2026, 11, 25), QTime(8, 0), Qt::UTC);
    audit.durationMs = 4100;
    audit.toolVersion = u"0.1.0"_s;
    audit.catalogue = u"2026-11"_s;
    audit.privilege = model::Privilege::Sudo;
    model::DeploymentInfo deployment;
    deployment.id = u"appflowy"_s;
    deployment.project = base::UntrustedText("appflowy"_ba);
    deployment.directory = base::UntrustedText("/opt/AppFlowy-Cloud"_ba);
    deployment.variant = u"v1"_s;
    audit.deployments = {deployment};
    model::Finding lost = finding(u"AUTH-01"_s, Verdict::Fail);
    lost.reach = model::Reach::Written;
    for (const model::Reach level :
         {model::Reach::Absent, model::Reach::Written, model::Reach::Delivered,
          model::Reach::Honoured, model::Reach::Proven}) {
        model::ReachStep step;
        step.level = level;
        step.reached = level <= model::Reach::Written;
        step.where
            = level == model::Reach::Written ? model::say(".env line 84") : model::Sentence();
        lost.reachChain.push_back(step);
    }
    audit.findings = {lost, finding(u"TLS-03"_s, Verdict::Pass)};
    model::summarise(audit);
    return audit;
}

QString textOf(const QByteArray &pdf)
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"x.pdf"_s));
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write(pdf);
    file.close();
    QProcess tool;
    tool.start(u"pdftotext"_s, {u"-layout"_s, file.fileName(), u"-"_s});
    tool.waitForFinished();
    return QString::fromUtf8(tool.readAllStandardOutput())
        .normalized(QString::NormalizationForm_KC);
}

QByteArray run(const QString &program, const QStringList &arguments, const QByteArray &pdf)
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"x.pdf"_s));
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write(pdf);
    file.close();
    QProcess tool;
    tool.setProcessChannelMode(QProcess::MergedChannels);
    tool.start(program, QStringList(arguments) << file.fileName());
    tool.waitForFinished();
    return tool.readAllStandardOutput() + "\nstatus " + QByteArray::number(tool.exitCode());
}

} // namespace

class TestReport : public QObject
{
    Q_OBJECT

private:
    std::vector<model::CheckInfo> m_checks = checks();

    QByteArray pdfOf(const model::Audit &audit, const report::Options &options = {})
    {
        const auto pdf = report::pdf({audit, m_checks}, options);
        return pdf ? *pdf : QByteArray();
    }

private slots:
    void longReachWordsBecomeASentence()
    {
        model::Audit subject = audit();
        QVERIFY(textOf(pdfOf(subject)).contains(u"Honoured"_s)); // a word under every stop
        for (model::ReachStep &step : subject.findings.front().reachChain) {
            if (step.level == model::Reach::Written)
                step.where = model::say("line 84 of the environment file in the deployment");
        }
        const QString text = textOf(pdfOf(subject)).simplified();
        QVERIFY2(text.contains(u"Written: line 84 of the environment file in the deployment."_s),
                 qPrintable(text));
        QVERIFY(!text.contains(u"Honoured"_s));
    }
    void jsonHasEveryFieldOfTheSchema()
    {
        const model::Audit subject = audit();
        const QJsonObject json
            = QJsonDocument::fromJson(report::auditJson({subject, m_checks})).object();
        QCOMPARE(json[u"schema"_s].toString(), u"flowkeep.audit/1"_s);
        for (const char *key :
             {"id", "factsSha256", "server", "startedAt", "durationMs", "toolVersion", "catalogue",
              "profile", "vantage", "privilege", "deployments", "summary", "findings"})
            QVERIFY2(json.contains(QLatin1StringView(key)), key);
        const QJsonObject first = json[u"findings"_s].toArray()[0].toObject();
        for (const char *key :
             {"id", "area", "deployment", "title", "severity", "baseSeverity", "verdict", "reach",
              "reachChain", "summary", "expected", "actual", "subjects", "evidence", "remediation",
              "controls", "waiver", "attestation"})
            QVERIFY2(first.contains(QLatin1StringView(key)), key);
        QCOMPARE(first[u"reach"_s].toString(), u"written"_s);
        QCOMPARE(first[u"summary"_s].toString(),
                 u"GOTRUE_PASSWORD_MIN_LENGTH is written in .env: no effect"_s);
        QCOMPARE(first[u"evidence"_s].toArray()[0].toObject()[u"at"_s].toString(),
                 u"2026-11-25T08:00:00Z"_s);
        const QJsonObject second = json[u"findings"_s].toArray()[1].toObject();
        QVERIFY(second[u"reach"_s].isNull());
    }

    void placesThatWereNotAskedAreNamed()
    {
        model::Audit subject = audit();
        subject.vantage.refused = {{base::UntrustedText(u"app\u202e.example"_s), u"10.0.0.9"_s,
                                    u"the address lies in a private range"_s}};
        const QJsonObject vantage = QJsonDocument::fromJson(report::auditJson({subject, m_checks}))
                                        .object()[u"vantage"_s]
                                        .toObject();
        QCOMPARE(
            vantage[u"refused"_s].toArray(),
            (QJsonArray{QJsonObject{{u"name"_s, u"app\ufffd.example"_s},
                                    {u"address"_s, u"10.0.0.9"_s},
                                    {u"reason"_s, u"the address lies in a private range"_s}}}));
        const QString text = textOf(pdfOf(subject)).simplified();
        QVERIFY2(text.contains(u"Not asked: app"_s)
                     && text.contains(u"(10.0.0.9): the address lies in a private range."_s),
                 qPrintable(text));
        QVERIFY(!textOf(pdfOf(audit())).contains(u"Not asked"_s));
    }

    void jsonAndPdfSayTheSameNumbers()
    {
        const model::Audit subject = audit();
        const QJsonObject json
            = QJsonDocument::fromJson(report::auditJson({subject, m_checks})).object();
        const QJsonObject summary = json[u"summary"_s].toObject();
        QCOMPARE(summary[u"score"_s].toInt(), 50);
        const QString text = textOf(pdfOf(subject));
        QVERIFY(text.contains(QRegularExpression(uR"(\b50\b)"_s)));
        QVERIFY2(text.contains(u"100 % covered"_s), qPrintable(text));
    }

    void pdfHoldsWhatItShould()
    {
        const QString text = textOf(pdfOf(audit()));
        for (const QString &part :
             {u"Security posture"_s, u"notes.example.org"_s, u"What to fix first"_s, u"AUTH-01"_s,
              u"Fail: no effect"_s, u"GOTRUE_JWT_EXP=604800"_s, u"docker inspect"_s,
              u"SOC 2 CC6.1"_s, u"Method"_s, u"What was not assessed"_s, u"Page 1 of 6"_s,
              u"Page 6 of 6"_s, u"25 November 2026, 08:00 UTC"_s})
            QVERIFY2(text.contains(part), qPrintable(part + u"\n"_s + text));
        QVERIFY(!text.contains(u"compliant"_s, Qt::CaseInsensitive));
        QVERIFY(!text.contains(u"origin not verified"_s));
    }

    void adviceKeepsItsLinesToCopy()
    {
        const QString xml = QString::fromUtf8(
            run(u"pdftohtml"_s, {u"-xml"_s, u"-i"_s, u"-stdout"_s}, pdfOf(audit())));
        const auto node = [&xml](const QString &text) {
            return QRegularExpression(
                       u"<text [^>]*left=\"(\\d+)\"[^>]*font=\"(\\d+)\">(\\s*)%1"_s.arg(
                           QRegularExpression::escape(text)))
                .match(xml);
        };
        const auto familyOf = [&xml](const QString &font) {
            return QRegularExpression(u"<fontspec id=\"%1\"[^>]*family=\"([^\"]*)\""_s.arg(font))
                .match(xml)
                .captured(1);
        };
        for (const QString &line :
             {u"services:"_s, u"gotrue:"_s, u"docker compose up -d gotrue"_s}) {
            const auto found = node(line);
            QVERIFY2(found.hasMatch(), qPrintable(line + u'\n' + xml));
            QVERIFY2(familyOf(found.captured(2)).contains(u"Mono"_s), qPrintable(line));
        }
        QVERIFY(!familyOf(node(u"Deliver the key"_s).captured(2)).contains(u"Mono"_s));
        const auto outer = node(u"services:"_s);
        const auto inner = node(u"gotrue:"_s);
        QVERIFY2(inner.captured(1).toInt() > outer.captured(1).toInt()
                     || inner.captured(3).size() > outer.captured(3).size(),
                 "the indentation is lost");
        QCOMPARE(outer.captured(3), QString()); // the marker is not part of it
    }

    void aReportFromAFileSaysSoOnEachPage()
    {
        model::Audit subject = audit();
        subject.fromFile = true;
        const QString text = textOf(pdfOf(subject));
        QCOMPARE(text.count(u"From a file, origin not verified"_s), text.count(u'\f'));
    }

    void fontsAreEmbeddedAndTheFileIsSound()
    {
        const QByteArray pdf = pdfOf(audit());
        QByteArray fonts = run(u"pdffonts"_s, {}, pdf);
        QVERIFY2(fonts.contains("Inter"), fonts.constData());
        QList<QByteArray> lines = fonts.split('\n');
        int rows = 0;
        for (qsizetype i = 2; i < lines.size(); ++i) {
            static const QRegularExpression embedded(
                uR"(\s(yes|no)\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+)"_s);
            const auto match = embedded.match(QString::fromUtf8(lines[i]));
            if (!match.hasMatch())
                continue;
            ++rows;
            QVERIFY2(match.captured(1) == u"yes", lines[i].constData());
        }
        QVERIFY(rows >= 2);
        const QByteArray check = run(u"qpdf"_s, {u"--check"_s}, pdf);
        QVERIFY2(check.contains("status 0"), check.constData());
    }

    void foreignScriptsStayIntact()
    {
        model::Audit subject = audit();
        subject.server.name = u"заметки.пример 记录 רשומות"_s;
        subject.findings[0].evidence[0].excerpt = base::UntrustedText(u"日本語 кириллица"_s);
        const QString text = textOf(pdfOf(subject));
        for (const QString &part : {u"заметки.пример"_s, u"记录"_s, u"日本語"_s, u"кириллица"_s})
            QVERIFY2(text.contains(part), qPrintable(part + u"\n"_s + text));
        QVERIFY(text.contains(u"רשומות"_s) || text.contains(u"תומושר"_s));
    }

    void hostileTextIsPlain()
    {
        model::Audit subject = audit();
        subject.findings[0].summary = model::say(
            "%1", {base::UntrustedText("<b>x</b><img src=file:///etc/passwd>\x1b[2J\xff"_ba)});
        subject.findings[0].evidence[0].excerpt
            = base::UntrustedText(QByteArray(3 * 1024 * 1024, 'x'));
        const QString text = textOf(pdfOf(subject));
        QVERIFY(text.contains(u"<b>x</b>"_s));
        QVERIFY(text.size() < 100000);
    }

    void oldKnowledgeIsSaid()
    {
        model::Audit subject = audit();
        subject.catalogue = u"2026-11-24"_s;
        subject.knowledgeDays = model::knowledgeLimit;
        QVERIFY(!textOf(pdfOf(subject)).contains(u"Old knowledge"_s));
        subject.knowledgeDays = model::knowledgeLimit + 1;
        const QString text = textOf(pdfOf(subject));
        QVERIFY(text.contains(u"Old knowledge"_s));
        QVERIFY(text.simplified().contains(u"2026-11-24, 181 days"_s));
    }

    void manyFindingsFlowOverPages()
    {
        model::Audit subject = audit();
        for (int i = 0; i < 90; ++i)
            subject.findings.push_back(finding(u"AUTH-01"_s, Verdict::Fail, u"second"_s));
        const QString text = textOf(pdfOf(subject));
        QVERIFY(text.count(u'\f') > 20);
        QCOMPARE(text.count(QRegularExpression(u"Page \\d+ of %1\\b"_s.arg(text.count(u'\f')))),
                 text.count(u'\f'));
    }

    void letterIsAnotherSize()
    {
        report::Options options;
        options.letter = true;
        const QByteArray info = run(u"pdfinfo"_s, {}, pdfOf(audit(), options));
        QVERIFY2(info.contains("612 x 792"), info.constData());
    }
};

QTEST_MAIN(TestReport)
#include "tst_report.moc"
