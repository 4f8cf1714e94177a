#include "core/facts/facts.h"
#include "core/facts/records.h"
#include "core/facts/section.h"
#include "core/facts/sectiontable.h"
#include "tests/support/factsbuilder.h"
#include "tests/support/scenario.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using facts::Facts;
using facts::Gap;
using facts::Section;
using support::SnapshotBuilder;

namespace {

facts::Snapshot named(const QString &name)
{
    auto snapshot = support::loadBase(name);
    if (!snapshot)
        qFatal("%s", qPrintable(snapshot.error().detail));
    return *snapshot;
}

/// Every fact with a word for it, so that tests can walk all of them.
std::map<QString, std::optional<Gap>> gaps(const Facts &facts)
{
    std::map<QString, std::optional<Gap>> all;
    const auto add = [&](const QString &name, const auto &fact) {
        all[name] = fact ? std::nullopt : std::optional(fact.gap());
    };
    add(u"host"_s, facts.host);
    add(u"os"_s, facts.os);
    add(u"docker"_s, facts.docker);
    add(u"listening"_s, facts.listening);
    add(u"addresses"_s, facts.addresses);
    add(u"networks"_s, facts.networks);
    add(u"packetRules"_s, facts.packetRules);
    add(u"ufw"_s, facts.ufw);
    add(u"containers"_s, facts.containers);
    add(u"hostNginx"_s, facts.hostNginx);
    for (const facts::Deployment &deployment : facts.deployments) {
        const QString of = deployment.id + u' ';
        add(of + u"envFile"_s, deployment.envFile);
        add(of + u"rendered"_s, deployment.rendered);
        add(of + u"containers"_s, deployment.containers);
        add(of + u"nginx"_s, deployment.nginx);
        add(of + u"gotrueSchema"_s, deployment.gotrueSchema);
        add(of + u"gotrueSettings"_s, deployment.gotrueSettings);
        add(of + u"passwordProbe"_s, deployment.passwordProbe);
        add(of + u"databaseRole"_s, deployment.databaseRole);
        add(of + u"signupWhitelist"_s, deployment.signupWhitelist);
    }
    return all;
}

/// The first answer seen from outside.
const model::HttpObservation &answer(const Facts &facts, const QString &scheme, const QString &path)
{
    for (const model::HttpObservation &seen : facts.outside().http) {
        if (seen.scheme == scheme && seen.path == path)
            return seen;
    }
    qFatal("nobody asked for %s %s", qPrintable(scheme), qPrintable(path));
}

std::optional<QByteArray> header(const model::HttpObservation &seen, QByteArrayView name)
{
    for (const model::HttpHeader &each : seen.headers) {
        if (each.name == name)
            return each.value.bytes();
    }
    return std::nullopt;
}

Facts withText(const QString &id, const QByteArray &text)
{
    SnapshotBuilder builder(named(u"stock"_s));
    return facts::parse(builder.section(id, text).build());
}

/// The stock server with its own nginx gone and gotrue and the server published on loopback.
SnapshotBuilder hostProxy(const QByteArray &site)
{
    SnapshotBuilder builder;
    builder.section(u"deployments"_s,
                    "1  docs  /srv/docs  /srv/docs/docker-compose.yml  ''  compose\n");
    builder.section(
        u"containers"_s,
        "container  0123456789ab\nname  docs-gotrue-1\nproject  docs\nservice  gotrue\n"
        "image  appflowyinc/gotrue:latest\nstate  running\nport  9999/tcp  127.0.0.1  9999\n"
        "env  API_EXTERNAL_URL  =https://docs.example.net/gotrue\n"
        "container  1123456789ab\nname  docs-appflowy_cloud-1\nproject  docs\n"
        "service  appflowy_cloud\nimage  appflowyinc/appflowy_cloud:latest\nstate  running\n"
        "port  8000/tcp  0.0.0.0  8000\n");
    builder.section(u"nginx@1"_s, {}, Section::Status::Missing);
    builder.section(u"nginx-host"_s,
                    "# test 0\n# configuration file /etc/nginx/nginx.conf:\nevents { }\nhttp {\n"
                    "include /etc/nginx/sites-enabled/*;\n}\n"
                    "# configuration file /etc/nginx/sites-enabled/docs:\n"
                        + site);
    return builder;
}

} // namespace

class FactsTest : public QObject
{
    Q_OBJECT

private slots:
    void stockServer()
    {
        const Facts facts = facts::parse(named(u"stock"_s));
        for (const auto &[name, gap] : gaps(facts)) {
            if (name == u"hostNginx"_s)
                QCOMPARE(gap, std::optional(Gap::ToolMissing));
            else
                QVERIFY2(!gap, qPrintable(name));
        }
        QCOMPARE(facts.host->hostName, "docs"_ba);
        QCOMPARE(facts.host->uid, 0);
        QCOMPARE(facts.os->versionId, "12"_ba);
        QCOMPARE(facts.os->prettyName, "Debian GNU/Linux 12 (bookworm)"_ba);
        QCOMPARE(facts.docker->userlandProxy, std::optional(true));
        QCOMPARE(facts.listening->size(), std::size_t(8));
        QCOMPARE(facts.listening->at(0).device, "lo"_ba);
        QCOMPARE(facts.listening->at(1).process, "docker-proxy"_ba);
        QCOMPARE(facts.listening->at(5).address, QHostAddress(QHostAddress::AnyIPv6));
        QCOMPARE(facts.addresses->at(3).address, QHostAddress(u"2001:db8::10"_s));
        QCOMPARE(facts.addresses->at(3).prefix, 64);
        QCOMPARE(facts.networks->at(0).bridge, "br-3f1a90c2b7de"_ba);
        QVERIFY(!facts.ufw->installed);
        QCOMPARE(facts.containers->size(), std::size_t(11));
        QCOMPARE(facts.host.source().command, "collector"_ba);
        QCOMPARE(facts.os.source().at, facts.snapshot.serverClock);
        QCOMPARE(facts.os.source().sha256.size(), 64);

        QCOMPARE(facts.deployments.size(), std::size_t(1));
        const facts::Deployment &docs = facts.deployments.front();
        QCOMPARE(docs.id, u"appflowy-cloud"_s);
        QCOMPARE(docs.variant, u"v1"_s);
        QCOMPARE(docs.edge, u"none"_s);
        QCOMPARE(docs.fqdn(), "docs.example.org"_ba);
        QVERIFY(!docs.placeholder && !docs.hostNginx);
        QCOMPARE(docs.envFile->mode, "644"_ba);
        const facts::EnvEntry *secret = find(docs.envFile->entries, "GOTRUE_JWT_SECRET");
        QCOMPARE(secret->line, 102);
        QVERIFY(secret->value.knownDefault && !secret->value.text);
        const facts::Container *gotrue = docs.container("gotrue");
        QVERIFY(gotrue->isRunning());
        QCOMPARE(gotrue->startedAt.time().msec(), 512);
        const facts::EnvEntry *delivered = find(gotrue->env, "GOTRUE_JWT_SECRET");
        QCOMPARE(secret->value.equals(delivered->value), std::optional(true));
        QCOMPARE(*find(gotrue->env, "GOTRUE_JWT_EXP")->value.text, "604800"_ba);
        QCOMPARE(docs.container("nginx")->ports.size(), std::size_t(4));
        QCOMPARE(docs.service("minio")->command->size(), std::size_t(4));
        QVERIFY(!docs.service("gotrue")->command);
        QCOMPARE(docs.nginx->testPassed, std::optional(true));
        QVERIFY(docs.gotrueSchema->newFork && !docs.gotrueSchema->oldFork);
        QCOMPARE(docs.gotrueSettings->disableSignup, std::optional(false));
        QCOMPARE(docs.passwordProbe->outcome, facts::PasswordProbe::Outcome::WeakPassword);
        QCOMPARE(docs.passwordProbe->minimumLength, std::optional(6));
        QVERIFY(!docs.passwordProbe->wantsCharacters);
        QCOMPARE(docs.databaseRole->factoryPassword, std::optional(true));
        QVERIFY(!docs.signupWhitelist->tableFound && !docs.signupWhitelist->enabled);
    }

    void hardenedServer()
    {
        const Facts facts = facts::parse(named(u"hardened"_s));
        const facts::Deployment &docs = facts.deployments.front();
        QCOMPARE(*find(docs.container("gotrue")->env, "GOTRUE_PASSWORD_MIN_LENGTH")->value.text,
                 "12"_ba);
        QCOMPARE(docs.passwordProbe->outcome, facts::PasswordProbe::Outcome::SignupDisabled);
        QCOMPARE(facts.ufw->active, std::optional(true));
        QVERIFY(facts.packetRules->filters(config::PacketFamily::IPv6));
        QCOMPARE(docs.configFiles.size(), std::size_t(2));
        QCOMPARE(docs.envFile->mode, "600"_ba);
        QCOMPARE(answer(facts, u"http"_s, u"/"_s).status, 301);
        QCOMPARE(header(answer(facts, u"https"_s, u"/"_s), "x-content-type-options"),
                 std::optional("nosniff"_ba));
    }

    void everyValueKnowsItsSection()
    {
        const Facts facts = facts::parse(named(u"stock"_s));
        QCOMPARE(facts.deployments[0].envFile.source().section, u"env@1"_s);
        QCOMPARE(facts.packetRules.source().section, u"iptables"_s);
    }

    void aStatusBecomesAGap_data()
    {
        QTest::addColumn<Section::Status>("status");
        QTest::addColumn<Gap>("gap");
        QTest::newRow("denied") << Section::Status::Denied << Gap::Denied;
        QTest::newRow("missing") << Section::Status::Missing << Gap::ToolMissing;
        QTest::newRow("timeout") << Section::Status::TimedOut << Gap::TimedOut;
        QTest::newRow("failed") << Section::Status::Failed << Gap::Failed;
        QTest::newRow("cut") << Section::Status::Cut << Gap::Cut;
        QTest::newRow("unparsable") << Section::Status::Unparsable << Gap::Unparsable;
    }

    void aStatusBecomesAGap()
    {
        QFETCH(Section::Status, status);
        QFETCH(Gap, gap);
        SnapshotBuilder builder(named(u"stock"_s));
        const Facts facts = facts::parse(builder.section(u"os"_s, "ID=debian\n", status).build());
        QVERIFY(!facts.os.known());
        QCOMPARE(facts.os.gap(), gap);
        QCOMPARE(facts.os.source().section, u"os"_s);
    }

    void whatSeveralCanWriteIsItsOwnReason()
    {
        SnapshotBuilder builder(named(u"stock"_s));
        const Facts facts = facts::parse(
            builder.section(u"env@1"_s, "writable\t/srv/app\n", Section::Status::Denied).build());
        QCOMPARE(facts.deployments[0].envFile.gap(), Gap::Writable);
    }

    void aCutSectionIsNoValue()
    {
        facts::Snapshot snapshot = named(u"stock"_s);
        for (Section &section : snapshot.sections)
            section.cut = section.id == u"containers"_s;
        const Facts facts = facts::parse(snapshot);
        QCOMPARE(facts.containers.gap(), Gap::Cut);
        QVERIFY(facts.deployments[0].placeholder);
    }

    void absentSections()
    {
        SnapshotBuilder builder(named(u"stock"_s));
        builder.without(u"os"_s);
        QCOMPARE(facts::parse(builder.build()).os.gap(), Gap::NotCollected);
        QCOMPARE(facts::parse(builder.cutStream().build()).os.gap(), Gap::Cut);
    }

    /// One section at a time: nothing but what rests on it may change.
    void damageStaysInItsSection()
    {
        const std::map<QString, QStringList> rest{
            {u"meta"_s, {u"host"_s}},
            {u"iptables"_s, {u"packetRules"_s}},
            {u"ip6tables"_s, {u"packetRules"_s}},
            {u"nginx-host"_s, {u"hostNginx"_s}},
            {u"nft"_s, {u"packetRules"_s}},
            {u"iptables-legacy"_s, {u"packetRules"_s}},
            {u"ip6tables-legacy"_s, {u"packetRules"_s}},
            {u"env@1"_s, {u"appflowy-cloud envFile"_s}},
            {u"rendered@1"_s, {u"appflowy-cloud rendered"_s}},
            {u"nginx@1"_s, {u"appflowy-cloud nginx"_s}},
            {u"gotrue-schema@1"_s, {u"appflowy-cloud gotrueSchema"_s}},
            {u"gotrue-settings@1"_s, {u"appflowy-cloud gotrueSettings"_s}},
            {u"password-probe@1"_s, {u"appflowy-cloud passwordProbe"_s}},
            {u"db-role@1"_s, {u"appflowy-cloud databaseRole"_s}},
            {u"whitelist@1"_s, {u"appflowy-cloud signupWhitelist"_s}},
            {u"deployments"_s,
             {u"appflowy-cloud envFile"_s, u"appflowy-cloud rendered"_s, u"appflowy-cloud nginx"_s,
              u"appflowy-cloud gotrueSchema"_s, u"appflowy-cloud gotrueSettings"_s,
              u"appflowy-cloud passwordProbe"_s, u"appflowy-cloud databaseRole"_s,
              u"appflowy-cloud signupWhitelist"_s}},
            {u"containers"_s, {u"containers"_s, u"appflowy-cloud containers"_s}},
        };
        const auto before = gaps(facts::parse(named(u"stock"_s)));
        for (const Section &section : named(u"stock"_s).sections) {
            SnapshotBuilder builder(named(u"stock"_s));
            builder.section(section.id, "\\x\t{ garbage \xff ]\n");
            const auto after = gaps(facts::parse(builder.build()));
            const auto found = rest.find(section.id);
            const QStringList own = found == rest.end() ? QStringList{section.id} : found->second;
            for (const auto &[name, gap] : before) {
                QVERIFY2(after.contains(name), qPrintable(section.id + u": "_s + name));
                if (own.contains(name))
                    QVERIFY2(after.at(name), qPrintable(section.id + u": "_s + name));
                else
                    QVERIFY2(after.at(name) == gap, qPrintable(section.id + u": "_s + name));
            }
        }
    }

    void whatIsBeyondTheLimitStaysUnknown()
    {
        QByteArray text;
        for (int i = 0; i < 40; ++i) {
            const QByteArray n = QByteArray::number(i);
            text += "container\t" + n + "\nproject\tp" + n
                + "\nname\tn\nimage\tappflowyinc/x\nstate\trunning\n";
        }
        const Facts facts = facts::parse(SnapshotBuilder().section(u"containers"_s, text).build());
        QCOMPARE(facts.containers->size(), std::size_t(40));
        QCOMPARE(facts.deployments.size(), std::size_t(facts::deploymentLimit + 1));
        QVERIFY(!facts.deployments.front().placeholder);
        QVERIFY(facts.deployments.back().placeholder);
        QCOMPARE(facts.deployments.back().containers.gap(), Gap::Cut);

        // No server has so many; what it costs must not grow with what a stranger sends.
        QByteArray endless;
        for (std::size_t i = 0; i <= facts::recordLimit; ++i)
            endless += "container\tx\n";
        QCOMPARE(facts::parse(SnapshotBuilder().section(u"containers"_s, endless).build())
                     .containers.gap(),
                 Gap::Unparsable);
    }

    void placeholders()
    {
        SnapshotBuilder builder(named(u"stock"_s));
        builder.section(u"containers"_s, {}, Section::Status::Denied);
        Facts facts = facts::parse(builder.build());
        QCOMPARE(facts.deployments.size(), std::size_t(1));
        QCOMPARE(facts.deployments[0].id, u"appflowy-cloud"_s);
        QVERIFY(facts.deployments[0].placeholder);
        QCOMPARE(facts.deployments[0].containers.gap(), Gap::Denied);

        builder.section(u"deployments"_s, {}, Section::Status::Denied);
        facts = facts::parse(builder.build());
        QCOMPARE(facts.deployments.size(), std::size_t(1));
        QCOMPARE(facts.deployments[0].id, u"unknown"_s);
        QVERIFY(facts.deployments[0].placeholder);

        // No container engine at all is no gap: there is nothing to judge.
        builder.section(u"containers"_s, {}, Section::Status::Missing);
        builder.section(u"deployments"_s, {}, Section::Status::Missing);
        QVERIFY(facts::parse(builder.build()).deployments.empty());
        builder.section(u"containers"_s, {}, Section::Status::Missing);
        builder.without(u"deployments"_s);
        QCOMPARE(facts::parse(builder.build()).deployments.size(), std::size_t(1));

        // Containers without AppFlowy among them.
        builder.section(u"deployments"_s, {}).section(u"containers"_s, {});
        QVERIFY(facts::parse(builder.build()).deployments.empty());
        builder.section(u"deployments"_s, {}, Section::Status::TimedOut);
        QVERIFY(facts::parse(builder.build()).deployments.at(0).placeholder);
    }

    void endlessListsAreNotRead()
    {
        const QByteArray address = "1: eth0    inet 192.0.2.1/24\n";
        const QByteArray socket = "tcp LISTEN 0 1 0.0.0.0:80 0.0.0.0:*\n";
        const QByteArray network = "network  a  bridge  br-a  0  172.18.0.0/16\n";
        SnapshotBuilder builder(named(u"stock"_s));
        for (const int count : {500, 6000}) {
            builder.section(u"addresses"_s, address.repeated(count))
                .section(u"listening"_s, socket.repeated(count))
                .section(u"networks"_s, network.repeated(count))
                .section(u"containers"_s,
                         "container  a\nname  n\nimage  i\nstate  running\n"
                             + QByteArray("port  1/tcp  ''  1\n").repeated(count));
            const Facts facts = facts::parse(builder.build());
            const bool fits = count == 500;
            QCOMPARE(facts.addresses.known(), fits);
            QCOMPARE(facts.listening.known(), fits);
            QCOMPARE(facts.networks.known(), fits);
            QCOMPARE(facts.containers.known(), fits);
        }
    }

    void deploymentsAreNotMixed()
    {
        SnapshotBuilder builder(named(u"stock"_s));
        QByteArray containers;
        for (const QByteArray &directory : {"/srv/a"_ba, "/srv/b"_ba}) {
            for (const QByteArray &service : {"gotrue"_ba, "appflowy_cloud"_ba}) {
                containers += "container  " + service + directory
                    + "\nname  x\nproject  docker\nservice  " + service + "\nworkdir  " + directory
                    + "\nimage  appflowyinc/" + service + "\nstate  running\n";
            }
        }
        builder.section(u"containers"_s, containers);
        builder.section(u"deployments"_s,
                        "1  docker  /srv/a  /srv/a/docker-compose.yml  ''  compose\n"
                        "2  docker  /srv/b  /srv/b/docker-compose.yml  ''  compose\n");
        builder.section(u"env@2"_s, "file  /srv/b/.env  600  b\nenv  1  FQDN  =b.example.org\n");
        const Facts facts = facts::parse(builder.build());
        QCOMPARE(facts.deployments.size(), std::size_t(2));
        QCOMPARE(facts.deployments[0].id, u"docker"_s);
        QCOMPARE(facts.deployments[1].id, u"docker@2"_s);
        for (const facts::Deployment &deployment : facts.deployments) {
            QCOMPARE(deployment.containers->size(), std::size_t(2));
            for (const facts::Container &container : *deployment.containers)
                QCOMPARE(container.workingDirectory, deployment.directory);
        }
        QCOMPARE(facts.deployments[1].envFile->path, "/srv/b/.env"_ba);
        QCOMPARE(facts.deployments[1].fqdn(), "b.example.org"_ba);
    }

    void theHostsNginx()
    {
        const QByteArray proxied = "server { listen 443 ssl; location /gotrue/ {\n"
                                   "proxy_pass http://127.0.0.1:9999/; } }\n";
        Facts facts = facts::parse(hostProxy(proxied).build());
        QCOMPARE(facts.deployments[0].variant, u"host-proxy"_s);
        QVERIFY(facts.deployments[0].hostNginx);
        QVERIFY(facts.deployments[0].nginx.known());
        QCOMPARE(facts.deployments[0].nginx.source().section, u"nginx-host"_s);

        const QByteArray upstream = "upstream app { server localhost:8000; }\n"
                                    "server { location / { proxy_pass http://app; } }\n";
        QVERIFY(facts::parse(hostProxy(upstream).build()).deployments[0].hostNginx);

        const QByteArray elsewhere
            = "server { location / { proxy_pass http://127.0.0.1:3000; } }\n";
        facts = facts::parse(hostProxy(elsewhere).build());
        QVERIFY(!facts.deployments[0].hostNginx);
        QVERIFY(!facts.deployments[0].nginx.known());
        const QByteArray other = "server { location / { proxy_pass http://192.0.2.1:9999; } }\n";
        QVERIFY(!facts::parse(hostProxy(other).build()).deployments[0].nginx.known());
    }

    void variantsAndEdges()
    {
        const QByteArray site = "server { location / { proxy_pass http://127.0.0.1:9999; } }\n";
        const auto added = [&](const QByteArray &containers) {
            SnapshotBuilder builder = hostProxy(site);
            const auto &sections = builder.snapshot().sections;
            const QByteArray before = sections[1].data;
            builder.section(u"containers"_s, QByteArray(before + containers));
            return facts::parse(builder.build()).deployments[0];
        };
        QCOMPARE(added("").edge, u"unknown"_s); // nobody listed the sockets
        QCOMPARE(added("container  t\nname  docs-tunnel-1\nproject  docs\nservice  tunnel\n"
                       "image  cloudflare/cloudflared:2025.9.1\nstate  running\nnetmode  host\n")
                     .variant,
                 u"tunnel"_s);
        QCOMPARE(added("container  t\nname  proxy\nproject  edge\nservice  web\nimage  traefik:v3\n"
                       "state  running\nport  443/tcp  0.0.0.0  443\n")
                     .edge,
                 u"traefik"_s);
        QCOMPARE(added("container  t\nname  coolify-proxy\nimage  traefik:v3\nstate  running\n"
                       "port  443/tcp  0.0.0.0  443\n")
                     .edge,
                 u"coolify"_s);
        // Not in front of it: no shared network, no web port.
        QCOMPARE(added("container  t\nname  proxy\nimage  caddy:2\nstate  running\n"
                       "port  443/tcp  0.0.0.0  8443\n")
                     .edge,
                 u"unknown"_s);
        SnapshotBuilder v2(named(u"stock"_s));
        QByteArray containers;
        for (const Section &section : v2.snapshot().sections) {
            if (section.id == u"containers"_s)
                containers = section.data;
        }
        v2.section(u"containers"_s,
                   QByteArray(containers).replace("Cloud/nginx/", "Cloud/docker/nginx/"));
        QCOMPARE(facts::parse(v2.build()).deployments[0].variant, u"v2"_s);
        v2.section(u"deployments"_s, "1  appflowy-cloud  /x  ''  ''  swarm\n");
        QCOMPARE(facts::parse(v2.build()).deployments[0].variant, u"swarm"_s);
    }

    void packetRulesNeedWhatDecides()
    {
        using Status = Section::Status;
        const auto gap = [](const QString &id, Status status) {
            SnapshotBuilder builder(named(u"stock"_s));
            return facts::parse(builder.section(id, {}, status).build()).packetRules;
        };
        QCOMPARE(gap(u"nft"_s, Status::Denied).gap(), Gap::Denied);
        QCOMPARE(gap(u"iptables"_s, Status::Missing).gap(), Gap::ToolMissing);
        QCOMPARE(gap(u"ip6tables"_s, Status::TimedOut).gap(), Gap::TimedOut);
        QCOMPARE(gap(u"iptables-legacy"_s, Status::Denied).gap(), Gap::Denied);
        // The kernel has such rules, and no tool prints them.
        QCOMPARE(gap(u"iptables-legacy"_s, Status::Missing).gap(), Gap::ToolMissing);
        QCOMPARE(gap(u"ip6tables-legacy"_s, Status::Missing).gap(), Gap::ToolMissing);
        // An iptables of the old kind is its own legacy tool.
        SnapshotBuilder old(named(u"stock"_s));
        for (const QString &id : {u"iptables"_s, u"ip6tables"_s}) {
            QByteArray save = facts::parse(old.build()).section(id)->data;
            old.section(id, save.replace(" (nf_tables)", ""));
            old.section(id + u"-legacy"_s, {}, Status::Missing);
        }
        QVERIFY(facts::parse(old.build()).packetRules.known());
        SnapshotBuilder onlyNft(named(u"stock"_s));
        onlyNft.section(u"nft"_s, "{\"nftables\": []}");
        onlyNft.section(u"iptables"_s, {}, Status::Missing)
            .section(u"ip6tables"_s, {}, Status::Missing);
        QVERIFY(facts::parse(onlyNft.build()).packetRules.known());
    }

    void answersOfTheSignInServer()
    {
        using Outcome = facts::PasswordProbe::Outcome;
        const auto probe = [](const QByteArray &text) {
            return *withText(u"password-probe@1"_s, text).deployments[0].passwordProbe;
        };
        QCOMPARE(probe("http  400\n{\"error_code\":\"validation_failed\"}").outcome,
                 Outcome::Accepted);
        QCOMPARE(probe("http  400\n{\"error_code\":\"captcha_failed\"}").outcome, Outcome::Captcha);
        QCOMPARE(probe("http  500\n{\"error_code\":\"unexpected_failure\"}").outcome,
                 Outcome::Other);
        const auto upstream = probe(
            "http  422\n{\"code\":422,\"error_code\":\"weak_password\",\"msg\":\"Password should "
            "be at "
            "least 12 characters. Password should contain at least one character of each: abc\","
            "\"weak_password\":{\"reasons\":[\"length\",\"characters\"]}}");
        QCOMPARE(upstream.minimumLength, std::optional(12));
        QVERIFY(upstream.wantsCharacters);
        const auto gap = [](const QString &id, const QByteArray &text) {
            const Facts facts = withText(id, text);
            return std::pair(facts.deployments[0].passwordProbe.known(),
                             facts.deployments[0].gotrueSettings.known());
        };
        QVERIFY(!gap(u"password-probe@1"_s, "http  422\n<html>").first);
        QVERIFY(!gap(u"gotrue-settings@1"_s, "http  502\n{}").second);
        const QByteArray deep
            = "http  200\n{\"a\":" + QByteArray(5000, '[') + QByteArray(5000, ']') + '}';
        QVERIFY(!gap(u"gotrue-settings@1"_s, deep).second);
    }

    void redactedValues()
    {
        using facts::LengthBucket;
        using facts::redactedFromWire;
        const auto text = redactedFromWire("=Ab1 ");
        QCOMPARE(*text->text, "Ab1 "_ba);
        QCOMPARE(text->classes(), 4);
        QCOMPARE(text->length, LengthBucket::From1To7);
        const auto hidden = redactedFromWire("~32-63,lud,0,ab");
        QCOMPARE(hidden->length, LengthBucket::From32To63);
        QVERIFY(hidden->lower && hidden->upper && hidden->digit && !hidden->other && !hidden->text);
        QVERIFY(redactedFromWire("=")->isEmpty() && redactedFromWire("~0,-,0,c")->isEmpty());
        for (const char *bad : {"", "x", "~", "~5,l,0,a", "~1-7,x,0,a", "~1-7,l,2,a", "~1-7,l,0,A",
                                "~1-7,l,0", "~1-7,l,0,a,b"})
            QVERIFY2(!redactedFromWire(bad), bad);
        QCOMPARE(hidden->equals(*redactedFromWire("~32-63,lud,0,ab")), std::optional(true));
        QCOMPARE(hidden->equals(*redactedFromWire("~32-63,lud,0,ac")), std::optional(false));
        QCOMPARE(hidden->equals(*redactedFromWire("~64+,lud,0,ab")), std::optional(false));
        QCOMPARE(text->equals(*redactedFromWire("=Ab1")), std::optional(false));
        QCOMPARE(text->equals(*redactedFromWire("~1-7,luds,0,q")), std::optional<bool>());
        QCOMPARE(redactedFromWire("=")->equals(*redactedFromWire("~0,-,0,c")), std::optional(true));
    }

    void fqdnIsAName()
    {
        const auto name = [](const QByteArray &url) {
            SnapshotBuilder builder(named(u"stock"_s));
            builder.section(
                u"containers"_s,
                "container  a\nname  a\nproject  appflowy-cloud\nservice  gotrue\nimage  x\n"
                "state  running\nenv  API_EXTERNAL_URL  ="
                    + url + '\n');
            builder.section(u"env@1"_s, "file  /x  600  a\nenv  1  FQDN  =fallback.example.org\n");
            return facts::parse(builder.build()).deployments[0].fqdn();
        };
        QCOMPARE(name("https://Docs.Example.org:8443/gotrue"), "docs.example.org"_ba);
        for (const char *odd :
             {"https://a b/", "x", "http://evil\\r\\nhost/", "https://-x/", "https:///",
              "http://localhost/gotrue", "https://localhost:8443", "http://LOCALHOST./",
              "http://app.localhost/", "http://localhost.localdomain/"})
            QCOMPARE(name(odd), "fallback.example.org"_ba);
        QCOMPARE(name("https://docs.example.org./"), "docs.example.org"_ba);
        QCOMPARE(name("https://localhosting.example.org/"), "localhosting.example.org"_ba);
    }

    void damagedSectionsNeverCrash()
    {
        QRandomGenerator random(11);
        const facts::Snapshot stock = named(u"stock"_s);
        for (int round = 0; round < 300; ++round) {
            facts::Snapshot damaged = stock;
            for (Section &section : damaged.sections) {
                for (int i = 0; i < 3 && !section.data.isEmpty(); ++i)
                    section.data[random.bounded(section.data.size())] = random.bounded(3)
                        ? "\t\n\\=~{};\"$0"[random.bounded(11)]
                        : static_cast<char>(random.bounded(256));
                if (random.bounded(10) == 0)
                    section.data.truncate(random.bounded(section.data.size() + 1));
            }
            const Facts facts = facts::parse(damaged);
            for (const facts::Deployment &deployment : facts.deployments) {
                deployment.fqdn();
                QVERIFY(!deployment.id.isNull());
                QVERIFY(!deployment.variant.isEmpty());
            }
        }
    }

    void scenariosSayWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const QByteArray &text, const QString &said) {
            QTest::newRow(name) << text << said;
        };
        row("no base", "[os]\n", u"begins with"_s);
        row("unknown base", "base: moon\n", u"moon"_s);
        row("stray line", "base: stock\nhello\n", u":2:"_s);
        row("unknown section", "base: stock\n[env]\n", u"no such section: env"_s);
        row("unknown status", "base: stock\n[os fine]\n", u"no such status"_s);
        row("edit of nothing", "base: none\n[os edit]\nadd x\n", u"nothing to edit"_s);
        row("no record", "base: stock\n[containers edit moon]\nadd env  A  =b\n",
            u"no record moon"_s);
        row("no verb", "base: stock\n[os edit]\nput x\n", u"no such verb"_s);
        row("drop of nothing", "base: stock\n[env@1 edit]\ndrop env  *  MOON\n",
            u"nothing to drop"_s);
        row("replace of nothing", "base: stock\n[os edit]\nreplace a moon => b\n",
            u"nothing to replace"_s);
        row("no observation", "base: stock\n[outside edit]\nset  port 81  status  \"open\"\n",
            u"no such observation"_s);
        row("no field", "base: stock\n[outside edit]\nset  port 80  data.moon  1\n",
            u"no such field"_s);
        row("bad observation", "base: stock\n[outside edit]\nset  port 80  status  \"ajar\"\n",
            u"malformed"_s);
        row("bad json", "base: stock\n[outside]\n{\n", u"JSON array"_s);
    }

    void scenariosSayWhatIsWrong()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        QTemporaryDir directory;
        const QString path = directory.filePath(u"x.facts"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        file.close();
        const auto read = support::loadScenario(path);
        QVERIFY(!read);
        const QString message = read.error().detail + read.error().what;
        QVERIFY2(message.contains(said), qPrintable(message));
    }

    void scenariosChangeWhatTheySay()
    {
        QTemporaryDir directory;
        QFile file(directory.filePath(u"x.facts"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            "## words for people\nbase: stock\nended: no\n\n[nft denied]\n[os absent]\n"
            "[containers edit gotrue]\nset  env  GOTRUE_JWT_EXP  =60\ndrop  env  PORT\n"
            "add  port  9999/tcp  0.0.0.0  9999\n[env@1 edit]\nset  env  105  GOTRUE_JWT_EXP  =60\n"
            "[rendered@1 edit gotrue]\nset  env  GOTRUE_JWT_EXP  =60\n"
            "[outside edit]\nset  tls ipv6  data.versions.TLSv1.0.offer  \"accepted\"\n"
            "drop  port 80\nset  http https /  data.headers.x-frame-options  \"DENY\"\n"
            "drop  http https /  data.headers.server\n");
        file.close();
        const auto read = support::loadScenario(file.fileName());
        QVERIFY2(read, qPrintable(read ? QString() : read.error().detail));
        const Facts facts = facts::parse(*read);
        QCOMPARE(facts.packetRules.gap(), Gap::Denied);
        QCOMPARE(facts.os.gap(), Gap::Cut);
        const facts::Deployment &docs = facts.deployments[0];
        const facts::Container *gotrue = docs.container("gotrue");
        QCOMPARE(*find(gotrue->env, "GOTRUE_JWT_EXP")->value.text, "60"_ba);
        QCOMPARE(*find(docs.service("gotrue")->env, "GOTRUE_JWT_EXP")->value.text, "60"_ba);
        QCOMPARE(*find(docs.envFile->entries, "GOTRUE_JWT_EXP")->value.text, "60"_ba);
        QVERIFY(!find(gotrue->env, "PORT"));
        QCOMPARE(gotrue->ports.at(0).hostPort, 9999);
        QCOMPARE(docs.container("nginx")->ports.size(), std::size_t(4));
        QCOMPARE(facts.outside().tls.at(0).versions.at(1).offer, model::Offer::Refused);
        QCOMPARE(facts.outside().tls.at(1).versions.at(1).offer, model::Offer::Accepted);
        QCOMPARE(facts.outside().ports.size(), std::size_t(2));
        const model::HttpObservation &root = answer(facts, u"https"_s, u"/"_s);
        QCOMPARE(header(root, "x-frame-options"), std::optional("DENY"_ba));
        QVERIFY(!header(root, "server"));
        QVERIFY(header(answer(facts, u"https"_s, u"/console"_s), "server"));
    }
};

QTEST_APPLESS_MAIN(FactsTest)
#include "tst_facts.moc"
