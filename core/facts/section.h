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
    int deployment = 0; ///< 1..deploymentLimit, or 0 for host-wide
    QByteArray command;
    enum class Status {
        Ok,
        Denied,
        Missing, ///< the tool or the file is not there
        TimedOut,
        Failed,
        Cut, ///< the stream ended inside it
        Unparsable, ///< its entry in a file was malformed or does not match its hash
    } status
        = Status::Cut;
    std::optional<int> exitStatus;
    qint64 milliseconds = 0;
    bool cut = false; ///< longer than the cap; `data` is its beginning
    QByteArray sha256; ///< hex, of data as received
    QByteArray data;

    friend bool operator==(const Section &, const Section &) = default;
};

/// What a section's `data` may be used as: nullopt when it is whole, otherwise why not.
std::optional<Gap> gapOf(const Section &section);

/// The words of frames and files: "ok", "denied", "missing", "timeout", "failed", "cut",
/// "unparsable".
QString word(Section::Status status);
std::optional<Section::Status> statusFromWord(QStringView text);

// Limits of one collection, for the wire and for files.
constexpr int deploymentLimit = 16;
constexpr qsizetype noiseLimit = 64 * 1024; ///< bytes before the first frame
constexpr qsizetype sectionLimit = 2 * 1024 * 1024; ///< bytes
constexpr qsizetype totalLimit = 16 * 1024 * 1024; ///< bytes of all sections
// Checks compare lists with lists. Longer ones make a section unparsable: no server has them, and
// one that says so wants to keep us busy.
constexpr std::size_t listLimit = 5000; ///< containers, their ports and networks, sockets
constexpr std::size_t addressLimit = 1000;

} // namespace facts
