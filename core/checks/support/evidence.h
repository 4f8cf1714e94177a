#pragma once

#include "core/facts/deployment.h"
#include "core/model/finding.h"
#include "core/model/observation.h"

#include <QByteArray>

#include <vector>

/// What a verdict rests on, cut down to the lines that decide it.
namespace checks {

/// One command of the collector. `excerpt` holds a few lines.
model::Evidence evidence(const facts::Source &source, const QByteArray &excerpt);

template <typename T>
model::Evidence evidence(const facts::Fact<T> &fact, const QByteArray &excerpt)
{
    return evidence(fact.source(), excerpt);
}

/// What the desktop saw. `excerpt` holds the answer.
model::Evidence evidence(const model::TlsObservation &seen, const QByteArray &excerpt);
model::Evidence evidence(const model::HttpObservation &seen, const QByteArray &excerpt);
model::Evidence evidence(const model::PortObservation &seen, const QByteArray &excerpt);

/// "KEY=12", or what is known of a value that may not travel:
/// "KEY: 32 to 63 characters, lower case and digits".
QByteArray describe(const facts::EnvEntry &entry);
QByteArray describe(const facts::RedactedValue &value);
/// "0.0.0.0:9000 -> 9000/tcp"
QByteArray describe(const facts::PortBinding &binding);

/// "198.51.100.7:443", "[2001:db8::1]:443"
QByteArray endpoint(const QString &address, quint16 port);

QByteArray join(const std::vector<QByteArray> &parts, const QByteArray &separator);

} // namespace checks
