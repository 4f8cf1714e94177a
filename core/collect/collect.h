#pragma once

#include "core/base/deadline.h"
#include "core/base/result.h"
#include "core/facts/facts.h"
#include "core/transport/remotehost.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

/// Runs the collector on a server and the probes from here, side by side.
namespace collect {

/// A section that came in complete, or the last look from outside. Called on the collecting thread.
struct Progress
{
    base::Stage stage = base::Stage::Collect; ///< Collect or Probe
    QString section; ///< empty for Probe
    int done = 0; ///< sections so far
    int total = 0; ///< 0 until the number of deployments is known
};
using ProgressSink = std::function<void(const Progress &)>;

/// The looks at a server from this computer; empty functions look at nothing. One thread calls at a
/// time.
struct OutsideView
{
    /// TLS, HTTP and vantage; called at once with nullopt, for the names are not known yet, and
    /// again with those the sections tell.
    std::function<model::Outside(const std::optional<std::vector<QString>> &names,
                                 const base::Interrupt &)>
        wire;
    std::function<std::vector<model::PortObservation>(const std::vector<quint16> &ports,
                                                      const base::Interrupt &)>
        ports;
};

struct Order
{
    QByteArray script; ///< the collector, as in collectorScript()
    transport::RunAs runAs = transport::RunAs::Root;
    facts::Connection connection;
    OutsideView outside;
    base::Clock clock = base::systemClock();
};

/// One collection. Fails when nothing came, when the connection broke, or when a person stopped it.
/// Where the collector itself ended early or the deadline passed, the snapshot holds what came, and
/// everything absent counts as cut.
base::Result<facts::Snapshot> collect(transport::RemoteHost &host,
                                      const Order &order,
                                      const base::Interrupt &interrupt,
                                      const ProgressSink &progress = {});

/// The collector script compiled into the program.
QByteArray collectorScript();

/// `script` as text for `sh -s` that runs it only where all of it arrived: its last line compares
/// length and SHA-256, and ends with 3 where they differ. Needs sha256sum and base64 there.
QByteArray sealed(const QByteArray &script);

/// The TCP ports that strangers may reach: listening beyond loopback or published by a container.
std::vector<quint16> reachablePorts(const facts::Facts &facts);

} // namespace collect
