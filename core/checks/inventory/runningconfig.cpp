#include "core/checks/all.h"
#include "core/checks/inventory/comparison.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/setting.h"

#include <algorithm>

namespace checks {

using namespace Qt::StringLiterals;
using model::arg;
using model::say;
using model::Verdict;

namespace {

model::CheckInfo info()
{
    return {
        .id = u"INV-02"_s,
        .area = model::Area::Inventory,
        .severity = model::Severity::High,
        .title = QT_TRANSLATE_NOOP("Check", "What runs is what the files say"),
        .why = QT_TRANSLATE_NOOP("Check",
                                 "A container keeps the environment and image it was made with. An "
                                 "edited file changes nothing "
                                 "until the container is made anew, restarting it is not enough, "
                                 "and the next one to do so "
                                 "applies whatever else was edited meanwhile."),
        .advice = QT_TRANSLATE_NOOP(
            "Check",
            "Read the differences, then apply the ones you want, service by service, without "
            "pulling.\n\n"
            "    docker compose config\n\n"
            "    docker compose up -d --no-deps --no-build --pull never --wait SERVICE"),
        .guideLines = {},
        .needs = {u"containers"_s, u"rendered"_s},
        .controls = {.soc2 = {u"CC7.1"_s, u"CC8.1"_s},
                     .iso27001 = {u"A.8.9"_s, u"A.8.32"_s},
                     .hipaa = {u"164.308(a)(8)"_s},
                     .gdpr = {u"Art. 32(1)(d)"_s}},
        .references
        = {{u"docker compose up"_s, u"https://docs.docker.com/reference/cli/docker/compose/up/"_s,
            u"2026-11-24"_s},
           {u"docker compose config"_s,
            u"https://docs.docker.com/reference/cli/docker/compose/config/"_s, u"2026-11-24"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

struct Found
{
    std::vector<QByteArray> differing; ///< "gotrue: GOTRUE_JWT_EXP"
    std::vector<QByteArray> open;
    std::vector<QByteArray> absent; ///< services without a container, containers without a service
    std::vector<QByteArray> services; ///< that differ
    int compared = 0;
};

void append(std::vector<QByteArray> &out,
            const QByteArray &service,
            const std::vector<QByteArray> &what)
{
    for (const QByteArray &each : what)
        out.push_back(service + ": " + each);
}

Found compareAll(const facts::Deployment &deployment)
{
    Found found;
    for (const facts::RenderedService &service : *deployment.rendered) {
        const bool exists = std::ranges::any_of(
            *deployment.containers, [&](const auto &each) { return each.service == service.name; });
        if (!exists)
            found.absent.push_back(service.name + ": no container");
        for (const facts::Container *container : running(deployment, service.name)) {
            const Comparison comparison = compare(service, *container);
            ++found.compared;
            append(found.differing, service.name, comparison.differences);
            append(found.open, service.name, comparison.open);
            if (!comparison.differences.empty())
                found.services.push_back(service.name);
        }
    }
    for (const facts::Container &container : *deployment.containers) {
        if (container.isRunning() && !deployment.service(container.service))
            found.absent.push_back(container.service + ": not in the files");
    }
    return found;
}

Evaluation judged(const Found &found)
{
    if (!found.differing.empty()) {
        return answer(Verdict::Fail,
                      say(QT_TRANSLATE_NOOP("Sentence", "Edited, not applied: %1"),
                          {arg(join(found.differing, ", "))}));
    }
    if (found.compared == 0) {
        return answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence", "No container runs that could be compared")));
    }
    if (!found.open.empty()) {
        return answer(Verdict::Unknown,
                      say(QT_TRANSLATE_NOOP("Sentence", "Could not be compared: %1"),
                          {arg(join(found.open, ", "))}));
    }
    if (!found.absent.empty()) {
        return answer(
            Verdict::Warn,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "The containers that run equal the files, but these have no "
                                  "counterpart: %1"),
                {arg(join(found.absent, ", "))}));
    }
    return answer(Verdict::Pass,
                  say(QT_TRANSLATE_NOOP("Sentence", "%n running container(s) equal the files"), {},
                      found.compared));
}

Evaluation evaluate(const Context &context)
{
    const facts::Deployment &deployment = *context.deployment;
    if (!deployment.containers)
        return unreadable(deployment.containers);
    if (!deployment.rendered)
        return unreadable(deployment.rendered);

    const Found found = compareAll(deployment);
    Evaluation out = judged(found);
    out.expected = say(QT_TRANSLATE_NOOP(
        "Sentence",
        "Environment, image, ports, mounts and command of each container as in the files"));
    for (const QByteArray &service : found.services)
        out.subjects.emplace_back(service);
    std::vector<QByteArray> lines = found.differing;
    lines.insert(lines.end(), found.open.begin(), found.open.end());
    lines.insert(lines.end(), found.absent.begin(), found.absent.end());
    if (lines.empty())
        lines.push_back(QByteArray::number(found.compared) + " containers compared, no difference");
    const QByteArray excerpt = join(lines, "\n");
    out.actual = asWritten(lines.front());
    out.evidence.push_back(evidence(deployment.containers, excerpt));
    out.evidence.push_back(evidence(deployment.rendered, excerpt));
    return out;
}

} // namespace

Check runningEqualsFiles()
{
    return {info(), evaluate};
}

} // namespace checks
