// Reads `iptables-save` and `ip6tables-save`, of both flavours.

#include "core/config/packetiptablesrule.h"

#include <algorithm>
#include <utility>

namespace config::packet {

namespace {

/// Words of one line; iptables-save quotes with " and escapes with backslash.
std::vector<QByteArray> words(QByteArrayView line)
{
    std::vector<QByteArray> found;
    QByteArray word;
    bool quoted = false;
    bool inWord = false;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '\\' && i + 1 < line.size()) {
            word += line[++i];
        } else if (c == '"') {
            quoted = !quoted;
            inWord = true;
        } else if (!quoted && (c == ' ' || c == '\t')) {
            if (inWord)
                found.push_back(std::exchange(word, {}));
            inWord = false;
        } else {
            word += c;
            inWord = true;
        }
    }
    if (inWord)
        found.push_back(word);
    return found;
}

void setHook(const QByteArray &table, const QByteArray &name, Chain &chain)
{
    if (name == "PREROUTING")
        chain.hook = Hook::Prerouting;
    else if (name == "INPUT")
        chain.hook = Hook::Input;
    else if (name == "FORWARD")
        chain.hook = Hook::Forward;
    else
        chain.hook = Hook::Other;
    chain.nat = table == "nat";
    // The kernel's own priorities of the five tables.
    if (table == "raw")
        chain.priority = -300;
    else if (table == "mangle")
        chain.priority = -150;
    else if (table == "nat")
        chain.priority = chain.hook == Hook::Prerouting ? -100 : 100;
    else if (table == "security")
        chain.priority = 50;
}

} // namespace

bool readIptables(QByteArrayView save, PacketFamily family, std::vector<Table> &tables)
{
    std::vector<Table> read;
    std::vector<std::pair<QByteArray, QByteArray>> rules; // chain, line
    bool open = false;
    for (const QByteArray &raw : save.toByteArray().split('\n')) {
        const QByteArray line = raw.trimmed();
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        if (line.startsWith('*')) {
            if (read.size() == tableLimit || line.size() > textLimit)
                return false;
            read.push_back({family == PacketFamily::IPv4,
                            family == PacketFamily::IPv6,
                            line.sliced(1),
                            {},
                            false});
            rules.clear();
            open = true;
        } else if (!open) {
            return false;
        } else if (line == "COMMIT") {
            Table &table = read.back();
            for (const auto &[chain, text] : rules) {
                std::vector<QByteArray> all = words(text);
                all.erase(all.begin(), all.begin() + 2);
                Rule rule = readIptablesRule(std::move(all), table.chains);
                rule.text = table.name + ' ' + text.left(textLimit);
                rule.weight = 1 + text.count(',') + text.size() / weighedAsOne;
                table.chains[chain].rules.push_back(std::move(rule));
            }
            open = false;
        } else if (line.startsWith(':')) {
            const std::vector<QByteArray> all = words(QByteArrayView(line).sliced(1));
            if (all.size() < 2)
                return false;
            Chain chain;
            if (all[1] != "-")
                setHook(read.back().name, all[0], chain);
            chain.dropsByPolicy = all[1] == "DROP";
            read.back().chains.insert(all[0], chain);
        } else if (line.startsWith("-A ")) {
            const std::vector<QByteArray> all = words(line);
            if (all.size() < 2)
                return false;
            rules.emplace_back(all[1], line);
        } else {
            return false;
        }
    }
    if (open)
        return false; // cut in the middle of a table
    std::ranges::move(read, std::back_inserter(tables));
    return true;
}

} // namespace config::packet
