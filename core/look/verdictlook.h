#pragma once

#include "core/look/tokens.h"
#include "core/model/verdict.h"

#include <QString>

namespace look {

/// How a verdict is drawn: its icon and the roles of word, glyph and soft fill.
struct VerdictLook
{
    QString icon;
    Role word = Role::Neutral;
    Role glyph = Role::Neutral;
    Role soft = Role::NeutralSoft;
};

VerdictLook verdictLook(model::Verdict verdict);

} // namespace look
