#pragma once

#include "core/base/deadline.h"
#include "core/base/result.h"
#include "core/model/observation.h"
#include "core/probe/certificate.h"
#include "core/probe/httpprobe.h"
#include "core/probe/portprobe.h"
#include "core/probe/targets.h"

#include <QString>

#include <optional>
#include <vector>

/// Observation of a server from outside: TLS, HTTP and ports, with the vantage. Judges nothing.
namespace probe {

/// What one audit wants observed.
struct Plan
{
    QString address; ///< numeric: where the SSH connection went
    quint16 sshPort = 22; ///< never probed
    bool viaJump = false; ///< the SSH connection went through a jump host
    QString sshHost; ///< as the person typed it
    QString publicName; ///< confirmed by the person; resolved once
    std::vector<PinnedName> pinned; ///< "--resolve"
    QString caFile; ///< "--tls-ca": PEM; empty for none
    std::vector<quint16> tlsPorts{443};
    std::vector<quint16> plainPorts{80};
};

/// The probes of one audit. It keeps what its calls share: the targets (names are resolved once),
/// the CAs, the budget of error answers and what was asked already. For one thread; each call
/// blocks until its observations are in, uses up to four threads and connections of its own, and
/// ends 0.5 s after a stop with what it has.
class Probes
{
public:
    /// Resolves and loads; sends nothing to the server. Fails on an address that is not numeric
    /// (BadInput), an unreadable CA file, a public name that cannot be resolved, or a stop.
    static base::Result<Probes>
    prepare(const Plan &plan, base::Clock clock, const base::Interrupt &interrupt);

    /// TLS and HTTP, the vantage, and the places refused. To be started at once, beside the
    /// collector, with nullopt; and again with the deployments' own names, none of them or many.
    /// HTTP waits for the names: a server that knows no other answers with errors, and an audit may
    /// provoke few. Nothing is asked twice, nor a refusal told twice.
    model::Outside observeWire(const std::optional<std::vector<QString>> &deploymentNames,
                               const base::Interrupt &interrupt);

    /// Ports that listen or are published, as the collector found them, plus 80 and 443; never the
    /// SSH port. On the SSH address and on those of confirmed names, so that both families are seen
    /// where a name has both. At most 64 ports.
    std::vector<model::PortObservation> observePorts(const std::vector<quint16> &ports,
                                                     const base::Interrupt &interrupt);

private:
    Probes() = default;

    /// A place and the name it was asked by: a pinned name and a public one may mean the same.
    struct Asked
    {
        Endpoint endpoint;
        QByteArray serverName;

        friend bool operator==(const Asked &, const Asked &) = default;
    };

    static bool isNew(std::vector<Asked> &asked, Asked place);
    std::vector<Target> choose(const std::vector<QString> &deploymentNames,
                               model::Outside &outside);
    std::vector<HttpQuestion> questions(const std::vector<Target> &targets);
    void askHttp(const std::vector<HttpQuestion> &questions,
                 const base::Interrupt &interrupt,
                 std::vector<model::HttpObservation> &seen);

    Plan m_plan;
    TargetWishes m_wishes;
    base::Clock m_clock;
    Trust m_trust;
    ErrorBudget m_budget;
    std::vector<Target> m_asked;
    std::vector<Asked> m_tlsAsked;
    std::vector<Asked> m_httpAsked;
    std::vector<RefusedTarget> m_refused;
    std::vector<Endpoint> m_answered; ///< took a connection from here
};

} // namespace probe
