#include "core/facts/sectiontable.h"

#include "core/facts/section.h"

#include <algorithm>
#include <array>

namespace facts {

namespace {

constexpr std::array table{
    SectionInfo{"meta", "collector", false, "who collected, when, on which machine"},
    SectionInfo{"os", "cat /etc/os-release", false, "the distribution"},
    SectionInfo{"docker", "docker info; docker compose version", false, "the container engine"},
    SectionInfo{"deployments", "docker inspect (labels of all containers)", false,
                "which AppFlowy deployments there are"},
    SectionInfo{"containers", "docker inspect (all containers)", false, "what runs, and how"},
    SectionInfo{"networks", "docker network inspect", false, "bridges and their subnets"},
    SectionInfo{"listening", "ss -H -l -n -t -u -p", false, "sockets that wait for connections"},
    SectionInfo{"addresses", "ip -o addr show", false, "addresses of the interfaces"},
    SectionInfo{"nft", "nft -j list ruleset", false, "kernel packet rules"},
    SectionInfo{"iptables", "iptables-save", false, "kernel packet rules, IPv4"},
    SectionInfo{"ip6tables", "ip6tables-save", false, "kernel packet rules, IPv6"},
    SectionInfo{"iptables-legacy", "iptables-legacy-save", false,
                "kernel packet rules of the old kind, IPv4"},
    SectionInfo{"ip6tables-legacy", "ip6tables-legacy-save", false,
                "kernel packet rules of the old kind, IPv6"},
    SectionInfo{"ufw", "ufw status verbose", false, "what the firewall front end believes"},
    SectionInfo{"nginx-host", "nginx -T", false, "the web server on the host"},
    SectionInfo{"env", "read .env", true, "the deployment's settings file"},
    SectionInfo{"rendered", "docker compose config --format json", true,
                "what compose makes of it"},
    SectionInfo{"nginx", "docker exec nginx nginx -T", true, "the bundled web server"},
    SectionInfo{"gotrue-schema", "psql: select from auth.schema_migrations", true,
                "which line of the sign-in server runs"},
    SectionInfo{"gotrue-settings", "GET /settings", true, "what the sign-in server says it does"},
    SectionInfo{"password-probe", "POST /signup (can create nobody)", true,
                "which passwords the sign-in server refuses"},
    SectionInfo{"db-role", "psql: select from pg_authid", true, "how the database role logs in"},
    SectionInfo{"whitelist", "psql: sign-up invitation list", true,
                "whether sign-up wants an invitation"},
};

} // namespace

std::span<const SectionInfo> sectionTable()
{
    return table;
}

const SectionInfo *sectionInfo(QByteArrayView name)
{
    const auto found = std::find_if(table.begin(), table.end(), [&](const SectionInfo &info) {
        return name == QByteArrayView(info.name);
    });
    return found == table.end() ? nullptr : &*found;
}

std::optional<SectionId> parseSectionId(QByteArrayView id)
{
    const qsizetype at = id.indexOf('@');
    const SectionInfo *info = sectionInfo(at < 0 ? id : id.first(at));
    if (!info || info->perDeployment != (at >= 0))
        return std::nullopt;
    if (at < 0)
        return SectionId{info, 0};
    // The canonical spelling only, so that "env@1" and "env@01" cannot both be taken.
    for (int number = 1; number <= deploymentLimit; ++number) {
        if (id.sliced(at + 1) == QByteArrayView(QByteArray::number(number)))
            return SectionId{info, number};
    }
    return std::nullopt;
}

QString sectionId(QByteArrayView name, int deployment)
{
    QString id = QString::fromLatin1(name);
    if (deployment > 0)
        id += u'@' + QString::number(deployment);
    return id;
}

} // namespace facts
