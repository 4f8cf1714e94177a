#include "core/probe/portprobe.h"

#include "core/probe/stream.h"
#include "core/probe/taskqueue.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace probe {

using model::PortObservation;
using Outcome = model::PortObservation::Outcome;

namespace {

/// Shorter than for a service that is expected to answer: closed ports are mostly silent, and all
/// of them together should not hold up an audit. One retransmitted SYN (after 1 s) still fits.
constexpr std::chrono::milliseconds patience{1500};

Outcome outcomeOf(base::ErrorKind kind)
{
    switch (kind) {
    case base::ErrorKind::ConnectionRefused:
        return Outcome::Refused;
    case base::ErrorKind::TimedOut:
        return Outcome::NoAnswer;
    default:
        return Outcome::Failed; // no route, cancelled, no descriptors: says nothing about the port
    }
}

void observePort(const Endpoint &endpoint,
                 const base::Interrupt &interrupt,
                 const base::Clock &clock,
                 PortObservation &into)
{
    into.at = clock();
    if (interrupt.requested()) {
        into.detail = u"not asked: the audit ended"_s;
        return;
    }
    const auto socket = connectTo(endpoint, interrupt.within(patience));
    into.outcome = socket ? Outcome::Open : outcomeOf(socket.error().kind);
    if (socket)
        return;
    into.detail = failureText(socket.error());
    // Cut short by the audit's own deadline: silence then proves nothing.
    if (into.outcome == Outcome::NoAnswer && interrupt.requested())
        into.outcome = Outcome::Failed;
}

} // namespace

std::vector<PortObservation> observePorts(const std::vector<Endpoint> &endpoints,
                                          const base::Clock &clock,
                                          const base::Interrupt &interrupt)
{
    std::vector<PortObservation> observations(endpoints.size());
    TaskQueue queue;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        const Endpoint &endpoint = endpoints[i];
        PortObservation &into = observations[i];
        into.address = addressText(endpoint.address);
        into.port = endpoint.port;
        into.family = endpoint.address.family;
        queue.add([&] { observePort(endpoint, interrupt, clock, into); });
    }
    queue.run(connectionsAtOnce);
    return observations;
}

void markControls(std::vector<PortObservation> &observations, const std::vector<Endpoint> &answered)
{
    for (PortObservation &one : observations) {
        const auto isOther = [&](const QString &address, quint16 port) {
            return address == one.address && port != one.port;
        };
        one.control = std::ranges::any_of(observations,
                                          [&](const PortObservation &other) {
                                              return other.outcome == Outcome::Open
                                                  && isOther(other.address, other.port);
                                          })
            || std::ranges::any_of(answered, [&](const Endpoint &other) {
                          return isOther(addressText(other.address), other.port);
                      });
    }
}

} // namespace probe
