#include "core/checks/all.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/exposure.h"
#include "core/checks/support/wire.h"
#include "core/config/nginxquery.h"

#include <QUrl>

#include <algorithm>
#include <array>

namespace checks {

using namespace Qt::StringLiterals;
using model::arg;
using model::HttpObservation;
using model::PortObservation;
using model::say;
using model::Verdict;
using Outcome = model::HttpObservation::Outcome;

namespace {

model::CheckInfo info()
{
    return {
        .id = u"TLS-06"_s,
        .area = model::Area::Tls,
        .severity = model::Severity::High,
        .title = QT_TRANSLATE_NOOP("Check", "Plain HTTP gives nothing away"),
        .why = QT_TRANSLATE_NOOP(
            "Check",
            "What is answered over plain HTTP is asked for over plain HTTP, passwords and tokens "
            "included. "
            "The configuration that AppFlowy ships serves everything on both ports alike."),
        .advice = QT_TRANSLATE_NOOP(
            "Check",
            "Give port 80 a server block of its own in nginx.conf that only redirects, and refuse "
            "what must never be sent in the clear. "
            "Keep the path of certificate challenges. Or publish no port 80 at all.\n\n"
            "    server {\n"
            "        listen 80;\n"
            "        location /.well-known/acme-challenge/ { root /var/www/acme; }\n"
            "        location /scim { return 403; }\n"
            "        location / { return 308 https://$host$request_uri; }\n"
            "    }"),
        .guideLines = {22, 146, 147, 148, 149, 156},
        .needs = {u"containers"_s, u"outside.http"_s},
        .proofRequired = true,
        .controls = {.soc2 = {u"CC6.7"_s, u"CC6.6"_s},
                     .iso27001 = {u"A.8.24"_s, u"A.5.14"_s},
                     .hipaa = {u"164.312(e)(1)"_s, u"164.312(e)(2)(ii)"_s},
                     .gdpr = {u"Art. 32(1)(a)"_s}},
        .references
        = {{u"RFC 9325, 3.2: strict TLS"_s, u"https://www.rfc-editor.org/rfc/rfc9325#section-3.2"_s,
            u"2026-11-24"_s},
           {u"AppFlowy-Cloud, nginx.conf"_s,
            u"https://github.com/AppFlowy-IO/AppFlowy-Cloud/blob/main/nginx/nginx.conf"_s,
            u"2026-11-24"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

/// What a pass must have seen of each address.
constexpr std::array paths{"/"_L1,
                           "/console"_L1,
                           "/api/health"_L1,
                           "/gotrue/health"_L1,
                           "/api/auth/ldap/login"_L1,
                           "/scim/v2/ServiceProviderConfig"_L1};

bool isPage(const QString &path)
{
    return path == "/"_L1 || path == "/console"_L1;
}

/// Whether the deployment hands /scim to a service; nullopt where that cannot be told.
std::optional<bool> routesScim(const facts::Deployment &deployment)
{
    if (!deployment.nginx)
        return std::nullopt;
    const config::NginxView view(*deployment.nginx);
    bool hidden = false; // a pattern of which a part stayed on the server
    for (const config::NginxServer &server : view.servers()) {
        for (const config::NginxNode *location : view.locations(*server.node)) {
            for (const QByteArray &argument : location->directive->args) {
                if (argument.toLower().contains("scim")) // by a pattern, too
                    return true;
                hidden |= location->arg(0).startsWith('~') && argument.contains("redacted");
            }
        }
    }
    return view.complete() && !hidden ? std::optional(false) : std::nullopt;
}

/// The host of an https address; empty for every other location.
QString httpsHost(const HttpObservation &seen)
{
    const QUrl url(QString::fromUtf8(seen.location.bytes().trimmed()), QUrl::StrictMode);
    return url.isValid() && url.scheme() == "https"_L1 ? url.host() : QString();
}

/// Leads to the site itself: by its own name, or by the one that was asked for. Where only a number
/// was, there is nothing to compare with.
bool staysHome(const Context &context, const HttpObservation &seen, const QString &host)
{
    const QString fqdn = QString::fromUtf8(context.deployment->fqdn());
    const QString asked = QUrl(u"http://"_s + seen.host).host();
    const bool nameless = fqdn.isEmpty() && (asked.isEmpty() || !QHostAddress(asked).isNull());
    return nameless || host.compare(fqdn, Qt::CaseInsensitive) == 0
        || host.compare(asked, Qt::CaseInsensitive) == 0;
}

Evaluation
judgeRedirect(const Context &context, const HttpObservation &seen, std::optional<bool> scim)
{
    const QString host = httpsHost(seen);
    if (host.isEmpty()) {
        return answer(Verdict::Fail,
                      say(QT_TRANSLATE_NOOP("Sentence", "%1 is redirected, but not to HTTPS"),
                          {arg(seen.path)}));
    }
    if (seen.path.startsWith("/scim"_L1) && scim != false) {
        return scim
            ? answer(
                  Verdict::Fail,
                  say(QT_TRANSLATE_NOOP("Sentence",
                                        "%1 is redirected after its token was sent in the clear: "
                                        "it must be refused"),
                      {arg(seen.path)}))
            : answer(
                  Verdict::Unknown,
                  say(QT_TRANSLATE_NOOP("Sentence",
                                        "%1 is redirected; whether it is in use could not be read "
                                        "from nginx"),
                      {arg(seen.path)}));
    }
    if (!staysHome(context, seen, host)) {
        return answer(Verdict::Warn,
                      say(QT_TRANSLATE_NOOP("Sentence", "%1 leads to HTTPS on another host: %2"),
                          {arg(seen.path), arg(host)}));
    }
    if (isPage(seen.path) && seen.status != 301 && seen.status != 308) {
        return answer(
            Verdict::Warn,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "%1 leads to HTTPS, but for now only: status %2 in place of 308"),
                {arg(seen.path), arg(seen.status)}));
    }
    return answer(Verdict::Pass,
                  say(QT_TRANSLATE_NOOP("Sentence", "Plain HTTP only leads to HTTPS")));
}

/// What a proxy says that hands nothing on. Any other complaint comes from the service behind,
/// which would have taken a password: 401 wants one, 405 wants it by POST.
bool isRefusal(int status)
{
    constexpr std::array refusals{400, 403, 404, 410, 421, 426, 444};
    return std::ranges::find(refusals, status) != refusals.end();
}

Evaluation
judgeAnswer(const Context &context, const HttpObservation &seen, std::optional<bool> scim)
{
    if (seen.status >= 300 && seen.status < 400)
        return judgeRedirect(context, seen, scim);
    if (seen.status >= 200 && seen.status < 500 && !isRefusal(seen.status)) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence", "%1 answers over plain HTTP"), {arg(seen.path)}));
    }
    if (!isRefusal(seen.status)) {
        return answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "%1 answers plain HTTP with an error of the server: audit again "
                                  "when it runs"),
                {arg(seen.path)}));
    }
    return answer(Verdict::Pass,
                  say(QT_TRANSLATE_NOOP("Sentence", "Plain HTTP only leads to HTTPS")));
}

/// That nothing answered here is believed where something else did, and where the server itself
/// knows of nobody who could. Silence may be a filter before a rule that leads elsewhere.
bool isClosed(const Context &context, const HttpObservation &seen)
{
    return answersFromHere(context, seen.address) && nobodyTakes(context.facts, seen.port)
        && (seen.outcome == Outcome::Refused || !mayLeadElsewhere(context, seen.port));
}

Evaluation judgeOne(const Context &context, const HttpObservation &seen, std::optional<bool> scim)
{
    if (seen.outcome == Outcome::Answered)
        return judgeAnswer(context, seen, scim);
    if (isClosed(context, seen))
        return answer(Verdict::Pass, say(QT_TRANSLATE_NOOP("Sentence", "Plain HTTP is closed")));
    return answer(
        Verdict::Unknown,
        say(QT_TRANSLATE_NOOP("Sentence", "%1 over plain HTTP was not seen from this desktop"),
            {arg(seen.path)}));
}

QByteArray excerptOf(const HttpObservation &seen)
{
    if (seen.outcome != Outcome::Answered)
        return seen.detail.isEmpty() ? QByteArray("no answer") : seen.detail.toUtf8();
    QByteArray out = "HTTP " + QByteArray::number(seen.status);
    if (!seen.location.isEmpty())
        out += "\nlocation: " + seen.location.bytes();
    return out;
}

/// Where no plain port is published, port 80 is still asked for: another process may serve the site
/// there. Unless it is another deployment's.
std::vector<quint16> plainPorts(const Context &context, const ProxyPorts &ports)
{
    if (!ports.plain.empty())
        return ports.plain;
    for (const facts::Deployment &other : context.facts.deployments) {
        if (&other == context.deployment || !other.containers)
            continue;
        const ProxyPorts theirs = proxyPorts({context.facts, &other, context.knowledge});
        if (std::ranges::find(theirs.plain, quint16(80)) != theirs.plain.end())
            return {};
    }
    return {80};
}

/// What keeps a good answer from being a pass: something that was not looked at.
std::optional<model::Sentence> blindSpot(const ProxyPorts &ports,
                                         const std::vector<const HttpObservation *> &seen)
{
    if (!ports.complete) {
        return say(
            QT_TRANSLATE_NOOP("Sentence",
                              "The configuration of nginx was not read whole: there may be another "
                              "plain port"));
    }
    for (const quint16 port : ports.plain) {
        if (std::ranges::none_of(seen, [&](const auto *each) { return each->port == port; })) {
            return say(QT_TRANSLATE_NOOP("Sentence", "Port %1 was not asked over plain HTTP"),
                       {arg(port)});
        }
    }
    if (const std::optional<QString> path = unaskedPath(seen, paths)) {
        return say(QT_TRANSLATE_NOOP("Sentence", "%1 was not asked for over plain HTTP"),
                   {arg(*path)});
    }
    return std::nullopt;
}

Evaluation evaluate(const Context &context)
{
    const facts::Deployment &deployment = *context.deployment;
    if (!deployment.containers)
        return unreadable(deployment.containers);
    const ProxyPorts ports = proxyPorts(context);
    const bool any = !ports.plain.empty() || !ports.tls.empty();
    const std::vector<const HttpObservation *> seen
        = httpSeen(context, u"http"_s, plainPorts(context, ports));
    if (seen.empty() || !any)
        return answer(Verdict::Unknown, unseenSentence(context, any));

    const std::optional<bool> scim = routesScim(deployment);
    Evaluation out = worstOf(seen, [&](const HttpObservation *each) {
        Evaluation one = judgeOne(context, *each, scim);
        one.actual = asWritten(each->path.toUtf8() + ": " + excerptOf(*each).replace('\n', ", "));
        return one;
    });
    const std::optional<model::Sentence> blind = blindSpot(ports, seen);
    if (blind && (out.verdict == Verdict::Pass || out.verdict == Verdict::Warn))
        out = answer(Verdict::Unknown, *blind);
    for (const HttpObservation *each : seen) {
        out.evidence.push_back(evidence(*each, excerptOf(*each)));
        if (isWorse(judgeOne(context, *each, scim).verdict, Verdict::Pass))
            out.subjects.emplace_back(each->path.toUtf8());
    }
    out.expected = say(QT_TRANSLATE_NOOP(
        "Sentence", "Pages lead to HTTPS for good, services are refused, or port 80 is closed"));
    markProven(out, u"outside.http"_s);
    return out;
}

} // namespace

Check httpsEnforced()
{
    return {info(), evaluate};
}

} // namespace checks
