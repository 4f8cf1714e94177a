#include "core/checks/all.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/wire.h"

namespace checks {

using namespace Qt::StringLiterals;
using model::arg;
using model::say;
using model::Verdict;

namespace {

constexpr qint64 day = 24 * 60 * 60;

model::CheckInfo info()
{
    return {
        .id = u"TLS-03"_s,
        .area = model::Area::Tls,
        .severity = model::Severity::High,
        .title = QT_TRANSLATE_NOOP("Check", "The certificate is renewed in time"),
        .why = QT_TRANSLATE_NOOP("Check",
                                 "On the day a certificate ends, every client stops. Renewal is "
                                 "due when a third of the lifetime "
                                 "is left; what is still old then was not renewed, or never "
                                 "reached the server that serves it."),
        .advice = QT_TRANSLATE_NOOP("Check",
                                    "Renew, write the new files in place, and reload nginx. Let "
                                    "the renewal do both by a hook.\n\n"
                                    "    certbot renew\n"
                                    "    docker compose exec nginx nginx -s reload"),
        .guideLines = {24, 25},
        .needs = {u"containers"_s, u"outside.tls"_s},
        .proofRequired = true,
        .controls = {.soc2 = {u"CC6.1"_s, u"CC6.7"_s},
                     .iso27001 = {u"A.8.24"_s},
                     .hipaa = {u"164.312(e)(2)(ii)"_s},
                     .gdpr = {u"Art. 32(1)(a)"_s}},
        .references
        = {{u"Let's Encrypt, decreasing certificate lifetimes to 45 days"_s,
            u"https://letsencrypt.org/2025/12/02/from-90-to-45"_s, u"2026-11-24"_s},
           {u"RFC 5280, 4.1.2.5: validity"_s,
            u"https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5"_s, u"2026-11-24"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

QByteArray text(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODate).toLatin1();
}

Evaluation judged(const model::TlsObservation &seen)
{
    const QByteArray place = endpoint(seen.address, seen.port);
    if (!seen.chainRead || seen.chain.empty()) {
        return answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence", "No certificate could be read at %1: audit again"),
                {arg(place)}));
    }
    const model::Certificate &leaf = seen.chain.front();
    if (!leaf.notBefore.isValid() || !leaf.notAfter.isValid() || !seen.at.isValid()) {
        return answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence", "The dates of the certificate at %1 cannot be read"),
                {arg(place)}));
    }
    const qint64 lifetime = leaf.notBefore.secsTo(leaf.notAfter);
    const qint64 left = seen.at.secsTo(leaf.notAfter);
    const int daysLeft = static_cast<int>(left / day);
    if (left <= 0) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence", "The certificate at %1 ended %n day(s) ago"),
                {arg(place)}, -daysLeft));
    }
    if (seen.at < leaf.notBefore) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence", "The certificate at %1 is not valid before %2"),
                {arg(place), arg(text(leaf.notBefore))}));
    }
    if (left * 6 < lifetime) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "%n day(s) left for the certificate at %1, under a sixth of "
                                  "its lifetime"),
                {arg(place)}, daysLeft));
    }
    // A day's grace, so that a renewal that is due today is not called late.
    if ((left + day) * 3 < lifetime) {
        return answer(
            Verdict::Warn,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "%n day(s) left for the certificate at %1: its renewal is late"),
                {arg(place)}, daysLeft));
    }
    return answer(Verdict::Pass,
                  say(QT_TRANSLATE_NOOP("Sentence", "%n day(s) left for the certificate at %1"),
                      {arg(place)}, daysLeft));
}

QByteArray excerptOf(const model::TlsObservation &seen)
{
    if (seen.chain.empty())
        return "no certificate";
    const model::Certificate &leaf = seen.chain.front();
    return "valid from " + text(leaf.notBefore) + " to " + text(leaf.notAfter) + "\nseen at "
        + text(seen.at);
}

Evaluation evaluate(const Context &context)
{
    if (!context.deployment->containers)
        return unreadable(context.deployment->containers);
    const ProxyPorts ports = proxyPorts(context);
    const std::vector<const model::TlsObservation *> seen = tlsSeen(context, ports.tls);
    if (seen.empty())
        return answer(Verdict::Unknown, unseenSentence(context, !ports.tls.empty()));
    Evaluation out = worstOf(seen, [](const model::TlsObservation *each) {
        Evaluation one = judged(*each);
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
    out.expected = say(QT_TRANSLATE_NOOP("Sentence", "A third of the lifetime left, less one day"));
    return out;
}

} // namespace

Check certificateMargin()
{
    return {info(), evaluate};
}

} // namespace checks
