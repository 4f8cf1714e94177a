#include "core/probe/targets.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace probe {

namespace {

constexpr std::size_t mostNames = 8;
constexpr std::size_t mostAddresses = 8;

QString rangeText(Range range)
{
    switch (range) {
    case Range::Loopback:
        return u"the loopback range"_s;
    case Range::LinkLocal:
        return u"a link-local range"_s;
    case Range::Private10:
    case Range::Private172:
    case Range::Private192:
    case Range::CarrierNat:
    case Range::UniqueLocal:
    case Range::SiteLocal:
        return u"a private range"_s;
    case Range::Special:
        return u"a range that is never a server's"_s;
    case Range::Public:
        break;
    }
    return {};
}

/// Why an address must not be connected to; empty when it may.
QString objection(const Address &address, const Address &sshAddress)
{
    if (address == sshAddress)
        return {};
    const Range range = rangeOf(address);
    if (range == Range::Public || (range != Range::Special && range == rangeOf(sshAddress)))
        return {};
    const QString text = u"the address lies in "_s + rangeText(range);
    return range == Range::Special ? text : text + u", the SSH address does not"_s;
}

class Chooser
{
public:
    explicit Chooser(const TargetWishes &wishes)
        : m_wishes(wishes)
    { }

    Targets choose()
    {
        addSshAddress();
        addPublicName();
        for (const PinnedName &pinned : m_wishes.pinned)
            addPinned(pinned);
        return std::move(m_targets);
    }

private:
    void allow(Target target)
    {
        if (std::ranges::find(m_targets.allowed, target) == m_targets.allowed.end())
            m_targets.allowed.push_back(std::move(target));
    }
    void refuse(const QString &name, const QString &address, const QString &reason)
    {
        m_targets.refused.push_back({name, address, reason});
    }
    void addConfirmed(const QString &name, Target target)
    {
        const QString reason = objection(target.address, m_wishes.sshAddress);
        if (reason.isEmpty())
            allow(std::move(target));
        else
            refuse(name, addressText(target.address), reason);
    }

    void addSshAddress()
    {
        std::size_t names = 0;
        for (const QString &name : m_wishes.deploymentNames) {
            const auto usable = dnsName(name);
            if (!usable)
                refuse(name.left(253), {}, u"not a DNS name"_s);
            else if (++names > mostNames)
                refuse(name, {}, u"more names than are asked"_s);
            else
                allow({m_wishes.sshAddress, *usable, std::nullopt});
        }
        const auto &published = m_wishes.publicAddresses;
        const bool namedInPublic
            = std::ranges::find(published, m_wishes.sshAddress) != published.end();
        // The error answers an audit may provoke are few: the better name is asked, not both.
        if (names > 0 || (namedInPublic && dnsName(m_wishes.publicName)))
            return;
        allow(
            {m_wishes.sshAddress, dnsName(m_wishes.sshHost).value_or(QByteArray()), std::nullopt});
    }

    void addPublicName()
    {
        if (m_wishes.publicName.isEmpty())
            return;
        const auto name = dnsName(m_wishes.publicName);
        if (!name) {
            refuse(m_wishes.publicName, {}, u"not a DNS name"_s);
            return;
        }
        std::size_t count = 0;
        for (const Address &address : m_wishes.publicAddresses) {
            if (++count > mostAddresses)
                refuse(m_wishes.publicName, addressText(address),
                       u"more addresses than are asked"_s);
            else
                addConfirmed(m_wishes.publicName, {address, *name, std::nullopt});
        }
    }

    void addPinned(const PinnedName &pinned)
    {
        const auto name = dnsName(pinned.name);
        const auto address = parseAddress(pinned.address);
        if (!name || !address || pinned.port == 0)
            refuse(pinned.name, pinned.address, u"not NAME:PORT:ADDRESS"_s);
        else
            addConfirmed(pinned.name, {*address, *name, pinned.port});
    }

    const TargetWishes &m_wishes;
    Targets m_targets;
};

} // namespace

Targets chooseTargets(const TargetWishes &wishes)
{
    return Chooser(wishes).choose();
}

} // namespace probe
