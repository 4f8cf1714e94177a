#include "core/checks/all.h"
#include "core/checks/network/portjudge.h"
#include "core/checks/support/answer.h"
#include "core/checks/support/exposure.h"

#include <algorithm>

namespace checks {

using namespace Qt::StringLiterals;
using config::PacketVerdict;
using model::arg;
using model::say;
using model::Verdict;

namespace {

constexpr std::size_t tracedPorts = 32;

model::CheckInfo info()
{
    return {
        .id = u"NET-05"_s,
        .area = model::Area::Network,
        .severity = model::Severity::Critical,
        .title = QT_TRANSLATE_NOOP("Check", "Only the proxy's ports can be reached from outside"),
        .why = QT_TRANSLATE_NOOP("Check",
                                 "Docker opens published ports by kernel rules of its own, which "
                                 "packets meet before those of "
                                 "ufw: its status reads blocked while the database answers the "
                                 "world. Each address family takes "
                                 "its own way."),
        .advice = QT_TRANSLATE_NOOP(
            "Check",
            "Bind the port to loopback in the compose file and recreate the service:\n\n"
            "    ports:\n"
            "      - \"127.0.0.1:9000:9000\"\n\n"
            "Or drop foreign packets in the chain that Docker leaves to you, for both families:\n\n"
            "    iptables -I DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 9000 --ctdir "
            "ORIGINAL -j DROP\n"
            "    ip6tables -I DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 9000 --ctdir "
            "ORIGINAL -j DROP"),
        .guideLines = {},
        .needs = {u"containers"_s},
        .controls = {.soc2 = {u"CC6.6"_s, u"CC6.1"_s},
                     .iso27001 = {u"A.8.20"_s, u"A.8.22"_s},
                     .hipaa = {u"164.312(a)(1)"_s, u"164.312(e)(1)"_s},
                     .gdpr = {u"Art. 32(1)(b)"_s}},
        .references = {{u"Docker, packet filtering and firewalls"_s,
                        u"https://docs.docker.com/engine/network/packet-filtering-firewalls/"_s,
                        u"2026-11-24"_s},
                       {u"ufw-docker, what ufw does not block"_s,
                        u"https://github.com/chaifeng/ufw-docker"_s, u"2026-11-25"_s}},
        .reviewed = u"2026-11-25"_s,
    };
}

bool servesVisitors(const facts::Container &container, const facts::PortBinding &binding)
{
    return isProxy(container) && (binding.containerPort == 80 || binding.containerPort == 443);
}

std::vector<PublishedPort> publishedPorts(const facts::Deployment &deployment)
{
    std::vector<PublishedPort> out;
    for (const facts::Container &container : *deployment.containers) {
        if (!container.isRunning())
            continue;
        // Between two starts a container has no ports for a moment, and then has them again.
        const bool between = container.state != "running" && container.ports.empty();
        for (const facts::PortBinding &binding :
             between ? container.wantedPorts : container.ports) {
            if (!servesVisitors(container, binding) && !isLoopback(binding.hostAddress))
                out.push_back({&container, binding});
        }
    }
    return out;
}

/// Which ports are its own shows only where its program's sockets do, and those are its visitors'.
bool hidesItsPorts(const Context &context, const facts::Container &container)
{
    if (container.networkMode != "host")
        return false;
    if (!isProxy(container) || !context.facts.listening)
        return true;
    bool seen = false;
    for (const facts::ListeningSocket &socket : *context.facts.listening) {
        if (socket.process != container.imageName() || socket.address.isLoopback())
            continue;
        if (socket.port != 80 && socket.port != 443)
            return true;
        seen = true;
    }
    return !seen;
}

QByteArray pathOf(const config::PacketDecision &decision)
{
    return decision.path == config::PacketPath::Forward ? "FORWARD" : "INPUT";
}

QByteArray verdictOf(const config::PacketDecision &decision)
{
    switch (decision.verdict) {
    case PacketVerdict::Accepted:
        return "accepted";
    case PacketVerdict::Dropped:
        return "dropped";
    case PacketVerdict::Undecided:
        break;
    }
    return "not decided";
}

Evaluation answerFor(const Context &context, const PortFinding &finding)
{
    const QByteArray &service = finding.port.container->service;
    const QByteArray port = QByteArray::number(finding.port.binding.hostPort);
    if (finding.seen) {
        return answer(Verdict::Fail,
                      say(QT_TRANSLATE_NOOP("Sentence", "Port %1 of %2 answers this desktop at %3"),
                          {arg(port), arg(service), arg(finding.where)}));
    }
    if (finding.verdict == Verdict::Fail) {
        return answer(
            Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "Port %1 of %2 is open to the world at %3: no rule drops it on "
                                  "its way through %4"),
                {arg(port), arg(service), arg(finding.where), arg(pathOf(finding.decision))}));
    }
    if (!context.facts.packetRules)
        return unreadable(context.facts.packetRules);
    if (!context.facts.addresses)
        return unreadable(context.facts.addresses);
    if (finding.where.isEmpty()) {
        return answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "At which addresses of the host port %1 of %2 can be reached "
                                  "could not be told"),
                {arg(port), arg(service)}));
    }
    return answer(
        Verdict::Unknown,
        say(QT_TRANSLATE_NOOP("Sentence",
                              "Whether the rules drop port %1 of %2 at %3 could not be decided: "
                              "read them by hand"),
            {arg(port), arg(service), arg(finding.where)}));
}

/// Ports that no list of published ports shows.
std::optional<Evaluation> blindSpot(const Context &context)
{
    const facts::Deployment &deployment = *context.deployment;
    if (deployment.variant == "swarm"_L1) {
        return answer(
            Verdict::Unknown,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "Swarm publishes ports outside of its containers: list them "
                                  "with docker service ls")));
    }
    if (deployment.index == 0) {
        return answer(Verdict::Unknown,
                      say(QT_TRANSLATE_NOOP(
                          "Sentence", "Whether the deployment runs under Swarm was not told")));
    }
    bool anyRuns = false;
    for (const facts::Container &container : *deployment.containers) {
        anyRuns = anyRuns || container.isRunning();
        if (container.isRunning() && hidesItsPorts(context, container)) {
            return answer(
                Verdict::Unknown,
                say(QT_TRANSLATE_NOOP("Sentence",
                                      "%1 uses the network of the host: which ports are its own "
                                      "cannot be told"),
                    {arg(container.service)}));
        }
    }
    if (!anyRuns) {
        return answer(Verdict::Unknown,
                      say(QT_TRANSLATE_NOOP("Sentence", "No container of the deployment runs")));
    }
    return std::nullopt;
}

QByteArray lineFor(const PortFinding &finding)
{
    QByteArray out = finding.port.container->service + ": " + describe(finding.port.binding);
    if (!finding.where.isEmpty() && !finding.seen) {
        out += "; " + finding.where + " by " + pathOf(finding.decision) + ": "
            + verdictOf(finding.decision);
    }
    return out;
}

void addEvidence(const Context &context, const std::vector<PortFinding> &findings, Evaluation &out)
{
    std::vector<QByteArray> lines;
    std::vector<QByteArray> rules;
    for (const PortFinding &finding : findings) {
        lines.push_back(lineFor(finding));
        for (const QByteArray &rule : finding.decision.trace)
            rules.push_back(rule);
        if (finding.seen)
            out.evidence.push_back(evidence(*finding.seen, "open"));
        if (finding.verdict == Verdict::Fail) {
            out.subjects.emplace_back(finding.port.container->service + ":"
                                      + QByteArray::number(finding.port.binding.hostPort));
        }
    }
    out.actual = asWritten(join(lines, ", "));
    if (lines.empty())
        lines.emplace_back("no published port but the proxy's");
    out.evidence.push_back(evidence(context.deployment->containers, join(lines, "\n")));
    if (context.facts.packetRules && !findings.empty()) {
        const QByteArray none = "no rule matches";
        out.evidence.push_back(
            evidence(context.facts.packetRules, rules.empty() ? none : join(rules, "\n")));
    }
}

Evaluation evaluate(const Context &context)
{
    const facts::Deployment &deployment = *context.deployment;
    if (!deployment.containers)
        return unreadable(deployment.containers);

    std::vector<PortFinding> findings;
    for (const PublishedPort &port : publishedPorts(deployment)) {
        findings.push_back(judgePort(context, port));
        // The rules that the first ports meet are evidence enough.
        if (findings.size() > tracedPorts)
            findings.back().decision.trace.clear();
    }
    const auto worst
        = std::ranges::max_element(findings, [](const PortFinding &a, const PortFinding &b) {
              return isWorse(b.verdict, a.verdict);
          });
    const bool bad = worst != findings.end() && worst->verdict != Verdict::Pass;
    Evaluation out;
    if (bad && worst->verdict == Verdict::Fail) {
        out = answerFor(context, *worst);
    } else if (const std::optional<Evaluation> blind = blindSpot(context)) {
        out = *blind;
    } else if (bad) {
        out = answerFor(context, *worst);
    } else if (findings.empty()) {
        out = answer(
            Verdict::Pass,
            say(QT_TRANSLATE_NOOP("Sentence", "No port but the proxy's is published to others")));
    } else {
        out = answer(
            Verdict::Pass,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "%n published port(s) besides the proxy's, none open to the "
                                  "world on the way its packets take"),
                {}, static_cast<int>(findings.size())));
    }
    addEvidence(context, findings, out);
    out.expected = say(QT_TRANSLATE_NOOP(
        "Sentence",
        "Other ports on loopback only, or dropped for both families on the way they take"));
    return out;
}

} // namespace

Check publishedPortsFiltered()
{
    return {info(), evaluate};
}

} // namespace checks
