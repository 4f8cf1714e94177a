#include "tests/ui/support/sample.h"

#include "core/model/score.h"

namespace sample {

using namespace Qt::StringLiterals;
using model::Area;
using model::Reach;
using model::Severity;
using model::Verdict;

namespace {

const QDateTime auditTime(QDate(2026, 3, 12), QTime(8, 58), Qt::UTC);

model::CheckInfo check(const QString &id, Area area, Severity severity, const char *title)
{
    model::CheckInfo info;
    info.id = id;
    info.area = area;
    info.severity = severity;
    info.title = title;
    info.why
        = "Compose passes each variable by name. A key that compose does not list never reaches "
          "the service, so the file looks right and changes nothing.";
    info.advice = "Write this into docker-compose.flowkeep.yml:\n\n"
                  "    services:\n"
                  "      gotrue:\n"
                  "        environment:\n"
                  "          GOTRUE_PASSWORD_MIN_LENGTH: \"12\"\n\n"
                  "    docker compose up -d gotrue\n\n"
                  "Then audit again.";
    info.controls = {{u"CC6.1"_s}, {u"A.5.17"_s, u"A.8.5"_s}, {}, {u"Art. 32"_s}};
    info.references = {
        {u"AppFlowy Cloud, deployment guide"_s, u"https://example.org/guide"_s, u"2026-11-01"_s}};
    return info;
}

std::vector<model::CheckInfo> makeChecks()
{
    return {
        check(u"INV-02"_s, Area::Inventory, Severity::High, "Running config equals files on disk"),
        check(u"INV-03"_s, Area::Inventory, Severity::High, "No security key that has no effect"),
        check(u"TLS-01"_s, Area::Tls, Severity::Critical, "Valid public certificate on the FQDN"),
        check(u"TLS-03"_s, Area::Tls, Severity::Medium,
              "Certificate is valid for 14 days and more"),
        check(u"TLS-06"_s, Area::Tls, Severity::High, "HTTPS enforced, plaintext useless"),
        check(u"TLS-07"_s, Area::Tls, Severity::High, "Only TLS 1.2 and 1.3 answer"),
        check(u"HDR-02"_s, Area::Headers, Severity::Low, "Content types are not guessed"),
        check(u"AUTH-01"_s, Area::Authentication, Severity::High,
              "Minimum password length 12 effective"),
        check(u"AUTH-04"_s, Area::Authentication, Severity::Critical,
              "Token secret is not a known one"),
        check(u"AUTH-10"_s, Area::Authentication, Severity::High, "Registration restricted"),
        check(u"DATA-08"_s, Area::Data, Severity::Critical, "Database password is not a known one"),
        check(u"NET-05"_s, Area::Network, Severity::Critical,
              "Published ports are closed where the firewall says so"),
        check(u"GOV-01"_s, Area::Governance, Severity::Medium, "Access reviews take place"),
        check(u"BAK-02"_s, Area::Backup, Severity::High, "Database dump is real"),
    };
}

model::Finding
finding(const QString &id, Verdict verdict, std::optional<Reach> reach, model::Sentence summary)
{
    model::Finding made;
    made.id = id;
    for (const model::CheckInfo &info : checks()) {
        if (info.id == id) {
            made.area = info.area;
            made.baseSeverity = made.severity = info.severity;
        }
    }
    made.deployment = u"appflowy"_s;
    made.verdict = verdict;
    made.reach = reach;
    made.summary = std::move(summary);
    made.expected = model::say("as the check asks");
    made.actual = model::say("%1", {model::arg(u"what was found"_s)});
    made.evidence.push_back(
        {u"containers"_s, model::arg(u"docker inspect appflowy-gotrue-1"_s), 0, auditTime,
         model::arg(u"GOTRUE_JWT_EXP=604800\nGOTRUE_SITE_URL=https://notes.example.org"_s),
         QByteArray("4be1a0c7").repeated(8)});
    return made;
}

model::Finding passwordLength()
{
    model::Finding made
        = finding(u"AUTH-01"_s, Verdict::Fail, Reach::Written,
                  model::say("%1 is written in %2 but not delivered to the container: no effect",
                             {model::arg(u"GOTRUE_PASSWORD_MIN_LENGTH"_s), model::arg(u".env"_s)}));
    made.reachChain = {
        {Reach::Written, true, model::say(".env line %1", {model::arg(qint64{84})}), u"env@1"_s},
        {Reach::Delivered, false, model::say("not in %1", {model::arg(u"gotrue"_s)}),
         u"containers"_s},
    };
    made.expected = model::say("12 or more in the running gotrue container");
    made.actual = model::say("unset in gotrue (its own default is 6); 12 in .env");
    return made;
}

std::vector<model::Finding> ordinaryFindings()
{
    using model::say;
    model::Finding ports = finding(
        u"NET-05"_s, Verdict::Fail, std::nullopt,
        say("%1 is reachable from anywhere although ufw denies it", {model::arg(u"9000/tcp"_s)}));
    ports.deployment.clear();
    ports.subjects = {model::arg(u"9000/tcp"_s), model::arg(u"9001/tcp"_s)};
    model::Finding header = finding(u"HDR-02"_s, Verdict::Warn, std::nullopt,
                                    say("nosniff is sent for pages, not for the API"));
    return {
        finding(u"INV-02"_s, Verdict::Pass, std::nullopt,
                say("every value on disk is the running one")),
        finding(u"INV-03"_s, Verdict::Fail, Reach::Written,
                say("%n key(s) of the guide are in .env and reach no container: no effect", {}, 7)),
        finding(u"TLS-01"_s, Verdict::Pass, Reach::Proven,
                say("issued for notes.example.org, chain complete")),
        finding(u"TLS-03"_s, Verdict::Pass, Reach::Proven, say("valid for %n day(s)", {}, 61)),
        finding(u"TLS-06"_s, Verdict::Fail, Reach::Proven,
                say("port 80 answers 200 without a redirect")),
        finding(u"TLS-07"_s, Verdict::Pass, Reach::Proven,
                say("1.2 and 1.3 answer; 1.0 and 1.1 are refused")),
        header,
        passwordLength(),
        finding(u"AUTH-04"_s, Verdict::Pass, Reach::Honoured,
                say("set, 64 characters or more, in no list")),
        finding(u"AUTH-10"_s, Verdict::Warn, Reach::Delivered,
                say("delivered to a version that is not identified")),
        finding(u"DATA-08"_s, Verdict::Unknown, std::nullopt,
                say("the database container did not answer: start it and audit again")),
        ports,
        finding(u"GOV-01"_s, Verdict::Manual, std::nullopt,
                say("only you can know: attest the last review")),
        finding(u"BAK-02"_s, Verdict::NotApplicable, std::nullopt,
                say("backups are made by the provider")),
    };
}

engine::AuditRun wrap(std::vector<model::Finding> findings)
{
    engine::AuditRun run;
    model::Audit &audit = run.audit;
    audit.id = u"01JPA0000000000000000000AA"_s;
    audit.server = {u"notes.example.org"_s,
                    u"203.0.113.24:22"_s,
                    u"SHA256:9pXt7mQzVbL2wYc8hRnE3sUdKfA1oGj5iTx0ZBq6kF4"_s,
                    model::arg(u"4f2c"_s),
                    model::arg(u"Debian GNU/Linux 12 (bookworm)"_s),
                    model::arg(u"27.3.1"_s)};
    audit.startedAt = auditTime;
    audit.durationMs = 8200;
    audit.privilege = model::Privilege::Sudo;
    model::DeploymentInfo deployment;
    deployment.id = u"appflowy"_s;
    deployment.variant = u"v2"_s;
    deployment.versions.insert(u"gotrue"_s, model::arg(u"appflowyinc/gotrue:0.9.13"_s));
    deployment.versions.insert(u"nginx"_s, model::arg(u"nginx"_s));
    deployment.versions.insert(u"appflowy_cloud"_s,
                               model::arg(u"example.org:5000/appflowyinc/appflowy_cloud:0.9.64"_s));
    deployment.versions.insert(u"redis"_s, model::arg(u"redis:7"_s));
    audit.deployments.push_back(deployment);
    audit.findings = std::move(findings);
    model::summarise(audit);
    return run;
}

} // namespace

std::span<const model::CheckInfo> checks()
{
    static const std::vector<model::CheckInfo> all = makeChecks();
    return all;
}

engine::AuditRun ordinary()
{
    return wrap(ordinaryFindings());
}

engine::AuditRun clean()
{
    std::vector<model::Finding> findings = ordinaryFindings();
    for (model::Finding &each : findings) {
        each.verdict = Verdict::Pass;
        if (each.reach)
            each.reach = Reach::Proven;
        each.reachChain.clear();
        each.summary = model::say("as it should be");
    }
    return wrap(std::move(findings));
}

engine::AuditRun twoDeployments()
{
    std::vector<model::Finding> findings = ordinaryFindings();
    model::Finding other = passwordLength();
    other.deployment = u"staging"_s;
    other.verdict = Verdict::Pass;
    other.reach = Reach::Proven;
    other.summary = model::say("12 is asked for by staging");
    findings.push_back(other);
    engine::AuditRun run = wrap(std::move(findings));
    model::DeploymentInfo staging;
    staging.id = u"staging"_s;
    run.audit.deployments.push_back(staging);
    model::summarise(run.audit);
    return run;
}

engine::AuditRun worseSecond()
{
    std::vector<model::Finding> findings = clean().audit.findings;
    for (model::Finding second : clean().audit.findings) {
        if (!second.deployment.isEmpty()) {
            second.deployment = u"staging"_s;
            if (second.id == u"GOV-01"_s)
                second.verdict = Verdict::Fail;
            findings.push_back(second);
        }
    }
    for (model::Finding &each : findings) {
        if (each.id == u"TLS-03"_s)
            each.verdict = Verdict::Fail;
    }
    engine::AuditRun run = wrap(std::move(findings));
    run.audit.deployments.emplace_back().id = u"staging"_s;
    model::summarise(run.audit);
    return run;
}

engine::AuditRun many(std::size_t count)
{
    std::vector<model::Finding> findings;
    const std::vector<model::Finding> once = ordinaryFindings();
    for (std::size_t i = 0; i < count; ++i)
        findings.push_back(once[i % once.size()]);
    return wrap(std::move(findings));
}

engine::AuditRun hostile()
{
    const QByteArray markup
        = "<h1>big</h1><img src=\"file:///etc/passwd\"><a href=\"x\">click</a>&amp;";
    const QByteArray escapes = "\x1b[2J\x1b]0;title\x07 red\x1b[31m \x00 end";
    const QByteArray bidi = "user\xe2\x80\xaetxt.exe\xe2\x81\xa6 \xe2\x80\x8b zero";
    const QByteArray broken = "\xff\xfe\xc3\x28 \xf0\x9f\x98";
    const QByteArray flood = QByteArray(3 * 1024 * 1024, 'W');
    std::vector<model::Finding> findings = ordinaryFindings();
    const std::vector<QByteArray> all{markup, escapes, bidi, broken, flood};
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const base::UntrustedText text(all[i % all.size()]);
        model::Finding &each = findings[i];
        each.summary = model::say("%1 was found in %2", {text, base::UntrustedText(markup)});
        each.actual = model::say("%1", {text});
        each.subjects = {text, base::UntrustedText(markup)};
        each.evidence[0].command = text;
        each.evidence[0].excerpt = base::UntrustedText(text.bytes() + "\n" + markup);
        for (model::ReachStep &step : each.reachChain)
            step.where = model::say("%1", {text});
    }
    engine::AuditRun run = wrap(std::move(findings));
    run.audit.server.os = base::UntrustedText(markup);
    run.audit.server.docker = base::UntrustedText(escapes);
    run.audit.deployments[0].versions.insert(u"gotrue"_s, base::UntrustedText(flood));
    return run;
}

model::Server server(const QString &name, const QString &group)
{
    model::Server made;
    made.id = u"id-"_s + name;
    made.name = name;
    made.host = name;
    made.user = u"admin"_s;
    made.group = group;
    return made;
}

engine::HostKeyOffer hostKey()
{
    engine::HostKeyOffer offer;
    offer.type = u"ssh-ed25519"_s;
    offer.fingerprint = u"SHA256:9pXt7mQzVbL2wYc8hRnE3sUdKfA1oGj5iTx0ZBq6kF4"_s;
    return offer;
}

} // namespace sample
