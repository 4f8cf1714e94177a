#include "core/checks/all.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/wire.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace checks {

using namespace Qt::StringLiterals;
using model::arg;
using model::HttpObservation;
using model::say;
using model::Verdict;

namespace {

constexpr const char *header = "x-content-type-options";
/// What a pass must have seen of each address.
constexpr std::array paths{"/"_L1, "/console"_L1, "/api/health"_L1, "/gotrue/health"_L1};

model::CheckInfo info()
{
    return {
        .id = u"HDR-02"_s,
        .area = model::Area::Headers,
        .severity = model::Severity::Medium,
        .title = QT_TRANSLATE_NOOP("Check", "Browsers may not guess types of content"),
        .why = QT_TRANSLATE_NOOP("Check",
                                 "Without this header a browser may run a file that somebody "
                                 "uploaded as a script, although the "
                                 "server sent it as something else."),
        .advice = QT_TRANSLATE_NOOP("Check",
                                    "Add the header to the server block of nginx.conf, and again "
                                    "to each location that has an add_header of its own, "
                                    "for such a location drops inherited ones. Test and reload.\n\n"
                                    "    add_header X-Content-Type-Options \"nosniff\" always;\n\n"
                                    "    docker compose exec nginx nginx -t\n"
                                    "    docker compose exec nginx nginx -s reload"),
        .guideLines = {200, 201, 203},
        .needs = {u"containers"_s, u"outside.http"_s},
        .proofRequired = true,
        .controls = {.soc2 = {u"CC6.6"_s},
                     .iso27001 = {u"A.8.26"_s, u"A.8.9"_s},
                     .hipaa = {u"164.308(a)(1)(ii)(B)"_s},
                     .gdpr = {u"Art. 32(1)(b)"_s}},
        .references
        = {{u"MDN, verification of MIME types"_s,
            u"https://developer.mozilla.org/en-US/docs/Web/Security/Practical_implementation_guides/MIME_types"_s,
            u"2026-11-25"_s},
           {u"nginx, add_header and its inheritance"_s,
            u"https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header"_s,
            u"2026-11-24"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

const model::HttpHeader *find(const HttpObservation &seen)
{
    const auto found
        = std::ranges::find(seen.headers, QByteArray(header), &model::HttpHeader::name);
    return found == seen.headers.end() ? nullptr : &*found;
}

/// Sent twice it arrives as "nosniff, nosniff", which is as good as once.
bool isNosniff(const model::HttpHeader *found)
{
    if (!found || found->value.isEmpty())
        return false;
    const QList<QByteArray> values = found->value.bytes().split(',');
    return std::ranges::all_of(values, [](const QByteArray &value) {
        return value.trimmed().compare("nosniff", Qt::CaseInsensitive) == 0;
    });
}

enum class Shown { Yes, No, Open };

Shown shownBy(const HttpObservation &seen)
{
    if (seen.outcome != HttpObservation::Outcome::Answered)
        return Shown::Open;
    // An error of the proxy itself says nothing of the page that belongs there, with the header or
    // without it.
    if (seen.status < 200 || seen.status >= 500)
        return Shown::Open;
    return isNosniff(find(seen)) ? Shown::Yes : Shown::No;
}

QByteArray excerptOf(const HttpObservation &seen)
{
    if (seen.outcome != HttpObservation::Outcome::Answered)
        return seen.detail.isEmpty() ? QByteArray("no answer") : seen.detail.toUtf8();
    const model::HttpHeader *found = find(seen);
    QByteArray out = "HTTP " + QByteArray::number(seen.status) + "\n";
    if (found)
        out += header + QByteArray(": ") + found->value.bytes();
    else
        out += "no " + QByteArray(header);
    return out;
}

std::vector<QByteArray> pagesWith(const std::vector<const HttpObservation *> &seen, Shown shown)
{
    std::vector<QByteArray> pages;
    for (const HttpObservation *each : seen) {
        if (shownBy(*each) == shown && std::ranges::find(pages, each->path.toUtf8()) == pages.end())
            pages.push_back(each->path.toUtf8());
    }
    return pages;
}

/// An address that gave no answer at all (a family without a route, say) cannot be judged; one that
/// answered something is judged by every page.
std::vector<const HttpObservation *>
ofAnsweringAddresses(const std::vector<const HttpObservation *> &seen)
{
    std::vector<const HttpObservation *> out;
    std::ranges::copy_if(seen, std::back_inserter(out), [&](const HttpObservation *each) {
        return std::ranges::any_of(seen, [&](const HttpObservation *other) {
            return other->outcome == HttpObservation::Outcome::Answered
                && other->address == each->address && other->port == each->port;
        });
    });
    return out;
}

Evaluation judged(const std::vector<const HttpObservation *> &seen)
{
    const std::vector<QByteArray> without = pagesWith(seen, Shown::No);
    if (std::ranges::find(without, QByteArray("/")) != without.end()) {
        return answer(Verdict::Fail,
                      say(QT_TRANSLATE_NOOP("Sentence", "Sent without the header: %1"),
                          {arg(join(without, ", "))}));
    }
    const std::vector<QByteArray> with = pagesWith(seen, Shown::Yes);
    if (std::ranges::find(with, QByteArray("/")) == with.end()) {
        return answer(Verdict::Unknown,
                      say(QT_TRANSLATE_NOOP(
                          "Sentence", "The start page did not answer: audit again when it does")));
    }
    if (!without.empty()) {
        return answer(
            Verdict::Warn,
            say(QT_TRANSLATE_NOOP("Sentence", "The start page has the header; sent without it: %1"),
                {arg(join(without, ", "))}));
    }
    const std::vector<QByteArray> open = pagesWith(seen, Shown::Open);
    if (!open.empty()) {
        return answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence", "%1 did not answer: audit again when it does"),
                {arg(open.front())}));
    }
    if (const std::optional<QString> path = unaskedPath(seen, paths)) {
        return answer(Verdict::Unknown,
                      say(QT_TRANSLATE_NOOP("Sentence", "%1 was not asked for"), {arg(*path)}));
    }
    return answer(
        Verdict::Pass,
        say(QT_TRANSLATE_NOOP("Sentence", "All %n page(s) that were asked for carry the header"),
            {}, static_cast<int>(with.size())));
}

Evaluation evaluate(const Context &context)
{
    if (!context.deployment->containers)
        return unreadable(context.deployment->containers);
    const ProxyPorts ports = proxyPorts(context);
    std::vector<const HttpObservation *> seen
        = ofAnsweringAddresses(httpSeen(context, u"https"_s, ports.tls));
    if (seen.empty() && ports.tls.empty())
        seen = ofAnsweringAddresses(httpSeen(context, u"http"_s, ports.plain));
    if (seen.empty()) {
        return answer(Verdict::Unknown,
                      unseenSentence(context, !ports.tls.empty() || !ports.plain.empty()));
    }

    Evaluation out = judged(seen);
    const std::optional<model::Sentence> blind = unseenTlsPort(ports, seen);
    if (blind && (out.verdict == Verdict::Pass || out.verdict == Verdict::Warn))
        out = answer(Verdict::Unknown, *blind);
    const auto bare = std::ranges::find_if(
        seen, [](const HttpObservation *each) { return shownBy(*each) == Shown::No; });
    const HttpObservation &telling = bare == seen.end() ? *seen.front() : **bare;
    out.actual = asWritten(telling.path.toUtf8() + ": " + excerptOf(telling).replace('\n', ", "));
    for (const HttpObservation *each : seen)
        out.evidence.push_back(evidence(*each, excerptOf(*each)));
    for (const QByteArray &page : pagesWith(seen, Shown::No))
        out.subjects.emplace_back(page);
    out.expected = asWritten("X-Content-Type-Options: nosniff");
    markProven(out, u"outside.http"_s);
    return out;
}

} // namespace

Check nosniffSent()
{
    return {info(), evaluate};
}

} // namespace checks
