#include "core/checks/all.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/wire.h"

namespace checks {

using namespace Qt::StringLiterals;
using model::arg;
using model::say;
using model::Verdict;

namespace {

model::CheckInfo info()
{
    return {
        .id = u"TLS-01"_s,
        .area = model::Area::Tls,
        .severity = model::Severity::Critical,
        .title = QT_TRANSLATE_NOOP("Check", "The certificate is valid for the public name"),
        .why = QT_TRANSLATE_NOOP("Check",
                                 "A certificate that clients cannot verify protects nobody: people "
                                 "learn to click the warning "
                                 "away, and then anyone on the way can read along. AppFlowy ships "
                                 "with a certificate whose "
                                 "private key is public."),
        .advice = QT_TRANSLATE_NOOP(
            "Check",
            "Have a public authority issue a certificate for the name, and put it in place of the "
            "shipped files. "
            "Write into the existing files: the container keeps those it was started with.\n\n"
            "    certbot certonly --webroot -w /var/www/acme -d appflowy.example.com\n"
            "    cat fullchain.pem > nginx/ssl/certificate.crt\n"
            "    cat privkey.pem > nginx/ssl/private_key.key\n"
            "    docker compose exec nginx nginx -s reload"),
        .guideLines
        = {11, 12, 13, 14, 15, 16, 17, 18, 30, 31, 32, 33, 34, 35, 36, 40, 41, 43, 44, 45},
        .needs = {u"containers"_s, u"outside.tls"_s},
        .proofRequired = true,
        .controls = {.soc2 = {u"CC6.7"_s, u"CC6.1"_s},
                     .iso27001 = {u"A.8.24"_s, u"A.5.14"_s},
                     .hipaa = {u"164.312(e)(1)"_s, u"164.312(e)(2)(ii)"_s},
                     .gdpr = {u"Art. 32(1)(a)"_s}},
        .references = {{u"RFC 9525: names of services in certificates"_s,
                        u"https://www.rfc-editor.org/rfc/rfc9525"_s, u"2026-11-24"_s},
                       {u"TLSRef, server side TLS 6.0"_s,
                        u"https://wiki.mozilla.org/Security/Server_Side_TLS"_s, u"2026-11-24"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

QByteArray excerptOf(const model::TlsObservation &seen)
{
    if (seen.chain.empty())
        return "no certificate";
    std::vector<QByteArray> lines;
    for (const model::Certificate &each : seen.chain) {
        lines.push_back("subject " + each.subject.bytes() + ", issuer " + each.issuer.bytes());
        std::vector<QByteArray> names;
        for (const base::UntrustedText &name : each.dnsNames)
            names.push_back(name.bytes());
        for (const base::UntrustedText &name : each.ipNames)
            names.push_back(name.bytes());
        lines.push_back("  alternative names: " + (names.empty() ? "none" : join(names, ", ")));
    }
    for (const model::ChainProblem &each : seen.problems)
        lines.push_back("depth " + QByteArray::number(each.depth) + ": " + each.text.toUtf8());
    return join(lines, "\n");
}

Evaluation judged(const Context &context, const model::TlsObservation &seen)
{
    const QByteArray place = endpoint(seen.address, seen.port);
    if (!seen.chainRead || seen.chain.empty()) {
        return answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence", "No certificate could be read at %1: audit again"),
                {arg(place)}));
    }
    const model::Certificate &leaf = seen.chain.front();
    for (const knowledge::PublicKey &key : context.knowledge.publicKeys()) {
        if (leaf.spkiSha256 == key.spkiSha256) {
            return answer(
                Verdict::Fail,
                say(QT_TRANSLATE_NOOP("Sentence",
                                      "%1 serves a certificate whose private key is public"),
                    {arg(place)}));
        }
    }
    if (leaf.selfSigned && !seen.trustedByGivenCa) {
        return answer(Verdict::Fail,
                      say(QT_TRANSLATE_NOOP("Sentence", "The certificate at %1 is self-signed"),
                          {arg(place)}));
    }
    if (!seen.problems.empty()) {
        return answer(Verdict::Fail,
                      say(QT_TRANSLATE_NOOP("Sentence", "Clients refuse the certificate at %1: %2"),
                          {arg(place), arg(seen.problems.front().text)}));
    }
    if (seen.serverName.isEmpty()) {
        return answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "No public name is known to compare the certificate with: give "
                                  "one with --public-name")));
    }
    if (!seen.nameMatches) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "%1 is not among the alternative names of the certificate"),
                {arg(seen.serverName)}));
    }
    if (seen.trustedByGivenCa) {
        return answer(
            Verdict::Warn,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "Valid for %1 by the given authority, but not by a public one: "
                                  "every client must be given it"),
                {arg(seen.serverName)}));
    }
    return answer(Verdict::Pass,
                  say(QT_TRANSLATE_NOOP("Sentence", "A public authority vouches for %1"),
                      {arg(seen.serverName)}));
}

Evaluation evaluate(const Context &context)
{
    if (!context.deployment->containers)
        return unreadable(context.deployment->containers);
    const ProxyPorts ports = proxyPorts(context);
    const std::vector<const model::TlsObservation *> seen = tlsSeen(context, ports.tls);
    if (seen.empty())
        return answer(Verdict::Unknown, unseenSentence(context, !ports.tls.empty()));
    Evaluation out = worstOf(seen, [&](const model::TlsObservation *each) {
        Evaluation one = judged(context, *each);
        one.actual = asWritten(excerptOf(*each).split('\n').front());
        one.evidence.push_back(evidence(*each, excerptOf(*each)));
        one.subjects.emplace_back(endpoint(each->address, each->port));
        return one;
    });
    const std::optional<model::Sentence> blind = unseenTlsPort(ports, seen);
    if (blind && (out.verdict == Verdict::Pass || out.verdict == Verdict::Warn)) {
        out.verdict = Verdict::Unknown;
        out.summary = *blind;
    }
    out.expected = say(QT_TRANSLATE_NOOP(
        "Sentence", "A chain that clients trust, with the public name as an alternative name"));
    return out;
}

} // namespace

Check certificateValid()
{
    return {info(), evaluate};
}

} // namespace checks
