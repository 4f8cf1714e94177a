#include "core/probe/probe.h"

#include "core/probe/resolver.h"
#include "core/probe/taskqueue.h"
#include "core/probe/tlsprobe.h"
#include "core/probe/vantage.h"

#include <QRandomGenerator>

#include <algorithm>
#include <deque>

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

bool Probes::isNew(const Endpoint &endpoint, const QByteArray &serverName)
{
    const Asked asked{endpoint, serverName};
    if (std::ranges::find(m_wireAsked, asked) != m_wireAsked.end())
        return false;
    m_wireAsked.push_back(asked);
    return true;
}

std::vector<Target> Probes::newTargets(const std::vector<QString> &deploymentNames)
{
    m_wishes.deploymentNames = deploymentNames;
    const Targets targets = chooseTargets(m_wishes);
    std::vector<Target> fresh;
    for (const Target &target : targets.allowed) {
        if (std::ranges::find(m_asked, target) == m_asked.end())
            fresh.push_back(target);
    }
    for (const RefusedTarget &refused : targets.refused) {
        if (std::ranges::find(m_refused, refused) == m_refused.end())
            m_refused.push_back(refused);
    }
    m_asked.insert(m_asked.end(), fresh.begin(), fresh.end());
    return fresh;
}

model::Outside Probes::observeWire(const std::vector<QString> &deploymentNames,
                                   const Interrupt &interrupt)
{
    model::Outside outside;
    outside.asked = true;
    outside.vantage = lookAround(m_wishes.sshAddress, m_plan.viaJump);
    TaskQueue queue;
    std::deque<TlsObservation> tls; // its elements stay where they are
    std::vector<HttpQuestion> questions;
    std::vector<Endpoint> endpoints; // of `tls`, in its order
    for (const Target &target : newTargets(deploymentNames)) {
        for (const quint16 port : tlsPortsOf(target, m_plan)) {
            const Endpoint endpoint{target.address, port};
            if (!isNew(endpoint, target.serverName))
                continue;
            endpoints.push_back(endpoint);
            queueTlsProbe(queue, {endpoint, target.serverName}, m_trust, m_clock, interrupt,
                          tls.emplace_back());
            questions.push_back({endpoint, true, target.serverName, httpsPaths(randomWord())});
        }
        for (const quint16 port : plainPortsOf(target, m_plan)) {
            if (isNew({target.address, port}, target.serverName))
                questions.push_back(
                    {{target.address, port}, false, target.serverName, plainPaths()});
        }
    }
    // One task for all of HTTP: its questions share the budget of error answers.
    queue.add([&] {
        for (const HttpQuestion &question : questions) {
            const auto seen = observeHttp(question, m_budget, m_clock, interrupt);
            const bool answered = std::ranges::any_of(seen, [](const HttpObservation &one) {
                return one.outcome == HttpObservation::Outcome::Answered;
            });
            if (answered)
                addOnce(m_answered, question.endpoint);
            outside.http.insert(outside.http.end(), seen.begin(), seen.end());
        }
    });
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
