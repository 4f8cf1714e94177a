#include "core/checks/all.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/wire.h"
#include "core/config/nginxquery.h"

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
        .advice
        = QT_TRANSLATE_NOOP("Check",
                            "Give port 80 a server block of its own in nginx.conf that only "
                            "redirects, and refuse what must "
                            "never be sent in the clear. Keep the path of certificate challenges. "
                            "Or publish no port 80 at "
                            "all.\n"
                            "server {\n"
                            "    listen 80;\n"
                            "    location /.well-known/acme-challenge/ { root /var/www/acme; }\n"
                            "    location /scim { return 403; }\n"
                            "    location / { return 308 https://$host$request_uri; }\n"
                            "}"),
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
    for (const config::NginxServer &server : view.servers()) {
        for (const config::NginxNode *location : view.locations(*server.node)) {
            for (const QByteArray &argument : location->directive->args) {
                if (argument.contains("/scim"))
                    return true;
            }
        }
    }
    return view.complete() ? std::optional(false) : std::nullopt;
}

bool leadsToHttps(const HttpObservation &seen)
{
    return seen.location.bytes().trimmed().toLower().startsWith("https://");
}

Evaluation judgeRedirect(const HttpObservation &seen, std::optional<bool> scim)
{
    if (!leadsToHttps(seen)) {
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

Evaluation judgeAnswer(const HttpObservation &seen, std::optional<bool> scim)
{
    if (seen.status >= 300 && seen.status < 400)
        return judgeRedirect(seen, scim);
    // 401 comes from the service behind: it would have taken a password.
    if ((seen.status >= 200 && seen.status < 300) || seen.status == 401) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence", "%1 answers over plain HTTP"), {arg(seen.path)}));
    }
    if (seen.status >= 500) {
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

/// No socket of the host takes plain HTTP at this port.
bool nothingListens(const facts::Facts &facts, quint16 port)
{
    return facts.listening && std::ranges::none_of(*facts.listening, [&](const auto &socket) {
               return socket.protocol == "tcp" && socket.port == port
                   && !socket.address.isLoopback();
           });
}

Evaluation judgeOne(const Context &context, const HttpObservation &seen, std::optional<bool> scim)
{
    if (seen.outcome == Outcome::Answered)
        return judgeAnswer(seen, scim);
    const bool closed = seen.outcome == Outcome::Refused && answersFromHere(context, seen.address);
    if (closed
        || (nothingListens(context.facts, seen.port) && answersFromHere(context, seen.address)))
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
