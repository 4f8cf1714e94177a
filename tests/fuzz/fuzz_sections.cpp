#include "core/checks/check.h"
#include "core/facts/facts.h"
#include "core/facts/sectiontable.h"

#include <cstddef>
#include <cstdint>

namespace {

facts::Section section(const QString &id, const QByteArray &data)
{
    facts::Section out;
    out.id = id;
    out.status = facts::Section::Status::Ok;
    out.exitStatus = 0;
    out.data = data;
    if (const auto known = facts::parseSectionId(id.toLatin1())) {
        out.deployment = known->deployment;
        out.command = known->info->command;
    }
    return out;
}

const QByteArray deployments = "1\tcloud\t/srv/cloud\t/srv/cloud/docker-compose.yml\t\tcompose\n";
const QByteArray containers = "container\ta\nproject\tcloud\nservice\tnginx\nimage\tnginx\n"
                              "name\tn\nstate\trunning\nport\t80/tcp\t\t80\n"
                              "container\tb\nproject\tcloud\nservice\tgotrue\nname\tg\n"
                              "image\tappflowyinc/gotrue\nstate\trunning\nenv\tA\t=b\n"
                              "port\t9999/tcp\t0.0.0.0\t9999\nnet\tcloud\t172.18.0.2\t\n";

} // namespace

/// What one section of a hostile server says, among plain others, read and judged: the section's
/// name, a NUL, its bytes. Frames and hashes stand in nobody's way here.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArrayView all(data, static_cast<qsizetype>(size));
    const qsizetype split = all.indexOf('\0');
    if (split < 1)
        return 0;
    const auto table = facts::sectionTable();
    const facts::SectionInfo *info = facts::sectionInfo(all.first(split));
    if (!info)
        info = &table[static_cast<std::uint8_t>(all.front()) % table.size()];
    const QString id = facts::sectionId(info->name, info->perDeployment ? 1 : 0);

    facts::Snapshot snapshot;
    snapshot.ended = true;
    snapshot.sections.push_back(section(id, all.sliced(split + 1).toByteArray()));
    for (const auto &[name, text] : {std::pair(QStringLiteral("deployments"), deployments),
                                     std::pair(QStringLiteral("containers"), containers)}) {
        if (name != id)
            snapshot.sections.push_back(section(name, text));
    }
    facts::readMeta(snapshot);
    checks::judge(facts::parse(std::move(snapshot)), knowledge::Knowledge::builtIn());
    return 0;
}
