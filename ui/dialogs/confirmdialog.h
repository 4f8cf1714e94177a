#pragma once

#include "ui/dialogs/dialogframe.h"

namespace ui {

/// Asks before something that cannot be undone. The safe button is where Enter goes.
class ConfirmDialog : public DialogFrame
{
    Q_OBJECT

public:
    ConfirmDialog(const QString &title,
                  const QString &sentence,
                  const QString &act,
                  QWidget *parent);
};

} // namespace ui
