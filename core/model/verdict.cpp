#include "core/model/verdict.h"

#include <array>
#include <utility>

namespace model {

using namespace Qt::StringLiterals;

namespace {

template <typename E>
using Words = std::pair<E, QLatin1StringView>;

template <typename E, std::size_t N>
QString find(const std::array<Words<E>, N> &words, E value)
{
    for (const auto &[each, text] : words) {
        if (each == value)
            return text;
    }
    return {};
}

template <typename E, std::size_t N>
std::optional<E> find(const std::array<Words<E>, N> &words, QStringView text)
{
    for (const auto &[value, each] : words) {
        if (each == text)
            return value;
    }
    return std::nullopt;
}

constexpr std::array<Words<Verdict>, 6> verdicts{{
    {Verdict::Pass, "pass"_L1},
    {Verdict::Fail, "fail"_L1},
    {Verdict::Warn, "warn"_L1},
    {Verdict::Unknown, "unknown"_L1},
    {Verdict::Manual, "manual"_L1},
    {Verdict::NotApplicable, "notApplicable"_L1},
}};

constexpr std::array<Words<Reach>, 5> reaches{{
    {Reach::Absent, "absent"_L1},
    {Reach::Written, "written"_L1},
    {Reach::Delivered, "delivered"_L1},
    {Reach::Honoured, "honoured"_L1},
    {Reach::Proven, "proven"_L1},
}};

constexpr std::array<Words<Severity>, 5> severities{{
    {Severity::Info, "info"_L1},
    {Severity::Low, "low"_L1},
    {Severity::Medium, "medium"_L1},
    {Severity::High, "high"_L1},
    {Severity::Critical, "critical"_L1},
}};

constexpr std::array<Words<Area>, 10> areas{{
    {Area::Inventory, "inventory"_L1},
    {Area::Tls, "tls"_L1},
    {Area::Headers, "headers"_L1},
    {Area::Authentication, "authentication"_L1},
    {Area::SingleSignOn, "single-sign-on"_L1},
    {Area::Data, "data"_L1},
    {Area::Network, "network"_L1},
    {Area::Logging, "logging"_L1},
    {Area::Backup, "backup"_L1},
    {Area::Governance, "governance"_L1},
}};

constexpr std::array<Words<Privilege>, 3> privileges{{
    {Privilege::Root, "root"_L1},
    {Privilege::Sudo, "sudo"_L1},
    {Privilege::User, "user"_L1},
}};

} // namespace

QString word(Verdict verdict)
{
    return find(verdicts, verdict);
}
QString word(Reach reach)
{
    return find(reaches, reach);
}
QString word(Severity severity)
{
    return find(severities, severity);
}
QString word(Area area)
{
    return find(areas, area);
}
QString word(Privilege privilege)
{
    return find(privileges, privilege);
}

std::optional<Verdict> verdictFromWord(QStringView text)
{
    return find(verdicts, text);
}
std::optional<Severity> severityFromWord(QStringView text)
{
    return find(severities, text);
}
std::optional<Privilege> privilegeFromWord(QStringView text)
{
    return find(privileges, text);
}

} // namespace model
