#pragma once

#include "ui/dialogs/dialogframe.h"

namespace ui {

/// The keyboard shortcuts, listed.
class KeysDialog : public DialogFrame
{
    Q_OBJECT

public:
    explicit KeysDialog(QWidget *parent);
};

} // namespace ui
