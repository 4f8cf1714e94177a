#include "ui/dialogs/connectionerrordialog.h"

#include "ui/parts/buttons.h"
#include "ui/parts/label.h"
#include "ui/parts/mark.h"
#include "ui/parts/stagebar.h"
#include "ui/parts/textblock.h"
#include "ui/words.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

QString failureDetails(const model::Server &server, const engine::Failure &failure)
{
    const engine::Message message = messageOf(failure.error);
    QStringList lines{u"%1:%2"_s.arg(server.host).arg(server.port),
                      base::stageName(failure.error.stage) + u": "_s + message.what,
                      failure.error.detail,
                      failure.serverOffer,
                      failure.ourOffer,
                      message.next};
    lines.removeAll(QString());
    return base::UntrustedText(lines.join(u'\n')).lines();
}

ConnectionErrorDialog::ConnectionErrorDialog(const model::Server &server,
                                             const engine::Failure &failure,
                                             QWidget *parent)
    : DialogFrame({}, tr("%1, port %2").arg(plain(server.host)).arg(server.port), parent)
{
    setObjectName(u"connectionErrorDialog"_s);
    const engine::Message message = messageOf(failure.error);
    setTitle(plain(message.what));
    if (isConnectionStage(failure.error.stage)) {
        auto *stages = new StageBar;
        stages->setFailed(failure.error.stage);
        body()->addWidget(stages);
    }
    if (!failure.serverOffer.isEmpty())
        addFact(tr("Server offers"), plain(failure.serverOffer));
    if (!failure.ourOffer.isEmpty())
        addFact(tr("We accept"), plain(failure.ourOffer));
    if (!failure.error.detail.isEmpty())
        addFact(tr("Details"), plain(failure.error.detail));
    if (!message.next.isEmpty()) {
        auto *next = new QHBoxLayout;
        next->setSpacing(look::space::small);
        next->addWidget(new Mark(u"arrow"_s, 16, look::Role::Accent), 0, Qt::AlignTop);
        auto *advice = new Label(plain(message.next), Type::Body, QFont::DemiBold);
        nameWidget(advice, "nextAct", tr("What to do next"));
        next->addWidget(advice->wrapped(), 1);
        body()->addLayout(next);
    }
    auto *copy = ghostButton(tr("Copy &details"), "copyDetails");
    auto *edit = plainButton(tr("&Edit server…"), "editServer");
    auto *again = primaryButton(tr("&Try again"), "tryAgain");
    auto *close = plainButton(tr("Close"), "closeButton");
    again->setDefault(true);
    addFootStart(copy);
    addFootEnd(close);
    addFootEnd(edit);
    addFootEnd(again);
    const QString details = failureDetails(server, failure);
    connect(copy, &QPushButton::clicked, this,
            [details] { QGuiApplication::clipboard()->setText(details); });
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(edit, &QPushButton::clicked, this, [this] {
        emit editServer();
        reject();
    });
    connect(again, &QPushButton::clicked, this, [this] {
        emit tryAgain();
        accept();
    });
    again->setFocus();
}

} // namespace ui
