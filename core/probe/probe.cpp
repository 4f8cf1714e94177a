#include "core/probe/probe.h"

#include "core/probe/resolver.h"
#include "core/probe/taskqueue.h"
#include "core/probe/tlsprobe.h"
#include "core/probe/vantage.h"

#include <QRandomGenerator>

#include <algorithm>
#include <deque>
#include <set>

using namespace Qt::StringLiterals;

namespace probe {

using base::Interrupt;
using base::Result;
using model::HttpObservation;
using model::TlsObservation;

namespace {

constexpr std::size_t mostPorts = 64;
constexpr std::chrono::milliseconds resolveTimeout{5000};

bool isPlainPort(const Plan &plan, quint16 port)
{
    return std::ranges::find(plan.plainPorts, port) != plan.plainPorts.end();
}

std::vector<quint16> tlsPortsOf(const Target &target, const Plan &plan)
{
    if (!target.port)
        return plan.tlsPorts;
    return isPlainPort(plan, *target.port) ? std::vector<quint16>{} : std::vector{*target.port};
}

std::vector<quint16> plainPortsOf(const Target &target, const Plan &plan)
{
    if (!target.port)
        return plan.plainPorts;
    return isPlainPort(plan, *target.port) ? std::vector{*target.port} : std::vector<quint16>{};
}

QByteArray randomWord()
{
    return QByteArray::number(QRandomGenerator::system()->generate64() | (quint64(1) << 60), 36);
}

void addOnce(std::vector<Endpoint> &list, const Endpoint &endpoint)
{
    if (std::ranges::find(list, endpoint) == list.end())
        list.push_back(endpoint);
}

/// A name that the person pinned is not looked up any more, for whatever port.
std::vector<Address> pinnedAddresses(const Plan &plan, const QByteArray &name)
{
    std::vector<Address> addresses;
    for (const PinnedName &pin : plan.pinned) {
        const std::optional<Address> address = parseAddress(pin.address);
        if (address && dnsName(pin.name) == name
            && std::ranges::find(addresses, *address) == addresses.end())
            addresses.push_back(*address);
    }
    return addresses;
}

} // namespace

Result<Probes> Probes::prepare(const Plan &plan, base::Clock clock, const Interrupt &interrupt)
{
    Probes probes;
    const std::optional<Address> address = parseAddress(plan.address);
    if (!address)
        return base::fail(base::ErrorKind::BadInput, base::Stage::Probe, plan.address,
                          u"not a numeric address"_s);
    auto trust = Trust::load(plan.caFile);
    if (!trust)
        return base::fail(trust);
    probes.m_plan = plan;
    probes.m_clock = std::move(clock);
    probes.m_trust = std::move(*trust);
    probes.m_wishes.sshAddress = *address;
    probes.m_wishes.sshHost = plan.sshHost;
    probes.m_wishes.publicName = plan.publicName;
    probes.m_wishes.pinned = plan.pinned;
    if (!plan.viaJump) // behind a jump host the address is not reached from here at all
        probes.m_answered.push_back({*address, plan.sshPort});
    if (const auto name = dnsName(plan.publicName)) {
        probes.m_wishes.publicAddresses = pinnedAddresses(plan, *name);
        if (probes.m_wishes.publicAddresses.empty()) {
            auto addresses = resolveName(*name, interrupt.within(resolveTimeout));
            if (!addresses)
                return base::fail(addresses);
            probes.m_wishes.publicAddresses = std::move(*addresses);
        }
    }
    return probes;
}

bool Probes::isNew(std::vector<Asked> &asked, Asked place)
{
    if (std::ranges::find(asked, place) != asked.end())
        return false;
    asked.push_back(std::move(place));
    return true;
}

std::vector<Target> Probes::choose(const std::vector<QString> &deploymentNames,
                                   model::Outside &outside)
{
    m_wishes.deploymentNames = deploymentNames;
    Targets targets = chooseTargets(m_wishes);
    for (const Target &target : targets.allowed) {
        if (std::ranges::find(m_asked, target) == m_asked.end())
            m_asked.push_back(target);
    }
    for (const RefusedTarget &refused : targets.refused) {
        if (std::ranges::find(m_refused, refused) != m_refused.end())
            continue;
        m_refused.push_back(refused);
        outside.refused.push_back(
            {base::UntrustedText(refused.name), refused.address, refused.reason});
    }
    return std::move(targets.allowed);
}

/// Of one name together, plain HTTP first: where it only redirects it costs no error answer.
std::vector<HttpQuestion> Probes::questions(const std::vector<Target> &targets)
{
    std::vector<HttpQuestion> all;
    for (const Target &target : targets) {
        for (const quint16 port : plainPortsOf(target, m_plan)) {
            if (isNew(m_httpAsked, {{target.address, port}, target.serverName}))
                all.push_back({{target.address, port}, false, target.serverName, plainPaths()});
        }
        for (const quint16 port : tlsPortsOf(target, m_plan)) {
            if (isNew(m_httpAsked, {{target.address, port}, target.serverName}))
                all.push_back(
                    {{target.address, port}, true, target.serverName, httpsPaths(randomWord())});
        }
    }
    std::ranges::stable_sort(all, {}, &HttpQuestion::host);
    return all;
}

void Probes::askHttp(const std::vector<HttpQuestion> &questions,
                     const Interrupt &interrupt,
                     std::vector<HttpObservation> &seen)
{
    std::set<QByteArray> names;
    for (const HttpQuestion &question : questions)
        names.insert(question.host);
    auto namesLeft = static_cast<int>(names.size());
    ErrorBudget share(0);
    const QByteArray *name = nullptr;
    for (const HttpQuestion &question : questions) {
        if (!name || *name != question.host) {
            // A name that answers with errors must not use up what the others may need.
            m_budget.giveBack(share);
            share = m_budget.takeShare(namesLeft--);
            name = &question.host;
        }
        const auto answers = observeHttp(question, share, m_clock, interrupt);
        const bool answered = std::ranges::any_of(answers, [](const HttpObservation &one) {
            return one.outcome == HttpObservation::Outcome::Answered;
        });
        if (answered)
            addOnce(m_answered, question.endpoint);
        seen.insert(seen.end(), answers.begin(), answers.end());
    }
    m_budget.giveBack(share);
}

model::Outside Probes::observeWire(const std::optional<std::vector<QString>> &deploymentNames,
                                   const Interrupt &interrupt)
{
    model::Outside outside;
    outside.asked = true;
    outside.vantage = lookAround(m_wishes.sshAddress, m_plan.viaJump);
    const std::vector<Target> targets
        = choose(deploymentNames.value_or(std::vector<QString>()), outside);
    TaskQueue queue;
    std::deque<TlsObservation> tls; // its elements stay where they are
    std::vector<Endpoint> endpoints; // of `tls`, in its order
    for (const Target &target : targets) {
        for (const quint16 port : tlsPortsOf(target, m_plan)) {
            const Endpoint endpoint{target.address, port};
            if (!isNew(m_tlsAsked, {endpoint, target.serverName}))
                continue;
            endpoints.push_back(endpoint);
            queueTlsProbe(queue, {endpoint, target.serverName}, m_trust, m_clock, interrupt,
                          tls.emplace_back());
        }
    }
    // One task for all of HTTP: its questions share the budget of error answers.
    const std::vector<HttpQuestion> http
        = deploymentNames ? questions(targets) : std::vector<HttpQuestion>();
    queue.add([&] { askHttp(http, interrupt, outside.http); });
    queue.run(connectionsAtOnce);

    for (std::size_t i = 0; i < tls.size(); ++i) {
        if (tls[i].connected)
            addOnce(m_answered, endpoints[i]);
    }
    outside.tls.assign(std::make_move_iterator(tls.begin()), std::make_move_iterator(tls.end()));
    return outside;
}

std::vector<model::PortObservation> Probes::observePorts(const std::vector<quint16> &ports,
                                                         const Interrupt &interrupt)
{
    std::vector<quint16> wanted{80, 443};
    wanted.insert(wanted.end(), ports.begin(), ports.end());
    std::vector<Address> addresses{m_wishes.sshAddress};
    for (const Target &target : m_asked) {
        if (std::ranges::find(addresses, target.address) == addresses.end())
            addresses.push_back(target.address);
    }
    std::vector<Endpoint> endpoints;
    for (const Address &address : addresses) {
        std::vector<Endpoint> here;
        for (const quint16 port : wanted) {
            if (port != 0 && port != m_plan.sshPort && here.size() < mostPorts)
                addOnce(here, {address, port});
        }
        endpoints.insert(endpoints.end(), here.begin(), here.end());
    }
    std::vector<model::PortObservation> seen = probe::observePorts(endpoints, m_clock, interrupt);
    markControls(seen, m_answered);
    return seen;
}

} // namespace probe
