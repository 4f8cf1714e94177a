#include "core/facts/containersections.h"

#include "core/facts/records.h"
#include "core/facts/section.h"

#include <limits>

namespace facts {

namespace {

constexpr int anyNumber = std::numeric_limits<int>::max();

/// `TYPE\tSOURCE\tDEST\trw|ro` from field 1.
bool readMount(const Record &record, std::vector<Mount> &into)
{
    const QByteArray mode = record.field(4);
    if (record.size() < 5 || (mode != "rw" && mode != "ro"))
        return false;
    into.push_back({record.field(1), record.field(2), record.field(3), mode == "rw"});
    return true;
}

/// `CPORT/PROTO\tHOSTIP\tHOSTPORT` from field 1. Without a host port docker chooses one: 0.
bool readPort(const Record &record, std::vector<PortBinding> &into)
{
    const QByteArray inside = record.field(1);
    const qsizetype slash = inside.indexOf('/');
    bool isPort = false;
    PortBinding binding;
    binding.containerPort = (slash < 0 ? inside : inside.first(slash)).toUShort(&isPort);
    binding.protocol = slash < 0 ? QByteArray("tcp") : inside.sliced(slash + 1);
    binding.hostAddress = record.field(2);
    const QByteArray outside = record.field(3);
    bool isHostPort = true;
    if (!outside.isEmpty())
        binding.hostPort = outside.toUShort(&isHostPort);
    if (!isPort || !isHostPort || binding.protocol.isEmpty())
        return false;
    into.push_back(std::move(binding));
    return true;
}

bool readEnv(const Record &record, std::size_t keyField, int line, std::vector<EnvEntry> &into)
{
    std::optional<RedactedValue> value = record.value(keyField + 1);
    if (!value || record.field(keyField).isEmpty())
        return false;
    into.push_back({record.field(keyField), std::move(*value), line});
    return true;
}

bool readCommand(const Record &record, std::vector<RedactedValue> &into)
{
    std::optional<RedactedValue> value = record.value(1);
    if (!value)
        return false;
    into.push_back(std::move(*value));
    return true;
}

/// Lines of one plain word each; false when the word is not one of them.
bool readText(const Record &record, Container &container)
{
    const QByteArray &word = record.word();
    QByteArray *text = word == "name" ? &container.name
        : word == "project"           ? &container.project
        : word == "service"           ? &container.service
        : word == "image"             ? &container.image
        : word == "imageid"           ? &container.imageId
        : word == "tagid"             ? &container.tagImageId
        : word == "state"             ? &container.state
        : word == "health"            ? &container.health
        : word == "policy"            ? &container.restartPolicy
        : word == "netmode"           ? &container.networkMode
        : word == "workdir"           ? &container.workingDirectory
        : word == "envfile"           ? &container.envFile
                                      : nullptr;
    if (!text)
        return false;
    *text = record.field(1);
    return true;
}

bool readContainerLine(const Record &record, Container &container)
{
    const QByteArray &word = record.word();
    if (readText(record, container))
        return true;
    if (word == "configfiles") {
        container.configFiles = record.list(1);
        return true;
    }
    if (word == "started") {
        // docker writes year 1 for a container that never started: no time then.
        const QDateTime started
            = QDateTime::fromString(QString::fromLatin1(record.field(1)), Qt::ISODateWithMs);
        container.startedAt = started.date().year() > 1 ? started.toUTC() : QDateTime();
        return true;
    }
    if (word == "restarts") {
        const std::optional<int> count = record.number(1, anyNumber);
        container.restartCount = count.value_or(0);
        return count.has_value();
    }
    if (word == "env")
        return readEnv(record, 1, 0, container.env);
    if (word == "ienv")
        return readEnv(record, 1, 0, container.imageEnv);
    if (word == "cmd")
        return readCommand(record, container.command);
    if (word == "icmd")
        return readCommand(record, container.imageCommand);
    if (word == "mount")
        return readMount(record, container.mounts);
    if (word == "port")
        return readPort(record, container.ports);
    if (word == "want")
        return readPort(record, container.wantedPorts);
    if (word == "net") {
        container.networks.push_back({record.field(1), record.field(2), record.field(3)});
        return true;
    }
    return true; // a word of a newer collector
}

bool readServiceLine(const Record &record, RenderedService &service)
{
    const QByteArray &word = record.word();
    if (word == "image")
        service.image = record.field(1);
    else if (word == "netmode")
        service.networkMode = record.field(1);
    else if (word == "env")
        return readEnv(record, 1, 0, service.env);
    else if (word == "mount")
        return readMount(record, service.mounts);
    else if (word == "port")
        return readPort(record, service.ports);
    else if (word == "cmd") {
        if (!service.command)
            service.command.emplace();
        return readCommand(record, *service.command);
    }
    return true;
}

} // namespace

std::optional<std::vector<Container>> parseContainers(QByteArrayView data)
{
    const std::optional<std::vector<Record>> records = readRecords(data);
    if (!records)
        return std::nullopt;
    std::vector<Container> containers;
    for (const Record &record : *records) {
        if (record.word() == "container") {
            if (record.field(1).isEmpty())
                return std::nullopt;
            containers.emplace_back().id = record.field(1);
        } else if (containers.empty() || !readContainerLine(record, containers.back())) {
            return std::nullopt;
        }
    }
    std::size_t parts = containers.size();
    for (const Container &container : containers) {
        parts += container.ports.size() + container.wantedPorts.size() + container.networks.size();
        if (parts > listLimit || container.name.isEmpty() || container.state.isEmpty()
            || container.image.isEmpty())
            return std::nullopt;
    }
    return containers;
}

std::optional<std::vector<RenderedService>> parseRendered(QByteArrayView data)
{
    const std::optional<std::vector<Record>> records = readRecords(data);
    if (!records || records->empty())
        return std::nullopt;
    std::vector<RenderedService> services;
    for (const Record &record : *records) {
        if (record.word() == "service") {
            if (record.field(1).isEmpty())
                return std::nullopt;
            services.emplace_back().name = record.field(1);
        } else if (services.empty() || !readServiceLine(record, services.back())) {
            return std::nullopt;
        }
    }
    return services;
}

std::optional<EnvFile> parseEnvFile(QByteArrayView data)
{
    const std::optional<std::vector<Record>> records = readRecords(data);
    if (!records || records->empty() || records->front().word() != "file")
        return std::nullopt;
    const Record &head = records->front();
    EnvFile file{head.field(1), head.field(2), head.field(3), {}, head.list(4)};
    if (file.path.isEmpty())
        return std::nullopt;
    for (const Record &record : *records) {
        if (record.word() != "env")
            continue;
        const std::optional<int> line = record.number(1, anyNumber);
        if (!line || !readEnv(record, 2, *line, file.entries))
            return std::nullopt;
    }
    return file;
}

} // namespace facts
