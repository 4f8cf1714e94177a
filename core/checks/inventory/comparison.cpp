#include "core/checks/inventory/comparison.h"

#include <algorithm>

namespace checks {

namespace {

void note(Comparison &out, const QByteArray &what, std::optional<bool> equal)
{
    if (!equal)
        out.open.push_back(what);
    else if (!*equal)
        out.differences.push_back(what);
}

/// Names that may not travel are all sent as "_". Of several, nobody can tell which is which.
constexpr const char *hiddenName = "_";

bool hidesNames(const std::vector<facts::EnvEntry> &env)
{
    return std::ranges::count(env, QByteArray(hiddenName), &facts::EnvEntry::key) > 1;
}

void compareEnvironment(const facts::RenderedService &service,
                        const facts::Container &container,
                        Comparison &out)
{
    const bool hidden = hidesNames(service.env) || hidesNames(container.env);
    if (hidden)
        out.open.emplace_back("variables whose names do not travel");
    for (const facts::EnvEntry &wanted : service.env) {
        if (hidden && wanted.key == hiddenName)
            continue;
        const facts::EnvEntry *found = find(container.env, wanted.key);
        note(out, wanted.key, found ? wanted.value.equals(found->value) : std::optional(false));
    }
    for (const facts::EnvEntry &found : container.env) {
        if (find(service.env, found.key) || (hidden && found.key == hiddenName))
            continue;
        // What nobody wrote is the image's own. An image that is gone tells nothing of its own.
        const facts::EnvEntry *own = find(container.imageEnv, found.key);
        if (own)
            note(out, found.key, own->value.equals(found.value));
        else if (container.imageEnv.empty())
            out.open.push_back(found.key);
        else
            out.differences.push_back(found.key);
    }
}

/// "nginx" is "docker.io/library/nginx:latest".
QByteArray normalised(QByteArray reference)
{
    for (const QByteArrayView prefix : {"docker.io/", "index.docker.io/", "library/"}) {
        if (reference.startsWith(prefix))
            reference.remove(0, prefix.size());
    }
    const qsizetype name = reference.lastIndexOf('/') + 1;
    if (!reference.contains('@') && reference.indexOf(':', name) < 0)
        reference += ":latest";
    return reference;
}

void compareImage(const facts::RenderedService &service,
                  const facts::Container &container,
                  Comparison &out)
{
    // Without an image of its own the service is built here, and compose names the result itself.
    if (!service.image.isEmpty() && normalised(service.image) != normalised(container.image)) {
        out.differences.push_back("image " + service.image);
        return;
    }
    if (container.tagImageId.isEmpty())
        out.open.push_back("image " + container.image);
    else if (container.tagImageId != container.imageId)
        out.differences.push_back("image " + container.image + ", a newer one was pulled");
}

facts::PortBinding normalised(facts::PortBinding binding)
{
    if (binding.hostAddress == "0.0.0.0")
        binding.hostAddress.clear();
    return binding;
}

void comparePorts(const facts::RenderedService &service,
                  const facts::Container &container,
                  Comparison &out)
{
    const auto missingFrom
        = [](const std::vector<facts::PortBinding> &list, const facts::PortBinding &one) {
              return std::ranges::none_of(
                  list, [&](const auto &each) { return normalised(each) == normalised(one); });
          };
    const auto name = [](const facts::PortBinding &one) -> QByteArray {
        return "port " + QByteArray::number(one.containerPort) + "/" + one.protocol;
    };
    for (const facts::PortBinding &wanted : service.ports) {
        if (missingFrom(container.wantedPorts, wanted))
            out.differences.push_back(name(wanted));
    }
    for (const facts::PortBinding &found : container.wantedPorts) {
        if (missingFrom(service.ports, found))
            out.differences.push_back(name(found));
    }
}

/// Compose makes "project_name" of a volume's name.
bool sameSource(const facts::Mount &wanted, const facts::Mount &found, const QByteArray &project)
{
    if (wanted.source == found.source)
        return true;
    return wanted.type == "volume" && found.source == project + "_" + wanted.source;
}

/// Volumes that an image declares get a name of 64 hexadecimal digits; secrets are mounted by
/// compose.
bool isImplied(const facts::Mount &mount)
{
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    const bool anonymous = mount.type == "volume" && mount.source.size() == 64
        && std::ranges::all_of(mount.source, isHex);
    return anonymous || mount.destination.startsWith("/run/secrets/");
}

void compareMounts(const facts::RenderedService &service,
                   const facts::Container &container,
                   Comparison &out)
{
    const auto at = [](const std::vector<facts::Mount> &mounts, const QByteArray &destination) {
        const auto found = std::ranges::find(mounts, destination, &facts::Mount::destination);
        return found == mounts.end() ? nullptr : &*found;
    };
    for (const facts::Mount &wanted : service.mounts) {
        const facts::Mount *found = at(container.mounts, wanted.destination);
        const bool anonymous = wanted.type == "volume" && wanted.source.isEmpty();
        if (wanted.type == "tmpfs" && !found)
            continue;
        if (!found || found->type != wanted.type || found->writable != wanted.writable
            || !(anonymous || sameSource(wanted, *found, container.project)))
            out.differences.push_back("mount " + wanted.destination);
    }
    for (const facts::Mount &found : container.mounts) {
        if (!at(service.mounts, found.destination) && !isImplied(found))
            out.differences.push_back("mount " + found.destination);
    }
}

void compareCommand(const facts::RenderedService &service,
                    const facts::Container &container,
                    Comparison &out)
{
    const std::vector<facts::RedactedValue> &wanted
        = service.command ? *service.command : container.imageCommand;
    if (wanted.size() != container.command.size()) {
        // An image that is gone has no command to compare with.
        const bool imageGone = !service.command && wanted.empty();
        note(out, "command", imageGone ? std::nullopt : std::optional(false));
        return;
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::optional<bool> equal = wanted[i].equals(container.command[i]);
        if (equal != true) {
            note(out, "command", equal);
            return;
        }
    }
}

} // namespace

Comparison compare(const facts::RenderedService &service, const facts::Container &container)
{
    Comparison out;
    compareEnvironment(service, container, out);
    compareImage(service, container, out);
    comparePorts(service, container, out);
    compareMounts(service, container, out);
    compareCommand(service, container, out);
    if ((service.networkMode == "host") != (container.networkMode == "host"))
        out.differences.push_back("network mode");
    return out;
}

} // namespace checks
