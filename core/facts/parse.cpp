#include "core/facts/containersections.h"
#include "core/facts/deployments.h"
#include "core/facts/facts.h"
#include "core/facts/hostsections.h"
#include "core/facts/sectiontable.h"
#include "core/facts/signinsections.h"
#include "core/facts/variant.h"

#include <algorithm>
#include <array>

namespace facts {

using namespace Qt::StringLiterals;

namespace {

Source sourceOf(const Facts &facts, const QString &id)
{
    Source source;
    source.section = id;
    source.at = facts.snapshot.serverClock.isValid() ? facts.snapshot.serverClock
                                                     : facts.snapshot.startedAt;
    if (const Section *section = facts.section(id)) {
        source.command = section->command;
        source.exitStatus = section->exitStatus;
        source.sha256 = section->sha256;
    } else if (const std::optional<SectionId> known = parseSectionId(id.toLatin1())) {
        source.command = known->info->command;
    }
    return source;
}

/// Why the section's bytes may not be used; nullopt when they are whole.
std::optional<Gap> gapOf(const Facts &facts, const QString &id)
{
    const Section *section = facts.section(id);
    if (section)
        return gapOf(*section);
    return facts.snapshot.ended ? Gap::NotCollected : Gap::Cut;
}

/// `parser` maps bytes to std::optional<T>.
template <typename Parser>
auto read(const Facts &facts, const QString &id, Parser parser)
{
    using T = typename decltype(parser(QByteArrayView()))::value_type;
    const Source source = sourceOf(facts, id);
    if (const std::optional<Gap> gap = gapOf(facts, id))
        return Fact<T>(*gap, source);
    std::optional<T> value = parser(facts.section(id)->data);
    return value ? Fact<T>(std::move(*value), source) : Fact<T>(Gap::Unparsable, source);
}

std::optional<HostFacts> parseHost(QByteArrayView data)
{
    std::optional<Meta> meta = parseMeta(data);
    return meta ? std::optional(std::move(meta->host)) : std::nullopt;
}

std::optional<config::NginxDump> parseNginxSection(QByteArrayView data)
{
    config::NginxDump dump = config::parseNginxDump(data);
    // With a part missing, "there is no such directive" could be wrong.
    if (dump.files.empty() || dump.damaged())
        return std::nullopt;
    return dump;
}

/// A firewall front end that is not installed is a fact, not a gap.
Fact<UfwStatus> readUfw(const Facts &facts)
{
    Fact<UfwStatus> ufw = read(facts, u"ufw"_s, parseUfw);
    if (!ufw && ufw.gap() == Gap::ToolMissing)
        return Fact<UfwStatus>(UfwStatus{}, ufw.source());
    return ufw;
}

/// The save files of iptables, in pairs of one flavour.
struct SaveSection
{
    QString id;
    config::PacketFamily family;
    bool legacy;
};

/// What iptables-save prints where it is of the old kind.
bool isLegacySave(const QByteArray &text)
{
    return !text.contains("(nf_tables)") && text.contains('*');
}

/// The rules of the old kind came with the plain tool, which is of that kind itself.
bool isInPlainSave(const Facts &facts, const QString &legacyId)
{
    const QString plain = legacyId.chopped(QStringLiteral("-legacy").size());
    return !gapOf(facts, plain) && isLegacySave(facts.section(plain)->data);
}

Fact<config::PacketRules> readPacketRules(const Facts &facts)
{
    const std::array<SaveSection, 4> saves{{
        {u"iptables"_s, config::PacketFamily::IPv4, false},
        {u"ip6tables"_s, config::PacketFamily::IPv6, false},
        {u"iptables-legacy"_s, config::PacketFamily::IPv4, true},
        {u"ip6tables-legacy"_s, config::PacketFamily::IPv6, true},
    }};
    using Rules = Fact<config::PacketRules>;
    config::PacketRules rules;
    const Source nft = sourceOf(facts, u"nft"_s);
    const std::optional<Gap> nftGap = gapOf(facts, u"nft"_s);
    if (nftGap && *nftGap != Gap::ToolMissing)
        return Rules(*nftGap, nft);
    if (!nftGap && !rules.addNftJson(facts.section(u"nft"_s)->data))
        return Rules(Gap::Unparsable, nft);
    for (const SaveSection &save : saves) {
        const Source source = sourceOf(facts, save.id);
        const std::optional<Gap> gap = gapOf(facts, save.id);
        // nft and iptables are witnesses of the same rules, so that one may be missing. Those of
        // the old kind have one witness: where it is missing, the kernel holds some that nobody
        // printed (docker from a snap brings tools of its own).
        if (gap == Gap::ToolMissing && (save.legacy ? isInPlainSave(facts, save.id) : !nftGap))
            continue;
        if (gap)
            return Rules(*gap, source);
        const QByteArray &text = facts.section(save.id)->data;
        const bool legacy = save.legacy || isLegacySave(text);
        const bool again = legacy && !save.legacy && !gapOf(facts, save.id + u"-legacy"_s);
        if (!again && !rules.addIptablesSave(text, save.family, legacy))
            return Rules(Gap::Unparsable, source);
    }
    return Rules(rules, nftGap ? sourceOf(facts, u"iptables"_s) : nft);
}

void readNginx(const Facts &facts, Deployment &deployment)
{
    const QString id = sectionId("nginx", deployment.index);
    deployment.nginx = read(facts, id, parseNginxSection);
    if (deployment.nginx || !deployment.containers || bundledNginx(deployment))
        return;
    if (!facts.hostNginx) {
        deployment.nginx = facts.hostNginx;
    } else if (proxiesTo(*facts.hostNginx, deployment)) {
        deployment.nginx = facts.hostNginx;
        deployment.hostNginx = true;
    }
}

void readDeployment(const Facts &facts, Deployment &deployment)
{
    const auto id = [&](QByteArrayView name) { return sectionId(name, deployment.index); };
    deployment.envFile = read(facts, id("env"), parseEnvFile);
    deployment.rendered = read(facts, id("rendered"), parseRendered);
    deployment.gotrueSchema = read(facts, id("gotrue-schema"), parseGotrueSchema);
    deployment.gotrueSettings = read(facts, id("gotrue-settings"), parseGotrueSettings);
    deployment.passwordProbe = read(facts, id("password-probe"), parsePasswordProbe);
    deployment.databaseRole = read(facts, id("db-role"), parseDatabaseRole);
    deployment.signupWhitelist = read(facts, id("whitelist"), parseWhitelist);
    readNginx(facts, deployment);
    if (deployment.variant.isEmpty())
        deployment.variant = variantOf(deployment);
    deployment.edge = edgeOf(deployment, facts);
}

} // namespace

const Section *Facts::section(const QString &id) const
{
    const auto found = std::find_if(snapshot.sections.begin(), snapshot.sections.end(),
                                    [&](const Section &section) { return section.id == id; });
    return found == snapshot.sections.end() ? nullptr : &*found;
}

void readMeta(Snapshot &snapshot)
{
    for (const Section &section : snapshot.sections) {
        if (section.id != u"meta"_s || gapOf(section))
            continue;
        const std::optional<Meta> meta = parseMeta(section.data);
        if (!meta)
            return;
        snapshot.collectorVersion = meta->collectorVersion;
        snapshot.serverClock = meta->host.clock;
        snapshot.privilege = meta->host.uid == 0 ? model::Privilege::Root : model::Privilege::User;
        return;
    }
}

Facts parse(Snapshot snapshot)
{
    Facts facts;
    facts.snapshot = std::move(snapshot);
    facts.host = read(facts, u"meta"_s, parseHost);
    facts.os = read(facts, u"os"_s, parseOsRelease);
    facts.docker = read(facts, u"docker"_s, parseDockerInfo);
    facts.listening = read(facts, u"listening"_s, parseListening);
    facts.addresses = read(facts, u"addresses"_s, parseAddresses);
    facts.networks = read(facts, u"networks"_s, parseNetworks);
    facts.packetRules = readPacketRules(facts);
    facts.ufw = readUfw(facts);
    facts.containers = read(facts, u"containers"_s, parseContainers);
    facts.hostNginx = read(facts, u"nginx-host"_s, parseNginxSection);
    facts.deployments
        = findDeployments(read(facts, u"deployments"_s, parseDeployments), facts.containers);
    for (Deployment &deployment : facts.deployments)
        readDeployment(facts, deployment);
    return facts;
}

} // namespace facts
