#include "core/checks/all.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/wire.h"

#include <algorithm>
#include <array>

namespace checks {

using namespace Qt::StringLiterals;
using model::arg;
using model::Offer;
using model::say;
using model::TlsVersion;
using model::TlsVersionOffer;
using model::Verdict;

namespace {

model::CheckInfo info()
{
    return {
        .id = u"TLS-07"_s,
        .area = model::Area::Tls,
        .severity = model::Severity::High,
        .title = QT_TRANSLATE_NOOP("Check", "Only TLS 1.2 and 1.3 are spoken"),
        .why = QT_TRANSLATE_NOOP(
            "Check",
            "Older versions have known breaks, and whoever sits on the way can talk a client down "
            "to the "
            "weakest version that both sides still speak. Every port that is published counts."),
        .advice
        = QT_TRANSLATE_NOOP("Check",
                            "Set the versions in the http block of nginx.conf, test and reload.\n\n"
                            "    ssl_protocols TLSv1.2 TLSv1.3;\n\n"
                            "    docker compose exec nginx nginx -t\n"
                            "    docker compose exec nginx nginx -s reload"),
        .guideLines = {42, 46, 56, 57},
        .needs = {u"containers"_s, u"outside.tls"_s},
        .proofRequired = true,
        .controls = {.soc2 = {u"CC6.7"_s, u"CC6.6"_s},
                     .iso27001 = {u"A.8.24"_s, u"A.8.20"_s},
                     .hipaa = {u"164.312(e)(1)"_s, u"164.312(e)(2)(ii)"_s},
                     .gdpr = {u"Art. 32(1)(a)"_s}},
        .references = {{u"RFC 8996: TLS 1.0 and 1.1 are deprecated"_s,
                        u"https://www.rfc-editor.org/rfc/rfc8996"_s, u"2026-11-24"_s},
                       {u"TLSRef, server side TLS 6.0"_s,
                        u"https://wiki.mozilla.org/Security/Server_Side_TLS"_s, u"2026-11-24"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

constexpr std::array old{TlsVersion::Ssl3, TlsVersion::Tls10, TlsVersion::Tls11};

QByteArray nameOf(TlsVersion version)
{
    switch (version) {
    case TlsVersion::Ssl3:
        return "SSL 3";
    case TlsVersion::Tls10:
        return "TLS 1.0";
    case TlsVersion::Tls11:
        return "TLS 1.1";
    case TlsVersion::Tls12:
        return "TLS 1.2";
    case TlsVersion::Tls13:
        return "TLS 1.3";
    }
    return {};
}

QByteArray nameOf(Offer offer)
{
    switch (offer) {
    case Offer::Accepted:
        return "accepted";
    case Offer::Refused:
        return "refused";
    case Offer::Unknown:
        break;
    }
    return "not known";
}

/// Both witnesses count for "spoken", only our own hello for "refused": OpenSSL refuses old
/// versions by itself.
Offer offerOf(const model::TlsObservation &seen, TlsVersion version)
{
    const auto found = std::ranges::find(seen.versions, version, &TlsVersionOffer::version);
    if (found == seen.versions.end())
        return Offer::Unknown;
    return found->witness == Offer::Accepted ? Offer::Accepted : found->offer;
}

std::vector<QByteArray> spoken(const model::TlsObservation &seen)
{
    std::vector<QByteArray> out;
    for (const TlsVersion version : old) {
        if (offerOf(seen, version) == Offer::Accepted)
            out.push_back(nameOf(version));
    }
    return out;
}

Evaluation judged(const model::TlsObservation &seen)
{
    const QByteArray place = endpoint(seen.address, seen.port);
    const std::vector<QByteArray> bad = spoken(seen);
    if (!bad.empty()) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence", "%1 speaks %2"), {arg(place), arg(join(bad, ", "))}));
    }
    for (const TlsVersion version : old) {
        if (offerOf(seen, version) == Offer::Unknown) {
            return answer(
                Verdict::Unknown,
                say(QT_TRANSLATE_NOOP("Sentence",
                                      "Whether %1 speaks %2 could not be told: audit again from "
                                      "another network"),
                    {arg(place), arg(nameOf(version))}));
        }
    }
    const bool modern = offerOf(seen, TlsVersion::Tls12) == Offer::Accepted
        || offerOf(seen, TlsVersion::Tls13) == Offer::Accepted;
    if (!modern) {
        return answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "%1 accepted no TLS version at all: it may be no TLS port"),
                {arg(place)}));
    }
    return answer(Verdict::Pass,
                  say(QT_TRANSLATE_NOOP("Sentence", "Older versions than TLS 1.2 are refused")));
}

QByteArray excerptOf(const model::TlsObservation &seen)
{
    std::vector<QByteArray> lines;
    for (const TlsVersionOffer &each : seen.versions) {
        lines.push_back(nameOf(each.version) + ": " + nameOf(each.offer) + " ("
                        + each.detail.toUtf8() + "), second witness: " + nameOf(each.witness));
    }
    return lines.empty() ? QByteArray("no version was asked for") : join(lines, "\n");
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
        std::vector<QByteArray> offers;
        for (const TlsVersionOffer &offer : each->versions)
            offers.push_back(nameOf(offer.version) + " " + nameOf(offerOf(*each, offer.version)));
        one.actual = asWritten(join(offers, ", "));
        return one;
    });
    const std::optional<model::Sentence> blind = unseenTlsPort(ports, seen);
    if (blind && out.verdict == Verdict::Pass)
        out = answer(Verdict::Unknown, *blind);
    for (const model::TlsObservation *each : seen) {
        out.evidence.push_back(evidence(*each, excerptOf(*each)));
        out.subjects.emplace_back(endpoint(each->address, each->port));
    }
    out.expected = say(QT_TRANSLATE_NOOP(
        "Sentence", "TLS 1.2 or 1.3 answers, older versions are refused by an alert"));
    markProven(out, u"outside.tls"_s);
    return out;
}

} // namespace

Check modernTlsOnly()
{
    return {info(), evaluate};
}

} // namespace checks
