#include "core/facts/section.h"

#include <array>
#include <utility>

namespace facts {

namespace {

using Status = Section::Status;

constexpr std::array<std::pair<Status, const char16_t *>, 7> words{{
    {Status::Ok, u"ok"},
    {Status::Denied, u"denied"},
    {Status::Missing, u"missing"},
    {Status::TimedOut, u"timeout"},
    {Status::Failed, u"failed"},
    {Status::Cut, u"cut"},
    {Status::Unparsable, u"unparsable"},
}};

} // namespace

std::optional<Gap> gapOf(const Section &section)
{
    switch (section.status) {
    case Status::Ok:
        return section.cut ? std::optional(Gap::Cut) : std::nullopt;
    case Status::Denied:
        return section.data.startsWith("writable\t") ? Gap::Writable : Gap::Denied;
    case Status::Missing:
        return Gap::ToolMissing;
    case Status::TimedOut:
        return Gap::TimedOut;
    case Status::Failed:
        return Gap::Failed;
    case Status::Cut:
        return Gap::Cut;
    case Status::Unparsable:
        return Gap::Unparsable;
    }
    return Gap::Failed;
}

QString word(Section::Status status)
{
    for (const auto &[value, text] : words) {
        if (value == status)
            return QString::fromUtf16(text);
    }
    return {};
}

std::optional<Section::Status> statusFromWord(QStringView text)
{
    for (const auto &[value, known] : words) {
        if (text == QStringView(known))
            return value;
    }
    return std::nullopt;
}

} // namespace facts
