#pragma once

#include "core/base/deadline.h"
#include "core/model/observation.h"
#include "core/probe/address.h"
#include "core/probe/certificate.h"
#include "core/probe/serverhello.h"
#include "core/probe/taskqueue.h"
#include "core/probe/timing.h"

#include <vector>

namespace probe {

/// One TLS port, asked under one name.
struct TlsQuestion
{
    Endpoint endpoint;
    QByteArray serverName; ///< SNI, a DNS name; empty for none
    Timing timing{};
};

/// Every version a server may still speak, oldest first.
const std::vector<model::TlsVersion> &askedVersions();

/// The answers of both clients about one version.
struct VersionEvidence
{
    model::TlsVersion version = model::TlsVersion::Tls12;
    VersionAnswer own; ///< to our own hello
    VersionAnswer witness; ///< to OpenSSL's
};

/// Settles the evidence of all versions into one offer each:
/// - accepted when one of the clients got a hello of that version, be it in answer to a higher one;
/// - refused when our own hello was refused by an alert and the witness was not accepted; where the
///   alert was internal_error, only when the witness was refused too;
/// - otherwise unknown.
std::vector<model::TlsVersionOffer> settleVersions(const std::vector<VersionEvidence> &evidence);

/// Asks one version with our own hello. The detail names what happened to the connection otherwise.
VersionAnswer askVersion(const TlsQuestion &question,
                         model::TlsVersion version,
                         const base::Interrupt &interrupt);
/// Asks one version with OpenSSL and nothing but that version.
VersionAnswer askWitness(const TlsQuestion &question,
                         model::TlsVersion version,
                         const base::Interrupt &interrupt);

/// Queues the whole observation of one port: the chain first, then, when the port took a
/// connection, every version with both clients. `into`, `trust` and `clock` must outlive the
/// queue's run; `into` is complete when it ends.
void queueTlsProbe(TaskQueue &queue,
                   const TlsQuestion &question,
                   const Trust &trust,
                   const base::Clock &clock,
                   const base::Interrupt &interrupt,
                   model::TlsObservation &into);

/// The same at once, for one port.
model::TlsObservation observeTls(const TlsQuestion &question,
                                 const Trust &trust,
                                 const base::Clock &clock,
                                 const base::Interrupt &interrupt);

} // namespace probe
