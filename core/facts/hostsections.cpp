#include "core/facts/hostsections.h"

#include "core/facts/records.h"
#include "core/facts/section.h"

#include <QHash>
#include <QList>
#include <QTimeZone>

#include <algorithm>

namespace facts {

namespace {

using Pairs = QHash<QByteArray, QByteArray>;

/// `KEY\tVALUE` lines; the first of each key counts.
std::optional<Pairs> readPairs(QByteArrayView data)
{
    const std::optional<std::vector<Record>> records = readRecords(data);
    if (!records || records->empty())
        return std::nullopt;
    Pairs pairs;
    for (const Record &record : *records) {
        if (!pairs.contains(record.word()))
            pairs.insert(record.word(), record.field(1));
    }
    return pairs;
}

std::optional<bool> boolOf(const QByteArray &text)
{
    if (text == "1" || text == "true")
        return true;
    if (text == "0" || text == "false")
        return false;
    return std::nullopt;
}

/// Words of a line of columns.
std::vector<QByteArrayView> columns(QByteArrayView line)
{
    std::vector<QByteArrayView> words;
    qsizetype begin = -1;
    for (qsizetype i = 0; i <= line.size(); ++i) {
        const bool blank = i == line.size() || line[i] == ' ' || line[i] == '\t' || line[i] == '\r';
        if (!blank && begin < 0)
            begin = i;
        if (blank && begin >= 0) {
            words.push_back(line.sliced(begin, i - begin));
            begin = -1;
        }
    }
    return words;
}

template <typename Reader>
bool eachLine(QByteArrayView data, Reader read)
{
    while (!data.isEmpty()) {
        const qsizetype newline = data.indexOf('\n');
        const QByteArrayView line = newline < 0 ? data : data.first(newline);
        data = newline < 0 ? QByteArrayView() : data.sliced(newline + 1);
        if (!line.trimmed().isEmpty() && !read(line))
            return false;
    }
    return true;
}

/// "0.0.0.0:22", "[::]:22", "*:80", "127.0.0.53%lo:53", "[fe80::1]%eth0:546".
bool readEndpoint(QByteArrayView text, ListeningSocket &socket)
{
    const qsizetype colon = text.lastIndexOf(':');
    if (colon < 0)
        return false;
    bool isPort = false;
    socket.port = text.sliced(colon + 1).toByteArray().toUShort(&isPort);
    QByteArrayView host = text.first(colon);
    const qsizetype percent = host.indexOf('%');
    if (percent >= 0) {
        socket.device = host.sliced(percent + 1).toByteArray();
        if (socket.device.endsWith(']'))
            socket.device.chop(1);
        host = host.first(percent);
    }
    if (host.startsWith('['))
        host = host.sliced(1);
    if (host.endsWith(']'))
        host.chop(1);
    if (host == "*") // one socket for both families
        socket.address = QHostAddress(QHostAddress::Any);
    else if (!socket.address.setAddress(QString::fromLatin1(host)))
        return false;
    return isPort;
}

constexpr QByteArrayView processes = "users:((\"";

/// Protocol, state and the lengths of two queues. With the line end before and the blank behind
/// them these are 16 bytes at least, and the kernel keeps 15 of a process name.
bool beginsSocket(const std::vector<QByteArrayView> &words)
{
    const auto isNumber = [](QByteArrayView word) {
        return std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    };
    return words.size() > 4 && (words[0] == "tcp" || words[0] == "udp")
        && (words[1] == "LISTEN" || words[1] == "UNCONN") && isNumber(words[2])
        && isNumber(words[3]);
}

/// `users:(("sshd",pid=1,fd=3))`; the name of the first.
QByteArray processOf(QByteArrayView line)
{
    const qsizetype begin = line.indexOf(processes);
    if (begin < 0)
        return {};
    const QByteArrayView rest = line.sliced(begin + processes.size());
    const qsizetype end = rest.indexOf('"');
    return end < 0 ? QByteArray() : rest.first(end).toByteArray();
}

/// The value of an os-release line: quotes removed, shell escapes resolved.
QByteArray unquoted(QByteArrayView text)
{
    text = text.trimmed();
    if (text.size() < 2 || (text.front() != '"' && text.front() != '\'')
        || text.back() != text.front())
        return text.toByteArray();
    QByteArray out;
    for (qsizetype i = 1; i + 1 < text.size(); ++i) {
        if (text.front() == '"' && text[i] == '\\' && i + 2 < text.size())
            ++i;
        out += text[i];
    }
    return out;
}

} // namespace

std::optional<Meta> parseMeta(QByteArrayView data)
{
    const std::optional<Pairs> pairs = readPairs(data);
    if (!pairs)
        return std::nullopt;
    Meta meta;
    meta.collectorVersion = pairs->value("collector");
    HostFacts &host = meta.host;
    host.hostName = pairs->value("host");
    host.machineId = pairs->value("machineid");
    host.kernel = pairs->value("kernel");
    host.bootId = pairs->value("bootid");
    host.user = pairs->value("user");
    bool isUid = false;
    bool isEpoch = false;
    host.uid = pairs->value("uid").toInt(&isUid);
    const qint64 epoch = pairs->value("epoch").toLongLong(&isEpoch);
    // Years 2000 to 2200; QDateTime misbehaves at the ends of 64 bits.
    if (!isUid || host.uid < 0 || !isEpoch || epoch < 946'684'800 || epoch > 7'258'118'400)
        return std::nullopt;
    host.clock = QDateTime::fromSecsSinceEpoch(epoch, Qt::UTC);
    return meta;
}

std::optional<OsRelease> parseOsRelease(QByteArrayView data)
{
    OsRelease os;
    eachLine(data, [&](QByteArrayView line) {
        const qsizetype equals = line.indexOf('=');
        const QByteArrayView key = equals < 0 ? QByteArrayView() : line.first(equals).trimmed();
        const QByteArray value = equals < 0 ? QByteArray() : unquoted(line.sliced(equals + 1));
        if (key == "ID")
            os.id = value;
        else if (key == "VERSION_ID")
            os.versionId = value;
        else if (key == "PRETTY_NAME")
            os.prettyName = value;
        return true;
    });
    if (os.id.isEmpty())
        return std::nullopt;
    return os;
}

std::optional<DockerInfo> parseDockerInfo(QByteArrayView data)
{
    const std::optional<Pairs> pairs = readPairs(data);
    if (!pairs)
        return std::nullopt;
    DockerInfo docker;
    docker.serverVersion = pairs->value("server");
    docker.composeVersion = pairs->value("compose");
    docker.rootDirectory = pairs->value("root");
    docker.rootless = boolOf(pairs->value("rootless")).value_or(false);
    docker.swarm = boolOf(pairs->value("swarm")).value_or(false);
    docker.podman = boolOf(pairs->value("podman")).value_or(false);
    docker.userlandProxy = boolOf(pairs->value("userlandproxy"));
    docker.ip6tables = boolOf(pairs->value("ip6tables"));
    return docker;
}

// ss prints the names of processes raw, and whoever owns a process names it, with line ends if they
// like. Their lines are dropped; they cannot pass for a socket, see beginsSocket().
std::optional<std::vector<ListeningSocket>> parseListening(QByteArrayView data)
{
    std::vector<ListeningSocket> sockets;
    bool named = false; // the socket above names processes
    const bool whole = eachLine(data, [&](QByteArrayView line) {
        const std::vector<QByteArrayView> words = columns(line);
        if (!beginsSocket(words))
            return named;
        ListeningSocket socket;
        if (words.size() < 6 || sockets.size() == listLimit || !readEndpoint(words[4], socket))
            return false;
        socket.protocol = words[0].toByteArray();
        socket.process = processOf(line);
        named = line.contains(processes);
        sockets.push_back(std::move(socket));
        return true;
    });
    if (!whole)
        return std::nullopt;
    return sockets;
}

std::optional<std::vector<InterfaceAddress>> parseAddresses(QByteArrayView data)
{
    std::vector<InterfaceAddress> addresses;
    const bool whole = eachLine(data, [&](QByteArrayView line) {
        const std::vector<QByteArrayView> words = columns(line);
        if (words.size() < 4 || addresses.size() == addressLimit)
            return false;
        if (words[2] != "inet" && words[2] != "inet6")
            return true;
        InterfaceAddress entry;
        const QByteArrayView name = words[1];
        const qsizetype at = name.indexOf('@');
        entry.interface = (at < 0 ? name : name.first(at)).toByteArray();
        // Point to point: "inet 10.0.0.1 peer 10.0.0.2/32".
        const QByteArrayView local = words[3];
        const qsizetype slash = local.indexOf('/');
        const bool v6 = words[2] == "inet6";
        entry.prefix = v6 ? 128 : 32;
        if (slash >= 0) {
            bool isNumber = false;
            entry.prefix = local.sliced(slash + 1).toByteArray().toInt(&isNumber);
            if (!isNumber || entry.prefix < 0 || entry.prefix > (v6 ? 128 : 32))
                return false;
        }
        if (!entry.address.setAddress(QString::fromLatin1(slash < 0 ? local : local.first(slash))))
            return false;
        addresses.push_back(std::move(entry));
        return true;
    });
    if (!whole || addresses.empty())
        return std::nullopt;
    return addresses;
}

std::optional<std::vector<DockerNetwork>> parseNetworks(QByteArrayView data)
{
    const std::optional<std::vector<Record>> records = readRecords(data);
    if (!records)
        return std::nullopt;
    std::vector<DockerNetwork> networks;
    for (const Record &record : *records) {
        if (record.word() != "network")
            continue;
        const std::optional<bool> internal = record.flag(4);
        if (!internal || record.field(1).isEmpty() || networks.size() == listLimit)
            return std::nullopt;
        networks.push_back(
            {record.field(1), record.field(2), record.field(3), record.list(5), *internal});
    }
    return networks;
}

std::optional<UfwStatus> parseUfw(QByteArrayView data)
{
    UfwStatus ufw;
    ufw.installed = true;
    ufw.text = data.toByteArray();
    eachLine(data, [&](QByteArrayView line) {
        constexpr QByteArrayView key = "Status:";
        if (!ufw.active && line.startsWith(key))
            ufw.active = line.sliced(key.size()).trimmed() == "active";
        return true;
    });
    if (!ufw.active)
        return std::nullopt;
    return ufw;
}

} // namespace facts
