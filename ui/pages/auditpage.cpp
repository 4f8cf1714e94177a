#include "ui/pages/auditpage.h"

#include "core/look/icons.h"
#include "ui/parts/label.h"
#include "ui/parts/stagebar.h"
#include "ui/words.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QProgressBar>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

QString titleOf(base::Stage stage)
{
    if (isConnectionStage(stage))
        return AuditPage::tr("Auditing: connecting");
    if (stage == base::Stage::Probe)
        return AuditPage::tr("Auditing: looking from outside");
    if (stage == base::Stage::Parse)
        return AuditPage::tr("Auditing: evaluating");
    return AuditPage::tr("Auditing: reading the server");
}

} // namespace

AuditPage::AuditPage(QWidget *parent)
    : QWidget(parent)
    , m_title(new Label({}, Type::Head, QFont::DemiBold))
    , m_time(new Label({}, Type::Small))
    , m_bar(new QProgressBar)
    , m_stages(new StageBar)
    , m_count(new Label({}, Type::Small, QFont::DemiBold))
    , m_sections(new QListWidget)
{
    setObjectName(u"auditPage"_s);
    setSurface(this, "base");
    nameWidget(m_title, "auditTitle", tr("Audit"));
    m_time->tone("2");
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    nameWidget(m_bar, "auditProgress", tr("Progress of the audit"));
    nameWidget(m_sections, "auditSections", tr("Sections received"));
    m_sections->setSelectionMode(QAbstractItemView::NoSelection);
    m_sections->setIconSize({14, 14});
    auto *note = new Label(tr("Cancelling keeps the last complete audit. The server is only read."),
                           Type::Small);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(look::space::page, 16, look::space::page, 16);
    column->setSpacing(look::space::medium);
    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_time);
    column->addLayout(head);
    column->addWidget(m_bar);
    column->addWidget(m_stages);
    column->addWidget(hairline(Qt::Horizontal));
    column->addWidget(m_count);
    column->addWidget(m_sections, 1);
    column->addWidget(note->wrapped()->tone("2"));
    connect(&m_timer, &QTimer::timeout, this, &AuditPage::tick);
}

void AuditPage::setSession(ServerSession *session)
{
    if (m_session)
        disconnect(m_session, nullptr, this, nullptr);
    m_session = session;
    m_sections->clear();
    if (!session) {
        m_timer.stop();
        return;
    }
    connect(session, &ServerSession::progressed, this, &AuditPage::refresh);
    m_timer.start(1000);
    refresh();
}

void AuditPage::refresh()
{
    const ServerSession *session = m_session;
    if (session == nullptr)
        return;
    const AuditProgress &progress = session->progress();
    m_title->setText(titleOf(progress.stage));
    if (isConnectionStage(progress.stage))
        m_stages->setRunning(progress.stage);
    else
        m_stages->setDone();
    m_bar->setRange(0, progress.total);
    m_bar->setValue(progress.done);
    m_count->setText(progress.total > 0
                         ? tr("%1 of %2 sections").arg(progress.done).arg(progress.total)
                         : tr("Sections"));
    while (m_sections->count() < progress.sections.size()) {
        const QString name = progress.sections.at(m_sections->count());
        auto *item = new QListWidgetItem(look::icon(u"check"_s), sectionWord(name), m_sections);
        item->setSizeHint({100, 26});
    }
    m_sections->scrollToBottom();
    tick();
}

void AuditPage::tick()
{
    const ServerSession *session = m_session;
    if (session == nullptr || !session->isRunning())
        return;
    const int seconds = static_cast<int>(session->progress().clock.elapsed() / 1000);
    m_time->setText(tr("%n s", nullptr, seconds));
}

} // namespace ui
