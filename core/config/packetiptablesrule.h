#pragma once

#include "core/config/packetmodel.h"

#include <QByteArray>
#include <QHash>

#include <vector>

/// One rule of iptables. Internal to the evaluator.
namespace config::packet {

/// Reads the words of a rule behind `-A CHAIN`. `chains` tells targets that are chains of the table
/// from built-in ones. What cannot be read may or may not match, and may do anything.
Rule readIptablesRule(std::vector<QByteArray> words, const QHash<QByteArray, Chain> &chains);

} // namespace config::packet
