#include "core/checks/all.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/setting.h"

#include <algorithm>

namespace checks {

using namespace Qt::StringLiterals;
using knowledge::GuideKey;
using model::arg;
using model::Reach;
using model::say;
using model::Verdict;

namespace {

model::CheckInfo info()
{
    return {
        .id = u"INV-03"_s,
        .area = model::Area::Inventory,
        .severity = model::Severity::High,
        .title = QT_TRANSLATE_NOOP("Check", "Every security key that is set has an effect"),
        .why = QT_TRANSLATE_NOOP("Check",
                                 "A line in .env looks like protection. Compose hands it to a "
                                 "container only where the service "
                                 "lists it, and nothing in AppFlowy reads most of the names that "
                                 "its security guide tells you to "
                                 "write. Whoever relies on such a line is not protected."),
        .advice = QT_TRANSLATE_NOOP(
            "Check",
            "Remove each key that has no effect and use the mechanism named beside it. "
            "A key that a service reads goes into its environment, in docker-compose.flowkeep.yml, "
            "listed in COMPOSE_FILE:\n\n"
            "    services:\n"
            "      gotrue:\n"
            "        environment:\n"
            "          GOTRUE_PASSWORD_MIN_LENGTH: \"12\""),
        .guideLines = {76,  78,  82,  84,  86,  91,  93,  95,  99,  100, 101, 102, 103, 105, 106,
                       107, 108, 110, 111, 112, 113, 115, 116, 117, 118, 119, 120, 121, 122, 131,
                       134, 135, 136, 138, 139, 149, 151, 153, 155, 258, 259, 260, 262, 264, 266},
        .needs = {u"containers"_s, u"env"_s, u"rendered"_s},
        .controls = {.soc2 = {u"CC7.1"_s, u"CC6.8"_s},
                     .iso27001 = {u"A.8.9"_s},
                     .hipaa = {u"164.308(a)(8)"_s},
                     .gdpr = {u"Art. 32(1)(d)"_s}},
        .references = {{u"AppFlowy, security guide for self-hosted servers"_s,
                        u"https://www.mintlify.com/AppFlowy-IO/AppFlowy/self-hosting/security"_s,
                        u"2026-11-25"_s},
                       {u"Compose, interpolation of variables"_s,
                        u"https://docs.docker.com/compose/how-tos/environment-variables/"
                        "variable-interpolation/"_s,
                        u"2026-11-25"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

/// Where one key of the guide was seen.
struct Place
{
    const GuideKey *key = nullptr;
    const facts::EnvEntry *inFile = nullptr;
    QByteArray composeService; ///< a service that the files hand it to
    QByteArray container; ///< a running container that has it
    bool delivered = false; ///< to a running container of the component that reads it
    bool readerRuns = false;
    bool usedElsewhere = false; ///< something of another name is made of it

    bool seen() const { return inFile || !composeService.isEmpty() || !container.isEmpty(); }
};

Place placeOf(const facts::Deployment &deployment, const GuideKey &key)
{
    Place place;
    place.key = &key;
    if (deployment.envFile)
        place.inFile = find(deployment.envFile->entries, key.key);
    if (place.inFile) {
        const std::vector<QByteArray> &used = deployment.envFile->usedElsewhere;
        place.usedElsewhere = std::ranges::find(used, key.key) != used.end();
    }
    if (deployment.rendered) {
        for (const facts::RenderedService &service : *deployment.rendered) {
            if (find(service.env, key.key))
                place.composeService = service.name;
        }
    }
    if (deployment.containers) {
        for (const facts::Container &container : *deployment.containers) {
            if (!container.isRunning())
                continue;
            const bool reader = !key.component.isEmpty() && container.service == key.component;
            const bool has = find(container.env, key.key) != nullptr;
            place.readerRuns = place.readerRuns || reader;
            place.delivered = place.delivered || (reader && has);
            if (has)
                place.container = container.service;
        }
    }
    return place;
}

enum class Effect {
    None,
    Some,
    Open, ///< the service that would read it does not run
    Other, ///< under another name, where it may do anything
};

Effect effectOf(const Place &place)
{
    if (place.delivered)
        return Effect::Some;
    if (place.usedElsewhere)
        return Effect::Other;
    if (place.key->component.isEmpty())
        return Effect::None;
    return place.readerRuns ? Effect::None : Effect::Open;
}

QByteArray whereSeen(const Place &place)
{
    if (place.inFile)
        return ".env line " + QByteArray::number(place.inFile->line);
    if (!place.container.isEmpty())
        return "container " + place.container;
    return "compose files, service " + place.composeService;
}

/// The five stops for the first key that goes nowhere.
std::vector<model::ReachStep> chainOf(const facts::Deployment &deployment, const Place &place)
{
    const bool carried = !place.container.isEmpty();
    const QString containers = deployment.containers.source().section;
    const model::Sentence where = carried
        ? say(QT_TRANSLATE_NOOP("Sentence", "in the %1 container"), {arg(place.container)})
        : say(QT_TRANSLATE_NOOP("Sentence", "in no container"));
    const model::Sentence reader = place.key->component.isEmpty()
        ? say(QT_TRANSLATE_NOOP("Sentence", "read by nothing in AppFlowy"))
        : say(QT_TRANSLATE_NOOP("Sentence", "read by %1 only"), {arg(place.key->component)});
    return {
        {Reach::Absent, true,
         say(QT_TRANSLATE_NOOP("Sentence", "%1 looked for"), {arg(place.key->key)}),
         deployment.envFile.source().section},
        {Reach::Written, true, asWritten(whereSeen(place)),
         place.inFile ? deployment.envFile.source().section : deployment.rendered.source().section},
        {Reach::Delivered, carried, where, containers},
        {Reach::Honoured, false, reader, {}},
        {Reach::Proven, false, say(QT_TRANSLATE_NOOP("Sentence", "not observed")), {}}};
}

QByteArray listed(const std::vector<Place> &places)
{
    std::vector<QByteArray> parts;
    for (const Place &place : places)
        parts.push_back(place.key->key);
    return join(parts, ", ");
}

model::Sentence noEffect(const std::vector<Place> &inert)
{
    const Place &first = inert.front();
    if (inert.size() > 1) {
        return say(QT_TRANSLATE_NOOP("Sentence", "%n key(s) are set and have no effect: %1"),
                   {arg(listed(inert))}, static_cast<int>(inert.size()));
    }
    if (first.key->component.isEmpty()) {
        return say(QT_TRANSLATE_NOOP("Sentence",
                                     "%1 is set (%2) but read by nothing in AppFlowy: no effect"),
                   {arg(first.key->key), arg(whereSeen(first))});
    }
    return say(QT_TRANSLATE_NOOP("Sentence",
                                 "%1 is set (%2) but not delivered to the %3 container: no effect"),
               {arg(first.key->key), arg(whereSeen(first)), arg(first.key->component)});
}

void addEvidence(const facts::Deployment &deployment,
                 const std::vector<Place> &places,
                 Evaluation &out)
{
    std::vector<QByteArray> file;
    std::vector<QByteArray> files;
    std::vector<QByteArray> process;
    for (const Place &place : places) {
        if (place.inFile)
            file.push_back(QByteArray::number(place.inFile->line) + ": " + place.key->key);
        if (!place.composeService.isEmpty())
            files.push_back(place.composeService + ": " + place.key->key);
        if (!place.container.isEmpty())
            process.push_back(place.container + ": " + place.key->key);
    }
    const auto add = [&](const auto &fact, const std::vector<QByteArray> &lines) {
        if (fact) {
            const QByteArray none = "none of the guide's keys";
            out.evidence.push_back(evidence(fact, lines.empty() ? none : join(lines, "\n")));
        }
    };
    add(deployment.envFile, file);
    add(deployment.rendered, files);
    add(deployment.containers, process);
}

/// Keys that were seen, by what becomes of them.
struct Seen
{
    std::vector<Place> all;
    std::vector<Place> inert;
    std::vector<Place> open;
    std::vector<Place> renamed;
};

Evaluation judged(const Context &context, const Seen &seen)
{
    const std::vector<Place> &inert = seen.inert;
    const std::vector<Place> &open = seen.open;
    const facts::Deployment &deployment = *context.deployment;
    if (!inert.empty()) {
        Evaluation out = answer(Verdict::Fail, noEffect(inert));
        out.reachChain = chainOf(deployment, inert.front());
        out.reach = reachOf(out.reachChain);
        std::vector<QByteArray> ways;
        for (const Place &place : inert) {
            out.subjects.emplace_back(place.key->key);
            ways.push_back(place.key->key + ": " + place.key->realMechanism.toUtf8());
        }
        out.expected = asWritten(join(ways, "; "));
        out.actual = asWritten(whereSeen(inert.front()));
        return out;
    }
    if (!deployment.envFile)
        return unreadable(deployment.envFile);
    if (!deployment.rendered)
        return unreadable(deployment.rendered);
    if (!deployment.containers)
        return unreadable(deployment.containers);
    if (!open.empty()) {
        return answer(Verdict::Unknown,
                      say(QT_TRANSLATE_NOOP(
                              "Sentence", "%1 is set, but the service that reads it does not run"),
                          {arg(listed(open))}));
    }
    if (!seen.renamed.empty()) {
        Evaluation out = answer(
            Verdict::Warn,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "%1 is set, and the compose files make something of "
                                  "another name of it: whether that protects is not known"),
                {arg(listed(seen.renamed))}));
        out.actual = asWritten(whereSeen(seen.renamed.front()));
        for (const Place &place : seen.renamed)
            out.subjects.emplace_back(place.key->key);
        return out;
    }
    return answer(
        Verdict::Pass,
        say(QT_TRANSLATE_NOOP("Sentence", "None of the guide's keys is set without effect")));
}

Evaluation evaluate(const Context &context)
{
    const facts::Deployment &deployment = *context.deployment;
    Seen seen;
    for (const GuideKey &key : context.knowledge.guideKeys()) {
        const Place place = placeOf(deployment, key);
        if (!place.seen())
            continue;
        seen.all.push_back(place);
        const Effect effect = effectOf(place);
        if (effect == Effect::None)
            seen.inert.push_back(place);
        else if (effect == Effect::Open)
            seen.open.push_back(place);
        else if (effect == Effect::Other)
            seen.renamed.push_back(place);
    }
    Evaluation out = judged(context, seen);
    if (out.verdict != Verdict::Unknown)
        addEvidence(deployment, out.verdict == Verdict::Fail ? seen.inert : seen.all, out);
    if (out.expected.isEmpty()) {
        out.expected = say(QT_TRANSLATE_NOOP(
            "Sentence", "Each key in the container of the service that reads it"));
    }
    return out;
}

} // namespace

Check noInertKeys()
{
    return {info(), evaluate};
}

} // namespace checks
