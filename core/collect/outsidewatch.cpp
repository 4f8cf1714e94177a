#include "core/collect/outsidewatch.h"

#include <QHostAddress>

#include <iterator>
#include <set>

namespace collect {

namespace {

std::vector<QString> publicNames(const facts::Facts &facts)
{
    std::vector<QString> names;
    for (const facts::Deployment &deployment : facts.deployments) {
        const QByteArray name = deployment.fqdn();
        if (!name.isEmpty())
            names.push_back(QString::fromLatin1(name));
    }
    return names;
}

template <typename T>
void append(std::vector<T> &to, std::vector<T> from)
{
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

} // namespace

OutsideWatch::OutsideWatch(OutsideView view, base::Interrupt interrupt)
    : m_view(std::move(view))
    , m_interrupt{m_stop.get_token(), interrupt.deadline}
    , m_forward(interrupt.stop, [this] { m_stop.request_stop(); })
{
    m_outside.asked = m_view.wire || m_view.ports;
    if (m_view.wire) {
        m_thread = std::jthread([this] {
            m_outside = m_view.wire(std::nullopt, m_interrupt);
            m_outside.asked = true;
        });
    }
}

OutsideWatch::~OutsideWatch()
{
    m_stop.request_stop();
}

model::Outside OutsideWatch::finish(const facts::Facts &facts)
{
    if (m_thread.joinable())
        m_thread.join();
    if (m_view.wire) {
        model::Outside named = m_view.wire(publicNames(facts), m_interrupt);
        append(m_outside.tls, std::move(named.tls));
        append(m_outside.http, std::move(named.http));
        append(m_outside.refused, std::move(named.refused));
    }
    if (m_view.ports)
        append(m_outside.ports, m_view.ports(reachablePorts(facts), m_interrupt));
    return std::move(m_outside);
}

std::vector<quint16> reachablePorts(const facts::Facts &facts)
{
    std::set<quint16> ports;
    const auto add = [&](const QHostAddress &address, quint16 port, QByteArrayView protocol) {
        if (protocol == "tcp" && port != 0 && !address.isLoopback())
            ports.insert(port);
    };
    if (facts.listening.known()) {
        for (const facts::ListeningSocket &socket : *facts.listening)
            add(socket.address, socket.port, socket.protocol);
    }
    if (facts.containers.known()) {
        for (const facts::Container &container : *facts.containers) {
            for (const facts::PortBinding &port : container.ports)
                add(QHostAddress(QString::fromLatin1(port.hostAddress)), port.hostPort,
                    port.protocol);
        }
    }
    return {ports.begin(), ports.end()};
}

} // namespace collect
