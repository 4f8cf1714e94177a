#include "ui/dialogs/keysdialog.h"

#include "ui/parts/buttons.h"

#include <QKeySequence>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

KeysDialog::KeysDialog(QWidget *parent)
    : DialogFrame(tr("Keyboard shortcuts"), {}, parent)
{
    setObjectName(u"keysDialog"_s);
    body()->setSpacing(4);
    const auto key = [](const char *keys) {
        return QKeySequence(QLatin1StringView(keys)).toString(QKeySequence::NativeText);
    };
    addFact(key("Ctrl+N"), tr("Add a server"));
    addFact(key("Ctrl+D"), tr("Demo server"));
    addFact(key("F5"), tr("Audit now"));
    addFact(key("Esc"), tr("Cancel the audit, or close the finding"));
    addFact(key("Ctrl+L"), tr("Find a server"));
    addFact(key("Ctrl+F"), tr("Find a check"));
    addFact(key("Ctrl+E"), tr("Export as PDF"));
    addFact(key("F2"), tr("Edit the server"));
    addFact(u"↑ ↓ ← →"_s, tr("Move in the list, fold and unfold areas"));
    addFact(key("Return"), tr("Open the finding"));
    addFact(key("Ctrl+C"), tr("Copy the finding's line"));
    addFact(key("Ctrl+Shift+C"), tr("Copy the finding with its evidence"));
    addFact(key("Ctrl+Shift+D"), tr("Compact list"));
    addFact(key("Ctrl+Shift+S"), tr("Show or hide the summary"));
    auto *close = primaryButton(tr("Close"), "closeButton");
    close->setDefault(true);
    addFootEnd(close);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    close->setFocus();
}

} // namespace ui
