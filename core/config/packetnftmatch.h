#pragma once

#include "core/config/packetmodel.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <memory>

/// Matches of nftables in the words of libnftables-json. Internal to the evaluator.
namespace config::packet {

struct NftSet
{
    QJsonArray elements;
    qint64 weight = 0; ///< what looking at all of them costs
};

/// Named sets and maps: "family table name".
using NftSets = QHash<QString, NftSet>;

/// Where a rule looks up the sets that it names.
struct NftScope
{
    std::shared_ptr<const NftSets> sets; ///< shared: conditions outlive the reading
    QString prefix; ///< "family table "

    /// What "@name" refers to; nullptr for none.
    const NftSet *named(const QString &reference) const;
};

/// A `match` statement. One that cannot be read may or may not hold.
Condition nftMatch(const NftScope &scope, const QJsonObject &match);

/// An element without the timeout or counter it may be wrapped with.
QJsonValue bare(const QJsonValue &element);

/// Whether the key of a verdict map has the value of this element; "*" catches all.
Condition nftMapKey(const NftScope &scope, const QJsonValue &key, const QJsonValue &element);

} // namespace config::packet
