#pragma once

#include "core/engine/engine.h"
#include "ui/dialogs/dialogframe.h"

namespace ui {

/// Says at which stage a connection or an audit failed, what the server offered, what we accept,
/// and the one thing to do next.
class ConnectionErrorDialog : public DialogFrame
{
    Q_OBJECT

public:
    ConnectionErrorDialog(const model::Server &server,
                          const engine::Failure &failure,
                          QWidget *parent);

signals:
    void editServer();
    void tryAgain();
};

/// The failure as plain lines, for the clipboard.
QString failureDetails(const model::Server &server, const engine::Failure &failure);

} // namespace ui
