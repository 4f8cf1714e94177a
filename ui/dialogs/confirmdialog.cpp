#include "ui/dialogs/confirmdialog.h"

#include "ui/parts/buttons.h"
#include "ui/parts/label.h"

#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

ConfirmDialog::ConfirmDialog(const QString &title,
                             const QString &sentence,
                             const QString &act,
                             QWidget *parent)
    : DialogFrame(title, {}, parent)
{
    setObjectName(u"confirmDialog"_s);
    body()->addWidget((new Label(sentence))->wrapped());
    auto *go = plainButton(act, "confirmButton");
    auto *cancel = primaryButton(tr("Cancel"), "cancelButton");
    cancel->setDefault(true);
    addFootEnd(go);
    addFootEnd(cancel);
    connect(go, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    cancel->setFocus();
}

} // namespace ui
