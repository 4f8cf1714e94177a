#include "core/checks/check.h"
#include "tests/checks/scenarios.h"
#include "tests/support/factsbuilder.h"
#include "tests/support/scenario.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using knowledge::Knowledge;
using model::Finding;
using model::Verdict;
using support::SnapshotBuilder;

namespace {

facts::Snapshot baseNamed(const QString &name)
{
    auto snapshot = support::loadBase(name);
    if (!snapshot)
        qFatal("%s", qPrintable(snapshot.error().detail));
    return *snapshot;
}

QByteArray data(const QString &name)
{
    QFile file(QStringLiteral(FLOWKEEP_SOURCE_DIR "/resources/knowledge/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Knowledge in which this key is read by these lines only.
Knowledge knowledgeWith(const QByteArray &key, bool oldFork, bool newFork)
{
    const QByteArray flags = "\"oldFork\": " + QByteArray(oldFork ? "true" : "false")
        + ", \"newFork\": " + QByteArray(newFork ? "true" : "false");
    QByteArrayList lines = data(u"gotrue-keys.json"_s).split('\n');
    const QByteArray quoted = '"' + key + '"';
    for (QByteArray &line : lines) {
        if (line.contains(quoted))
            line.replace("\"oldFork\": true, \"newFork\": true", flags);
    }
    return *Knowledge::fromJson(data(u"guide-keys.json"_s), lines.join('\n'),
                                data(u"factory-secrets.json"_s), data(u"public-keys.json"_s));
}

Finding find(const model::Audit &audit, const QString &id, const QString &deployment = {})
{
    const auto found = std::ranges::find_if(audit.findings, [&](const Finding &finding) {
        return finding.id == id && (deployment.isEmpty() || finding.deployment == deployment);
    });
    return found == audit.findings.end() ? Finding() : *found;
}

Finding judged(const facts::Snapshot &snapshot,
               const QString &id,
               const Knowledge &knowledge = Knowledge::builtIn())
{
    return find(checks::judge(facts::parse(snapshot), knowledge, {id}), id);
}

QByteArray textOf(const facts::Snapshot &snapshot, const QString &id)
{
    const auto found = std::ranges::find(snapshot.sections, id, &facts::Section::id);
    return found == snapshot.sections.end() ? QByteArray() : found->data;
}

} // namespace

class TestChecks : public QObject
{
    Q_OBJECT

private slots:
    void theStockServerFailsAndTheHardenedOneDoesNot()
    {
        const model::Audit stock
            = checks::judge(facts::parse(baseNamed(u"stock"_s)), Knowledge::builtIn());
        for (const char *id :
             {"TLS-01", "TLS-03", "TLS-06", "HDR-02", "AUTH-01", "AUTH-04", "AUTH-10", "DATA-08"})
            QVERIFY2(find(stock, QString::fromLatin1(id)).verdict == Verdict::Fail, id);
        const model::Audit hardened
            = checks::judge(facts::parse(baseNamed(u"hardened"_s)), Knowledge::builtIn());
        QCOMPARE(hardened.findings.size(), checks::catalogue().size());
        for (const Finding &finding : hardened.findings) {
            QVERIFY2(finding.verdict == Verdict::Pass,
                     qPrintable(finding.id + u": "_s + model::render(finding.summary)));
        }
        QCOMPARE(hardened.summary.score, 100);
        QCOMPARE(hardened.summary.coverage, 100);
    }

    void twoDeploymentsOfOneHostAreNotMixed()
    {
        const facts::Facts facts = facts::parse(scenarios::twoDeployments());
        QCOMPARE(facts.deployments.size(), 2U);
        const model::Audit both = checks::judge(facts, Knowledge::builtIn());
        const model::Audit stock
            = checks::judge(facts::parse(baseNamed(u"stock"_s)), Knowledge::builtIn());
        QCOMPARE(both.findings.size(), 2 * checks::catalogue().size());
        for (const checks::Check &check : checks::catalogue()) {
            const QString &id = check.info.id;
            const Finding first = find(both, id, u"appflowy-cloud"_s);
            QVERIFY2(first.verdict == find(stock, id).verdict, qPrintable(id));
            QCOMPARE(model::render(first.summary), model::render(find(stock, id).summary));
            const Finding second = find(both, id, u"wiki"_s);
            QVERIFY2(second.verdict == Verdict::Pass,
                     qPrintable(id + u": "_s + model::render(second.summary)));
        }
        QCOMPARE(both.deployments.at(1).id, u"wiki"_s);
        QCOMPARE(both.deployments.at(1).summary.score, 100);
        QCOMPARE(both.summary.score, both.deployments.at(0).summary.score);
    }

    void aKeyThatThisVersionDoesNotReadHasNoEffect()
    {
        const QByteArray key = "GOTRUE_PASSWORD_MIN_LENGTH";
        const Finding unread
            = judged(baseNamed(u"hardened"_s), u"AUTH-01"_s, knowledgeWith(key, true, false));
        QVERIFY(unread.verdict == Verdict::Fail);
        QVERIFY(model::render(unread.summary).contains(u"no effect"_s));
        QVERIFY(unread.reach == model::Reach::Delivered);

        // Not identified, and only one of the lines we know reads it.
        SnapshotBuilder builder(baseNamed(u"hardened"_s));
        builder.section(u"gotrue-schema@1"_s, {}, SnapshotBuilder::Status::Denied);
        const Finding open = judged(builder.build(), u"AUTH-01"_s, knowledgeWith(key, false, true));
        QVERIFY(open.verdict == Verdict::Warn);
        QVERIFY(model::render(open.summary).contains(u"not known to be read"_s));
        QVERIFY(open.reach == model::Reach::Delivered);

        const Finding read
            = judged(baseNamed(u"hardened"_s), u"AUTH-01"_s, knowledgeWith(key, false, true));
        QVERIFY(read.verdict == Verdict::Pass);
    }

    /// AppFlowy's own template says "false", and false is what the server does: the value is read
    /// and obeyed. Only an answer that contradicts the environment makes it one without effect.
    void openRegistrationIsObeyedAndNotWithoutEffect()
    {
        const Finding open = judged(scenarios::server(u"stock"_s), u"AUTH-10"_s);
        QVERIFY(open.verdict == Verdict::Fail);
        QVERIFY(open.reach == model::Reach::Honoured);
        QVERIFY(!model::hasNoEffect(open));
        QCOMPARE(model::render(open.reachChain.at(3).where), u"read by this gotrue"_s);

        SnapshotBuilder builder(baseNamed(u"hardened"_s));
        builder.section(u"gotrue-settings@1"_s, "http  200\n{\"disable_signup\":false}\n");
        const Finding contradicted = judged(builder.build(), u"AUTH-10"_s);
        QVERIFY(contradicted.verdict == Verdict::Fail);
        QVERIFY(model::hasNoEffect(contradicted));
        QCOMPARE(model::render(contradicted.reachChain.at(3).where),
                 u"the answer of gotrue says otherwise"_s);

        const Finding demo = judged(scenarios::server(u"demo"_s), u"AUTH-10"_s);
        QVERIFY(demo.verdict == Verdict::Pass);
        QVERIFY(demo.reach == model::Reach::Proven);
    }

    void aSecretThatThisVersionDoesNotReadIsNoPass()
    {
        const Finding finding = judged(baseNamed(u"hardened"_s), u"AUTH-04"_s,
                                       knowledgeWith("GOTRUE_JWT_SECRET", true, false));
        QVERIFY(finding.verdict == Verdict::Warn);
    }

    void datesThatAreNoneAreUnknown()
    {
        for (QDateTime model::Certificate::*date :
             {&model::Certificate::notBefore, &model::Certificate::notAfter}) {
            facts::Snapshot snapshot = baseNamed(u"hardened"_s);
            for (model::TlsObservation &seen : snapshot.outside.tls)
                seen.chain.front().*date = {};
            const Finding finding = judged(snapshot, u"TLS-03"_s);
            QVERIFY(finding.verdict == Verdict::Unknown);
            QVERIFY(model::render(finding.summary).contains(u"cannot be read"_s));
        }
    }

    /// A rule may let just this desktop in; that it answers here is then no contradiction.
    void anAddressThatTheRulesLetInMayConnect()
    {
        const QByteArray rules
            = "# Generated by iptables-save v1.8.9 (nf_tables) on Wed Nov 25 10:00:00 2026\n"
              "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
              ":DOCKER-USER - [0:0]\n"
              "-A FORWARD -j DOCKER-USER\n"
              "-A DOCKER-USER -s 198.51.100.9/32 -j RETURN\n"
              "-A DOCKER-USER -i eth0 -j DROP\n"
              "COMMIT\n"
              "*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
              ":POSTROUTING ACCEPT [0:0]\n"
              "-A PREROUTING -p tcp -m tcp --dport 9000 -j DNAT --to-destination 172.18.0.3:9000\n"
              "COMMIT\n";
        facts::Snapshot hardened = baseNamed(u"hardened"_s);
        QByteArray containers = textOf(hardened, u"containers"_s);
        containers.replace("service\tminio\n", "service\tminio\nport\t9000/tcp\t0.0.0.0\t9000\n");
        SnapshotBuilder builder(hardened);
        builder.section(u"containers"_s, containers);
        builder.section(u"iptables"_s, rules);
        builder.outside().ports.clear();
        QVERIFY(judged(builder.build(), u"NET-05"_s).verdict == Verdict::Pass);

        builder.outsidePort(9000, model::PortObservation::Outcome::Open);
        QVERIFY(judged(builder.build(), u"NET-05"_s).verdict == Verdict::Fail);
        builder.outside().vantage.addresses = {u"192.0.2.77"_s};
        QVERIFY(judged(builder.build(), u"NET-05"_s).verdict == Verdict::Fail);
        builder.outside().vantage.addresses = {u"192.0.2.77"_s, u"198.51.100.9"_s};
        QVERIFY(judged(builder.build(), u"NET-05"_s).verdict == Verdict::Pass);
        // Another family, another protocol or another port say nothing of this one.
        builder.outside().vantage.addresses.clear();
        builder.outside().ports.clear();
        builder.outsidePort(9000, model::PortObservation::Outcome::Open,
                            model::AddressFamily::IPv6);
        builder.outsidePort(9001, model::PortObservation::Outcome::Open);
        builder.outsidePort(9000, model::PortObservation::Outcome::Refused);
        QVERIFY(judged(builder.build(), u"NET-05"_s).verdict == Verdict::Pass);
    }

    void onlyTheWantedChecksAreJudged()
    {
        const facts::Facts facts = facts::parse(baseNamed(u"stock"_s));
        const model::Audit audit
            = checks::judge(facts, Knowledge::builtIn(), {u"AUTH-04"_s, u"TLS-01"_s, u"NO-99"_s});
        QCOMPARE(audit.findings.size(), 2U);
        // In the order of the catalogue.
        QCOMPARE(audit.findings.at(0).id, u"TLS-01"_s);
        QCOMPARE(audit.findings.at(1).id, u"AUTH-04"_s);
    }

    void theAuditTellsWhatItRestsOn()
    {
        facts::Snapshot snapshot = baseNamed(u"stock"_s);
        snapshot.connection = {u"docs"_s, u"2001:db8::10"_s, 22, u"SHA256:abc"_s};
        snapshot.durationMs = 1234;
        snapshot.startedAt = QDateTime(QDate(2026, 11, 25), QTime(10, 0), Qt::UTC);
        snapshot.outside.vantage = {{u"198.51.100.9"_s}, {model::AddressFamily::IPv6}, u"direct"_s};
        const model::Audit audit = checks::judge(facts::parse(snapshot), Knowledge::builtIn());
        QCOMPARE(audit.server.address, u"[2001:db8::10]:22"_s);
        QCOMPARE(audit.server.hostKey, u"SHA256:abc"_s);
        QCOMPARE(audit.server.os.display(), u"Debian GNU/Linux 12 (bookworm)"_s);
        QCOMPARE(audit.durationMs, 1234);
        QCOMPARE(audit.startedAt, snapshot.startedAt);
        QCOMPARE(audit.catalogue, checks::catalogueVersion());
        QCOMPARE(audit.vantage.families, QStringList{u"ipv6"_s});
        QCOMPARE(audit.vantage.addresses, QStringList{u"198.51.100.9"_s});
        QVERIFY(!audit.fromFile);
        // The hash is that of the facts file which `collect` writes.
        QCOMPARE(
            audit.factsSha256,
            QCryptographicHash::hash(facts::toJson(snapshot), QCryptographicHash::Sha256).toHex());
        const model::DeploymentInfo &deployment = audit.deployments.at(0);
        QCOMPARE(deployment.id, u"appflowy-cloud"_s);
        QCOMPARE(deployment.directory.display(), u"/opt/AppFlowy-Cloud"_s);
        QCOMPARE(deployment.versions.value(u"gotrue"_s).display(), u"appflowyinc/gotrue:latest"_s);

        snapshot.connection = {};
        snapshot.fromFile = true;
        const model::Audit fromFile = checks::judge(facts::parse(snapshot), Knowledge::builtIn());
        QCOMPARE(fromFile.server.address, u"file"_s);
        QVERIFY(fromFile.fromFile);
    }

    void aServerWithoutDeploymentsHasNoFindingsAndNoScore()
    {
        SnapshotBuilder builder;
        builder.section(u"containers"_s, {}, SnapshotBuilder::Status::Missing);
        builder.section(u"deployments"_s, {}, SnapshotBuilder::Status::Missing);
        const model::Audit audit
            = checks::judge(facts::parse(builder.build()), Knowledge::builtIn());
        QVERIFY(audit.findings.empty());
        QVERIFY(!audit.summary.score);
    }

    void namesOfStrangersArePlain()
    {
        facts::Snapshot hostile = scenarios::twoDeployments();
        for (facts::Section &section : hostile.sections) {
            section.data.replace("wiki", "wi\u202eki\x1b[2J");
            section.data.replace("\tgotrue\t", "\tgo\u2066true\t");
        }
        hostile.connection = {u"shop\u202e"_s, u"203.0.113.9\u200f"_s, 22, u"SHA256:\u0007"_s};
        hostile.outside.vantage.addresses = {u"198.51.100.7\u2028"_s};
        hostile.outside.vantage.route = u"direct\u202e"_s;

        const model::Audit audit = checks::judge(facts::parse(hostile), Knowledge::builtIn());
        QStringList texts = audit.vantage.addresses;
        texts << audit.vantage.route << audit.server.name << audit.server.address
              << audit.server.hostKey;
        for (const model::DeploymentInfo &deployment : audit.deployments)
            texts << deployment.id << deployment.variant << deployment.edge
                  << deployment.versions.keys();
        for (const Finding &finding : audit.findings)
            texts << finding.deployment << model::render(finding.summary)
                  << model::render(finding.expected) << model::render(finding.actual);
        QCOMPARE(audit.deployments.size(), 2U);
        QVERIFY(texts.filter(u"\ufffd"_s).size() >= 6); // the edits above have arrived
        for (const QString &text : std::as_const(texts)) {
            QVERIFY2(std::ranges::none_of(text.toUcs4(), base::isHazardous),
                     qPrintable(base::UntrustedText(text).terminal()));
        }
    }

    void withoutRightsEverythingIsUnknownAndNothingNotApplicable()
    {
        SnapshotBuilder builder(baseNamed(u"stock"_s));
        for (const char *id : {"containers", "deployments"})
            builder.section(QString::fromLatin1(id), {}, SnapshotBuilder::Status::Denied);
        const model::Audit audit
            = checks::judge(facts::parse(builder.build()), Knowledge::builtIn());
        QCOMPARE(audit.findings.size(), checks::catalogue().size());
        for (const Finding &finding : audit.findings) {
            QVERIFY(finding.verdict == Verdict::Unknown);
            QVERIFY(model::render(finding.summary).contains(u"denied"_s));
        }
        QVERIFY(!audit.summary.score);
        QCOMPARE(audit.summary.coverage, 0);
    }
};

QTEST_GUILESS_MAIN(TestChecks)
#include "tst_checks.moc"
