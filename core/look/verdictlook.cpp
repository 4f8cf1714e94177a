#include "core/look/verdictlook.h"

namespace look {

using namespace Qt::StringLiterals;

VerdictLook verdictLook(model::Verdict verdict)
{
    switch (verdict) {
    case model::Verdict::Pass:
        return {u"pass"_s, Role::Pass, Role::PassGlyph, Role::PassSoft};
    case model::Verdict::Fail:
        return {u"fail"_s, Role::Fail, Role::FailGlyph, Role::FailSoft};
    case model::Verdict::Warn:
        return {u"warning"_s, Role::Warn, Role::WarnGlyph, Role::WarnSoft};
    case model::Verdict::Unknown:
        return {u"unknown"_s, Role::Neutral, Role::Neutral, Role::NeutralSoft};
    case model::Verdict::Manual:
        return {u"manual"_s, Role::Neutral, Role::Neutral, Role::NeutralSoft};
    case model::Verdict::NotApplicable:
        return {u"not-applicable"_s, Role::Text3, Role::Text3, Role::NeutralSoft};
    }
    return {};
}

} // namespace look
