#pragma once

#include "core/engine/engine.h"
#include "ui/dialogs/dialogframe.h"

class QLineEdit;

namespace ui {

/// Asks about a host key that no file knows. Enter goes to the paste field, never to Connect.
/// Accepted means: remember this key and go on.
class HostKeyDialog : public DialogFrame
{
    Q_OBJECT

public:
    HostKeyDialog(const model::Server &server, const engine::HostKeyOffer &offer, QWidget *parent);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void compare();

    engine::HostKeyOffer m_offer;
    QLineEdit *m_paste;
    Label *m_answer;
    QPushButton *m_connect;
};

/// Says that a known key changed, was revoked or is not the one that was asked for. There is no way
/// on.
class ChangedKeyDialog : public DialogFrame
{
    Q_OBJECT

public:
    ChangedKeyDialog(const model::Server &server, const engine::Failure &failure, QWidget *parent);
};

} // namespace ui
