#include "ui/pages/posturepage.h"

#include "core/model/score.h"
#include "ui/pages/checklist.h"
#include "ui/pages/detailpane.h"
#include "ui/pages/reasonline.h"
#include "ui/pages/summary.h"
#include "ui/parts/label.h"

#include <QSettings>
#include <QSplitter>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

const model::Score &scoreOf(const model::Audit &audit, const QString &deployment)
{
    for (const model::DeploymentInfo &info : audit.deployments) {
        if (info.id == deployment)
            return info.summary;
    }
    return audit.summary;
}

} // namespace

PosturePage::PosturePage(const Backend &backend, QWidget *parent)
    : QWidget(parent)
    , m_summary(new Summary)
    , m_reason(new ReasonLine(backend))
    , m_checklist(new Checklist(backend, nullptr))
    , m_detail(new DetailPane(backend, nullptr))
    , m_splitter(new QSplitter(Qt::Horizontal))
{
    setObjectName(u"posturePage"_s);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_checklist);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_checklist->setMinimumWidth(300);
    m_detail->setMaximumWidth(560);
    m_detail->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_summary);
    column->addWidget(hairline(Qt::Horizontal));
    column->addWidget(m_reason);
    column->addWidget(hairline(Qt::Horizontal));
    column->addWidget(m_splitter, 1);
    connect(m_summary, &Summary::areaChosen, m_checklist, &Checklist::setArea);
    connect(m_checklist, &Checklist::areaCleared, m_summary, &Summary::clearArea);
    connect(m_reason, &ReasonLine::wanted, this,
            [this](const QString &deployment, const QString &id) {
                m_closed = false;
                m_checklist->select(deployment, id);
            });
    connect(m_checklist, &Checklist::currentChanged, this, &PosturePage::showFinding);
    connect(m_checklist, &Checklist::detailWanted, this, [this] {
        m_closed = false;
        showFinding(m_checklist->current());
    });
    connect(m_detail, &DetailPane::closed, this, &PosturePage::closeDetail);
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { m_detailWidth = m_detail->width(); });
}

void PosturePage::setRun(std::shared_ptr<const engine::AuditRun> run, const QString &deployment)
{
    m_run = std::move(run);
    m_deployment = deployment;
    m_summary->clearArea();
    m_checklist->setAudit(m_run, deployment);
    if (!m_run)
        return;
    std::vector<Summary::AreaCounts> areas;
    const ChecklistModel *list = m_checklist->model();
    for (int row = 0; row < list->rowCount(); ++row) {
        const QModelIndex area = list->index(row, 0);
        areas.push_back({static_cast<model::Area>(area.data(ChecklistModel::AreaRole).toInt()),
                         list->counts(area)});
    }
    m_summary->setScore(scoreOf(m_run->audit, deployment), areas);
    m_reason->setAudit(m_run->audit, deployment);
}

void PosturePage::setNarrow(bool narrow)
{
    m_summary->setNarrow(narrow);
    m_detailWidth = narrow ? qMin(m_detailWidth, 344) : qMax(m_detailWidth, 408);
    if (!m_detail->isHidden())
        m_splitter->setSizes({m_splitter->width() - m_detailWidth, m_detailWidth});
}

void PosturePage::setSummaryShown(bool shown)
{
    m_summary->setVisible(shown);
}

bool PosturePage::closeDetail()
{
    if (m_detail->isHidden())
        return false;
    m_closed = true;
    m_detail->hide();
    m_checklist->focusList();
    return true;
}

void PosturePage::showFinding(const model::Finding *finding)
{
    if (finding == nullptr || m_closed) {
        m_detail->hide();
        return;
    }
    const model::Audit &audit = m_run->audit;
    const auto index = static_cast<std::size_t>(finding - audit.findings.data());
    m_detail->show(*finding, model::contributionOf(audit, m_deployment, index));
    if (m_detail->isHidden()) {
        m_detail->setVisible(true);
        m_splitter->setSizes({m_splitter->width() - m_detailWidth, m_detailWidth});
    }
}

void PosturePage::save(QSettings &settings) const
{
    const ChecklistChoice &choice = m_checklist->choice();
    settings.setValue(u"posture/detailWidth"_s, m_detailWidth);
    settings.setValue(u"posture/open"_s, choice.open);
    settings.setValue(u"posture/unknown"_s, choice.unknown);
    settings.setValue(u"posture/pass"_s, choice.pass);
    settings.setValue(u"posture/compact"_s, m_checklist->isCompact());
}

void PosturePage::restore(QSettings &settings)
{
    ChecklistChoice choice;
    choice.open = settings.value(u"posture/open"_s, true).toBool();
    choice.unknown = settings.value(u"posture/unknown"_s, false).toBool();
    choice.pass = settings.value(u"posture/pass"_s, false).toBool();
    m_checklist->setChoice(choice);
    m_checklist->setCompact(settings.value(u"posture/compact"_s, false).toBool());
    m_detailWidth = qBound(320, settings.value(u"posture/detailWidth"_s, 408).toInt(), 560);
}

} // namespace ui
