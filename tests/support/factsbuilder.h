#pragma once

#include "core/facts/facts.h"

#include <QByteArray>
#include <QString>

namespace support {

/// Builds a snapshot from readable text.
///
///     SnapshotBuilder b;
///     b.section(u"os"_s, "ID=debian\n").section(u"nft"_s, {}, Section::Status::Denied);
///     b.outsideHttp(u"https"_s, u"docs.example.org"_s, u"/"_s, 200, {{"server", "nginx"}});
///     facts::Facts facts = facts::parse(b.build());
///
/// Text of sections with fields: two or more spaces stand for one TAB, `''` for an empty field; a
/// line that holds a real TAB is taken as it is. Raw sections are never changed.
class SnapshotBuilder
{
public:
    using Status = facts::Section::Status;

    SnapshotBuilder() = default;
    explicit SnapshotBuilder(facts::Snapshot base)
        : m_snapshot(std::move(base))
    { }

    /// Adds or replaces a section. An id that no collector sends ends the test at once.
    SnapshotBuilder &section(const QString &id, const QByteArray &text, Status status = Status::Ok);
    /// As if the collector had not sent it.
    SnapshotBuilder &without(const QString &id);
    /// The stream broke off before its end mark, so that absent sections are cut.
    SnapshotBuilder &cutStream();

    struct Header
    {
        QByteArray name;
        QByteArray value;
    };
    SnapshotBuilder &outsideHttp(const QString &scheme,
                                 const QString &host,
                                 const QString &path,
                                 int status,
                                 const std::vector<Header> &headers = {},
                                 const QByteArray &location = {});
    SnapshotBuilder &outsidePort(quint16 port,
                                 model::PortObservation::Outcome outcome,
                                 model::AddressFamily family = model::AddressFamily::IPv4);
    /// For what has no shortcut.
    model::Outside &outside() { return m_snapshot.outside; }
    facts::Snapshot &snapshot() { return m_snapshot; }

    /// Hashes, clock, privilege and version follow from the sections.
    facts::Snapshot build() const;

private:
    facts::Snapshot m_snapshot = fresh();
    static facts::Snapshot fresh();
};

/// The same conversion for one section's text.
QByteArray wireText(const QString &id, const QByteArray &readable);

} // namespace support
