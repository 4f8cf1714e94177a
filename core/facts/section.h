#pragma once

#include "core/facts/fact.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace facts {

/// One frame of the collector, as received and already redacted on the server.
struct Section
{
    QString id; ///< "docker", "env@1"
    int deployment = 0; ///< 1..16, or 0 for host-wide
    QByteArray command;
    enum class Status { Ok, Denied, Missing, TimedOut, Failed, Cut } status = Status::Cut;
    std::optional<int> exitStatus;
    qint64 milliseconds = 0;
    bool cut = false; ///< longer than the cap; `data` is its beginning
    QByteArray sha256; ///< hex, of data as received
    QByteArray data;
};

} // namespace facts
