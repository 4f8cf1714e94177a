#include "app/cli/arguments.h"
#include "app/cli/exitstatus.h"
#include "app/cli/files.h"
#include "app/cli/jsonoutput.h"
#include "app/cli/optiontable.h"
#include "app/cli/targetword.h"
#include "app/cli/texttable.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using cli::ExitStatus;

namespace {

base::Result<cli::Arguments> parse(const QString &line)
{
    return cli::parseArguments(line.split(u' ', Qt::SkipEmptyParts));
}

model::Finding finding(model::Verdict verdict, model::Severity severity)
{
    model::Finding made;
    made.id = u"X-01"_s;
    made.verdict = verdict;
    made.severity = severity;
    return made;
}

unsigned modeOf(const QString &path)
{
    struct stat found{};
    return ::stat(QFile::encodeName(path).constData(), &found) == 0 ? found.st_mode & 07777 : 0;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestCli : public QObject
{
    Q_OBJECT

private slots:
    void targets_data();
    void targets();
    void noTargets_data();
    void noTargets();
    void resolves();
    void globalOptionsStandAnywhere();
    void valuesByEqualsOrSpace();
    void wrongCalls_data();
    void wrongCalls();
    void laterThings_data();
    void laterThings();
    void helpWinsOverErrors();
    void everyCommandHasHelp();
    void gates();
    void statusesOfErrors();
    void precedence();
    void outputFiles();
    void inputFiles();
    void terminalTextIsHarmless();
    void answersOfSeveralTargets();
};

void TestCli::targets_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    const auto row = [](const char *word, const char *user, const char *host, int port) {
        QTest::newRow(word) << QString::fromLatin1(word) << QString::fromLatin1(user)
                            << QString::fromLatin1(host) << port;
    };
    row("shop.example.com", "", "shop.example.com", 22);
    row("ada@shop", "ada", "shop", 22);
    row("ada@shop:2222", "ada", "shop", 2222);
    row("ada@192.0.2.7:65535", "ada", "192.0.2.7", 65535);
    row("ada@[2001:db8::1]:2222", "ada", "2001:db8::1", 2222);
    row("[2001:db8::1]", "", "2001:db8::1", 22);
    row("ada@2001:db8::1", "ada", "2001:db8::1", 22);
    row("ada@corp@shop", "ada@corp", "shop", 22);
    row("ada@my_box", "ada", "my_box", 22);
}

void TestCli::targets()
{
    QFETCH(QString, word);
    QFETCH(QString, user);
    QFETCH(QString, host);
    QFETCH(int, port);
    const auto target = cli::parseTarget(word);
    QVERIFY(target);
    QCOMPARE(target->user, user);
    QCOMPARE(target->host, host);
    QCOMPARE(int(target->port), port);
}

void TestCli::noTargets_data()
{
    QTest::addColumn<QString>("word");
    for (const char *word :
         {"",           "@",         "@shop",    "ada@",      "-oProxyCommand=x", "ada@-x",
          "a b",        "ada@sh op", "shop:",    "shop:0",    "shop:65536",       "shop:+1",
          "shop:22x",   "[::1",      "[::1]x",   "[shop]:22", "::zz::",           "ada@shop;id",
          "ada\n@shop", "ada@$(id)", "a:b@shop", ".shop"})
        QTest::newRow(word) << QString::fromLatin1(word);
}

void TestCli::noTargets()
{
    QFETCH(QString, word);
    const auto target = cli::parseTarget(word);
    QVERIFY(!target);
    QCOMPARE(target.error().kind, base::ErrorKind::BadInput);
}

void TestCli::resolves()
{
    const auto v4 = cli::parseResolve(u"a.example:443:192.0.2.1"_s);
    QVERIFY(v4);
    QCOMPARE(*v4, (cli::ResolveWord{u"a.example"_s, 443, u"192.0.2.1"_s}));
    const auto v6 = cli::parseResolve(u"a.example:8443:[2001:db8::1]"_s);
    QVERIFY(v6);
    QCOMPARE(v6->address, u"2001:db8::1"_s);
    for (const char *word : {"", "a:443", "a:0:192.0.2.1", "a:443:host", "a:443:1",
                             "a:443:", ":443:192.0.2.1", "a:x:192.0.2.1"})
        QVERIFY2(!cli::parseResolve(QString::fromLatin1(word)), word);
}

void TestCli::globalOptionsStandAnywhere()
{
    for (const QString &line :
         {u"--json --config-dir /x checks"_s, u"checks --json --config-dir=/x"_s,
          u"--config-dir /x checks --json"_s}) {
        const auto arguments = parse(line);
        QVERIFY(arguments);
        QCOMPARE(arguments->command, cli::Command::Checks);
        QVERIFY(arguments->json);
        QCOMPARE(arguments->configDirectory, u"/x"_s);
    }
}

void TestCli::valuesByEqualsOrSpace()
{
    const auto arguments = parse(
        u"audit --fail-on=high a --min-coverage 80 b --resolve n:443:192.0.2.1 -o out --parallel=2 "
        "--fail-on-warn --connect-timeout 3 -- -c"_s);
    QVERIFY(arguments);
    QCOMPARE(arguments->words, (QStringList{u"a"_s, u"b"_s, u"-c"_s}));
    QCOMPARE(*arguments->gate.failOn, model::Severity::High);
    QVERIFY(arguments->gate.warnsCount);
    QCOMPARE(*arguments->gate.minimumCoverage, 80);
    QCOMPARE(arguments->resolve.size(), 1u);
    QCOMPARE(arguments->output, u"out"_s);
    QCOMPARE(arguments->parallel, 2);
    QCOMPARE(*arguments->connectTimeout, 3);
}

void TestCli::wrongCalls_data()
{
    QTest::addColumn<QString>("line");
    for (const char *line : {"",
                             "--json",
                             "frobnicate",
                             "audit",
                             "audit a --frob",
                             "audit a --fail-on",
                             "audit a --fail-on loud",
                             "audit a --min-coverage 101",
                             "audit a --min-coverage -1",
                             "audit a --parallel 0",
                             "checks x",
                             "checks --identity k",
                             "collector x",
                             "collect a",
                             "collect a b -o f",
                             "evaluate",
                             "evaluate f --frames g",
                             "evaluate f g",
                             "report x -o f",
                             "report --format pdf -o f",
                             "report x --format pdf",
                             "report x --format doc -o f",
                             "report x --facts f --format pdf -o f",
                             "audit a --save=1",
                             "audit a --host-key-fingerprint MD5:00",
                             "audit a --public-name a/b",
                             "audit a --resolve x",
                             "audit a --connect-timeout 0",
                             "audit a --profile strict",
                             "demo x",
                             "demo --identity k"})
        QTest::newRow(line) << QString::fromLatin1(line);
}

void TestCli::wrongCalls()
{
    QFETCH(QString, line);
    const auto arguments = parse(line);
    QVERIFY(!arguments);
    QCOMPARE(arguments.error().kind, base::ErrorKind::BadInput);
    QCOMPARE(cli::statusOf(arguments.error()), cli::Usage);
}

void TestCli::laterThings_data()
{
    QTest::addColumn<QString>("line");
    for (const char *line : {"servers",
                             "host-keys",
                             "guides",
                             "plan x",
                             "apply x p",
                             "transactions x",
                             "undo x y",
                             "recover x",
                             "waive",
                             "attest",
                             "verify p",
                             "history",
                             "compare",
                             "import",
                             "audit x --jump a@b",
                             "report x --format html -o f",
                             "report x --format csv -o f",
                             "report x --format sarif -o f",
                             "report x --format oscal -o f",
                             "report x --format pdf --framework soc2 -o f"})
        QTest::newRow(line) << QString::fromLatin1(line);
}

void TestCli::laterThings()
{
    QFETCH(QString, line);
    const auto arguments = parse(line);
    QVERIFY(!arguments);
    QCOMPARE(arguments.error().kind, base::ErrorKind::NotInThisVersion);
    QCOMPARE(cli::statusOf(arguments.error()), cli::Usage);
}

void TestCli::helpWinsOverErrors()
{
    for (const QString &line : {u"--help"_s, u"-h"_s, u"help"_s}) {
        const auto arguments = parse(line);
        QVERIFY(arguments);
        QCOMPARE(arguments->command, cli::Command::Help);
        QVERIFY(arguments->helpFor.isEmpty());
    }
    for (const QString &line : {u"report --help"_s, u"--help report"_s, u"help report"_s}) {
        const auto arguments = parse(line);
        QVERIFY(arguments);
        QCOMPARE(arguments->command, cli::Command::Help);
        QCOMPARE(arguments->helpFor, u"report"_s);
    }
}

void TestCli::everyCommandHasHelp()
{
    const QString overview = cli::helpText({});
    for (const cli::CommandRow &row : cli::commandTable()) {
        const QString name = QString::fromLatin1(row.name);
        QVERIFY(overview.contains(u"\n  "_s + name));
        const QString text = cli::helpText(name);
        QVERIFY(text.startsWith(u"Usage: flowkeep-cli "_s + name));
        QVERIFY(text.contains(u"--config-dir"_s) && text.contains(u"Exit status"_s));
        for (const QString &line : text.split(u'\n'))
            QVERIFY2(line.size() <= 110, qPrintable(line));
    }
    QVERIFY(cli::helpText(u"audit"_s).contains(u"--fail-on SEVERITY"_s));
    QVERIFY(!cli::helpText(u"checks"_s).contains(u"--identity"_s));
}

void TestCli::gates()
{
    using model::Severity;
    using model::Verdict;
    model::Audit audit;
    audit.summary.coverage = 60;
    audit.findings
        = {finding(Verdict::Fail, Severity::High), finding(Verdict::Warn, Severity::Critical)};
    QCOMPARE(cli::statusOf(audit, {}), cli::Done);
    QCOMPARE(cli::statusOf(audit, {Severity::High, false, {}}), cli::Failed);
    QCOMPARE(cli::statusOf(audit, {Severity::Medium, false, {}}), cli::Failed);
    QCOMPARE(cli::statusOf(audit, {Severity::Critical, false, {}}), cli::Done);
    QCOMPARE(cli::statusOf(audit, {Severity::Critical, true, {}}), cli::Failed);
    QCOMPARE(cli::statusOf(audit, {{}, false, 61}), cli::Inconclusive);
    QCOMPARE(cli::statusOf(audit, {{}, false, 60}), cli::Done);

    audit.findings.push_back(finding(Verdict::Unknown, Severity::Critical));
    QCOMPARE(cli::statusOf(audit, {Severity::Critical, false, {}}), cli::Inconclusive);
    QCOMPARE(cli::statusOf(audit, {Severity::High, false, {}}),
             cli::Failed); // proven beats unknown
    QCOMPARE(cli::statusOf(audit, {}), cli::Done);

    audit.findings = {finding(Verdict::Unknown, Severity::Low)};
    QCOMPARE(cli::statusOf(audit, {Severity::High, false, {}}), cli::Done);
    audit.summary.coverage = 49;
    QCOMPARE(cli::statusOf(audit, {Severity::High, false, {}}), cli::Inconclusive);
    QCOMPARE(cli::statusOf(audit, {Severity::High, false, 40}), cli::Done);
}

void TestCli::statusesOfErrors()
{
    using base::ErrorKind;
    using base::Stage;
    const auto of = [](ErrorKind kind, Stage stage) {
        return cli::statusOf(base::Error{kind, stage, {}, {}});
    };
    QCOMPARE(of(ErrorKind::HostKeyUnknown, Stage::HostKey), cli::NotConnected);
    QCOMPARE(of(ErrorKind::AuthenticationFailed, Stage::Authentication), cli::NotConnected);
    QCOMPARE(of(ErrorKind::SudoPasswordWrong, Stage::Sudo), cli::NotConnected);
    QCOMPARE(of(ErrorKind::TimedOut, Stage::Tcp), cli::NotConnected);
    QCOMPARE(of(ErrorKind::NothingCollected, Stage::Collect), cli::NotConnected);
    QCOMPARE(of(ErrorKind::NothingCollected, Stage::Parse), cli::Usage);
    QCOMPARE(of(ErrorKind::BadFormat, Stage::Parse), cli::Usage);
    QCOMPARE(of(ErrorKind::FileExists, Stage::File), cli::Usage);
    QCOMPARE(of(ErrorKind::Cancelled, Stage::Collect), cli::Interrupted);
}

void TestCli::precedence()
{
    using enum ExitStatus;
    const auto of = [](std::initializer_list<ExitStatus> list) {
        return cli::worst(std::vector<ExitStatus>(list));
    };
    QCOMPARE(of({}), Done);
    QCOMPARE(of({Done, Inconclusive}), Inconclusive);
    QCOMPARE(of({Inconclusive, Failed, Done}), Failed);
    QCOMPARE(of({Failed, Usage}), Usage);
    QCOMPARE(of({Usage, Refused}), Refused);
    QCOMPARE(of({Refused, NotConnected}), NotConnected);
    QCOMPARE(of({NotConnected, Reverted}), Reverted);
    QCOMPARE(of({StateUnknown, Reverted}), StateUnknown);
    QCOMPARE(of({Interrupted, StateUnknown}), Interrupted);
}

void TestCli::outputFiles()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"out"_s);
    ::umask(0);
    QVERIFY(cli::checkOutput(path, false));
    QVERIFY(cli::writeOutput(path, "one", false));
    QCOMPARE(modeOf(path), 0600u);
    QCOMPARE(cli::checkOutput(path, false).error().kind, base::ErrorKind::FileExists);
    QCOMPARE(cli::writeOutput(path, "two", false).error().kind, base::ErrorKind::FileExists);
    QCOMPARE(contentOf(path), QByteArray("one"));
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    QVERIFY(cli::writeOutput(path, "two", true));
    QCOMPARE(contentOf(path), QByteArray("two"));
    QCOMPARE(modeOf(path), 0600u);

    // A link is neither followed nor replaced, dangling or not.
    const QString victim = folder.filePath(u"victim"_s);
    const QString link = folder.filePath(u"link"_s);
    QVERIFY(QFile::link(victim, link));
    QVERIFY(!cli::writeOutput(link, "x", false));
    QVERIFY(!cli::writeOutput(link, "x", true));
    QVERIFY(!QFile::exists(victim));
    QVERIFY(!cli::writeOutput(u"/dev/null"_s, "x", true));
    QVERIFY(QFile::exists(u"/dev/null"_s));
    QCOMPARE(cli::writeOutput(folder.filePath(u"no/such"_s), "x", false).error().kind,
             base::ErrorKind::FileUnwritable);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden | QDir::System).size(), 2);
}

void TestCli::inputFiles()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"in"_s);
    QCOMPARE(cli::readInput(path).error().kind, base::ErrorKind::FileNotFound);
    QVERIFY(cli::writeOutput(path, QByteArray(1000, 'x'), false));
    QCOMPARE(cli::readInput(path)->size(), 1000);
    QCOMPARE(cli::readInput(path, 999).error().kind, base::ErrorKind::TooLarge);
    QCOMPARE(cli::readInput(folder.path()).error().kind, base::ErrorKind::FileUnreadable);
    QCOMPARE(cli::readInput(u"/dev/zero"_s).error().kind, base::ErrorKind::TooLarge);
}

void TestCli::terminalTextIsHarmless()
{
    model::Audit audit;
    const QByteArray evil = "a\x1b]0;owned\x07\r\n\xe2\x80\xae"
                            "b\xc2\x9b"
                            "31m";
    audit.server.name = QString::fromUtf8(evil);
    audit.server.os = base::UntrustedText(evil);
    audit.server.docker = base::UntrustedText(evil);
    model::DeploymentInfo deployment;
    deployment.id = QString::fromUtf8(evil);
    deployment.variant = QString::fromUtf8(evil);
    deployment.directory = base::UntrustedText(evil);
    audit.deployments = {deployment};
    model::Finding bad = finding(model::Verdict::Fail, model::Severity::High);
    bad.deployment = deployment.id;
    bad.summary = model::say("%1 is open", {base::UntrustedText(evil)});
    audit.findings = {bad};
    const QString text = cli::auditText(audit, {}, false);
    QVERIFY(text.contains(u"is open"_s));
    for (const QChar c : text)
        QVERIFY2(c == u'\n' || !base::isHazardous(c.unicode()), qPrintable(text));
}

void TestCli::answersOfSeveralTargets()
{
    cli::TargetAnswer good{u"a"_s, cli::Done, R"({"schema":"flowkeep.audit/1","id":"X"})", {}, {}};
    cli::TargetAnswer bad{u"b"_s,
                          cli::NotConnected,
                          {},
                          {base::ErrorKind::TimedOut, base::Stage::Tcp, u"b"_s, {}},
                          {}};
    const QJsonObject one = QJsonDocument::fromJson(cli::answersJson({good}, cli::Done)).object();
    QCOMPARE(one.value(u"schema"_s).toString(), u"flowkeep.audit/1"_s);
    QCOMPARE(one.value(u"exitStatus"_s).toInt(-1), 0);
    const QJsonObject failed
        = QJsonDocument::fromJson(cli::answersJson({bad}, cli::NotConnected)).object();
    QCOMPARE(failed.value(u"schema"_s).toString(), u"flowkeep.error/1"_s);
    QCOMPARE(failed.value(u"error"_s).toObject().value(u"stage"_s).toString(), u"tcp"_s);
    const QJsonObject both
        = QJsonDocument::fromJson(cli::answersJson({good, bad}, cli::NotConnected)).object();
    QCOMPARE(both.value(u"schema"_s).toString(), u"flowkeep.audits/1"_s);
    const QJsonArray targets = both.value(u"targets"_s).toArray();
    QCOMPARE(targets.size(), 2);
    QVERIFY(targets.at(0).toObject().value(u"error"_s).isNull());
    QVERIFY(targets.at(1).toObject().value(u"audit"_s).isNull());
    QCOMPARE(targets.at(1).toObject().value(u"exitStatus"_s).toInt(), 3);
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
