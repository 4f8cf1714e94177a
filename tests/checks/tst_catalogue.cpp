#include "tests/checks/scenarios.h"

#include "core/config/envfile.h"
#include "core/config/nginx.h"
#include "core/facts/sectiontable.h"
#include "core/model/passages.h"

#include <QDate>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;
using model::CheckInfo;

namespace {

/// What the lines of a block are for; Unclear where nobody could say.
enum class Language { Unclear, Shell, Yaml, Env, Nginx };

Language languageOf(const QString &block)
{
    static const QRegularExpression env(u"^([A-Z][A-Z0-9_]*=.*\\n?)+$"_s);
    static const QRegularExpression yaml(u"^[a-z]+:\\n"_s);
    static const QRegularExpression shell(
        u"^((docker|openssl|certbot|cat|iptables|ip6tables) .*\\n?)+$"_s);
    if (block.endsWith(u';') || block.endsWith(u'}'))
        return Language::Nginx;
    if (env.match(block).hasMatch())
        return Language::Env;
    if (yaml.match(block).hasMatch())
        return Language::Yaml;
    return shell.match(block).hasMatch() ? Language::Shell : Language::Unclear;
}

/// The leaves of the little YAML that advice needs, as "a/b/c=value" and "a/b/-=item": mappings two
/// blanks deeper than their key, quoted values, lists of quoted values. Nothing else is taken:
/// nullopt.
std::optional<QStringList> yamlLeaves(const QString &block)
{
    static const QRegularExpression form(
        u"^( *)(?:- \"([^\"\\\\]*)\"|([A-Za-z_][A-Za-z0-9_-]*):(?: \"([^\"\\\\]*)\")?)$"_s);
    QStringList leaves;
    QStringList path;
    bool deeper = true; // the line before opened a mapping or a list
    for (const QString &line : block.split(u'\n')) {
        const auto match = form.match(line);
        if (!match.hasMatch() || match.capturedLength(1) % 2 != 0)
            return std::nullopt;
        const qsizetype depth = match.capturedLength(1) / 2;
        if (deeper ? depth != path.size() : depth > path.size())
            return std::nullopt;
        path.resize(depth);
        if (match.hasCaptured(2)) {
            leaves << path.join(u'/') + u"/-="_s + match.captured(2);
            deeper = false;
            continue;
        }
        deeper = !match.hasCaptured(4);
        if (deeper)
            path << match.captured(3);
        else
            leaves << (path + QStringList{match.captured(3)}).join(u'/') + u'=' + match.captured(4);
    }
    return deeper ? std::nullopt : std::optional(leaves);
}

/// Empty where bash would run it.
QByteArray bashError(const QString &block)
{
    QProcess bash;
    bash.start(u"bash"_s, {u"-n"_s});
    bash.write(block.toUtf8() + '\n');
    bash.closeWriteChannel();
    if (!bash.waitForFinished() || bash.exitStatus() != QProcess::NormalExit)
        return "bash does not run";
    const QByteArray said = bash.readAllStandardError();
    return bash.exitCode() == 0 ? said : said + " status " + QByteArray::number(bash.exitCode());
}

} // namespace

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

    /// What is not marked as a block is shown as prose and cannot be copied.
    void adviceIsProseAndBlocks()
    {
        for (const checks::Check &check : checks::catalogue()) {
            const QString advice = QString::fromUtf8(check.info.advice);
            const std::vector<model::Passage> passages = model::passages(advice);
            QVERIFY2(!passages.front().code && passages.back().code, qPrintable(check.info.id));
            QStringList again;
            for (const model::Passage &passage : passages) {
                QString text = passage.text;
                if (passage.code) {
                    QVERIFY2(!text.startsWith(u' '), qPrintable(text));
                    text = u"    "_s + text.replace(u'\n', u"\n    "_s);
                } else {
                    QVERIFY2(!text.contains(u'\n'), qPrintable(text));
                    QVERIFY2(text.endsWith(u'.') || text.endsWith(u':'), qPrintable(text));
                }
                again << text;
                for (const QString &line : text.split(u'\n'))
                    QVERIFY2(!line.endsWith(u' '), qPrintable(line));
                QVERIFY2(!text.contains(u'\t') && !text.contains(u"..."_s), qPrintable(text));
            }
            QCOMPARE(again.join(u"\n\n"_s), advice); // one empty line between, none around
        }
    }

    void blocksOfAdviceWorkAsTheyAreCopied_data()
    {
        QTest::addColumn<QString>("block");
        for (const checks::Check &check : checks::catalogue()) {
            int number = 0;
            for (const model::Passage &passage :
                 model::passages(QString::fromUtf8(check.info.advice))) {
                if (passage.code)
                    QTest::addRow("%s block %d", qPrintable(check.info.id), ++number)
                        << passage.text;
            }
        }
    }

    void blocksOfAdviceWorkAsTheyAreCopied()
    {
        QFETCH(QString, block);
        switch (languageOf(block)) {
        case Language::Unclear:
            QFAIL(qPrintable(u"of no language: "_s + block));
        case Language::Shell:
            QCOMPARE(bashError(block), QByteArray());
            break;
        case Language::Env: {
            const config::EnvDocument file = config::parseEnv(block.toUtf8() + '\n');
            QVERIFY(!file.errorLine);
            QCOMPARE(static_cast<qsizetype>(file.assignments.size()), block.count(u'\n') + 1);
            break;
        }
        case Language::Nginx: {
            const config::NginxFile file = config::parseNginx(block.toUtf8());
            QVERIFY(!file.errorLine);
            QCOMPARE(file.directives.size(), 1u);
            break;
        }
        case Language::Yaml: {
            const std::optional<QStringList> leaves = yamlLeaves(block);
            QVERIFY2(leaves, qPrintable(block));
            static const QStringList known{
                u"services/gotrue/environment/GOTRUE_PASSWORD_MIN_LENGTH=12"_s,
                u"ports/-=127.0.0.1:9000:9000"_s};
            for (const QString &leaf : *leaves)
                QVERIFY2(known.contains(leaf), qPrintable(leaf));
            break;
        }
        }
    }

    void tornBlocksAreSeen()
    {
        QVERIFY(!yamlLeaves(u"environment:\nKEY: \"12\""_s));
        QVERIFY(!yamlLeaves(u"services:\n    gotrue:"_s));
        QVERIFY(!yamlLeaves(u"services:\n  gotrue:"_s));
        QVERIFY(!yamlLeaves(u"a:\n  b: \"1\"\n    c: \"2\""_s));
        QCOMPARE(yamlLeaves(u"a:\n  b: \"1\"\nc:\n  - \"2\""_s),
                 std::optional(QStringList{u"a/b=1"_s, u"c/-=2"_s}));
        QVERIFY(!bashError(u"cat 'x"_s).isEmpty());
        QCOMPARE(languageOf(u"Change it in .env"_s), Language::Unclear);
    }

    void titlesAreShortAndWithoutAStop()
    {
        for (const checks::Check &check : checks::catalogue()) {
            const QString title = QString::fromUtf8(check.info.title);
            QVERIFY2(title.size() <= 60 && !title.endsWith(u'.'), qPrintable(title));
            QVERIFY(QString::fromUtf8(check.info.why).endsWith(u'.'));
        }
        for (const scenarios::Literal &literal : scenarios::literals()) {
            if (literal.context == "Sentence"_L1)
                QVERIFY2(!literal.text.endsWith(u'.'), qPrintable(literal.text));
        }
    }
};

QTEST_GUILESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
