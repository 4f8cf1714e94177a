#include "ui/backend.h"

#include <algorithm>

namespace ui {

const model::CheckInfo *checkInfo(const Backend &backend, QStringView id)
{
    const auto all = backend.checks();
    const auto found = std::ranges::find(
        all, id, [](const model::CheckInfo &info) { return QStringView(info.id); });
    return found == all.end() ? nullptr : &*found;
}

} // namespace ui
