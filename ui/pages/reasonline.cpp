#include "ui/pages/reasonline.h"

#include "core/look/icons.h"
#include "core/look/verdictlook.h"
#include "ui/models/checklistmodel.h"
#include "ui/pages/scorereason.h"
#include "ui/parts/chips.h"
#include "ui/parts/label.h"
#include "ui/parts/mark.h"
#include "ui/words.h"

#include <QHBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t shownLinks = 3;

QString sentenceFor(const ScoreReason &reason)
{
    const int n = static_cast<int>(reason.findings.size());
    if (reason.unknown)
        return ReasonLine::tr("%n check(s) could not be read:", nullptr, n);
    if (reason.severity == model::Severity::Critical)
        return ReasonLine::tr("%n critical finding(s) hold the score down:", nullptr, n);
    if (reason.severity == model::Severity::High)
        return ReasonLine::tr("%n high finding(s) hold the score down:", nullptr, n);
    return ReasonLine::tr("%n finding(s) hold the score down:", nullptr, n);
}

} // namespace

ReasonLine::ReasonLine(const Backend &backend, QWidget *parent)
    : QWidget(parent)
    , m_backend(backend)
    , m_row(new QHBoxLayout(this))
{
    setObjectName(u"reasonLine"_s);
    setSurface(this, "window");
    setFixedHeight(34);
    m_row->setContentsMargins(look::space::page, 0, look::space::page, 0);
    m_row->setSpacing(look::space::small);
}

void ReasonLine::setAudit(const model::Audit &audit, const QString &deployment)
{
    clearRow(m_row);
    const ScoreReason reason = reasonOf(audit, deployment);
    const std::optional<int> now = model::scoreWithPasses(audit, deployment, {});
    const bool several = deployment.isEmpty() && audit.deployments.size() > 1;
    setVisible(true);
    if (reason.findings.empty()) {
        m_row->addWidget(new Mark(u"pass"_s, 14, look::Role::PassGlyph, look::Role::Window));
        m_row->addWidget(
            new Label(tr("Nothing holds the score down"), Type::Small, QFont::DemiBold));
        m_row->addStretch(1);
        return;
    }
    const model::Verdict verdict = reason.unknown ? model::Verdict::Unknown : model::Verdict::Fail;
    const look::VerdictLook shown = look::verdictLook(verdict);
    m_row->addWidget(new Mark(shown.icon, 14, shown.glyph, look::Role::Window));
    m_row->addWidget(new Label(sentenceFor(reason), Type::Small, QFont::DemiBold));
    for (std::size_t i = 0; i < std::min(reason.findings.size(), shownLinks); ++i) {
        const model::Finding &finding = audit.findings[reason.findings[i]];
        QString text = finding.id + u' ' + titleOf(m_backend, finding);
        if (several && !finding.deployment.isEmpty())
            text += u" ("_s + plain(finding.deployment) + u')';
        auto *link = new LinkButton(text);
        link->setFont(ui::font(Type::Small, QFont::Medium));
        link->setObjectName(u"reasonLink-"_s + finding.id);
        link->setToolTip(plainToolTip(say(finding.summary)));
        connect(link, &QAbstractButton::clicked, this,
                [this, of = finding.deployment, id = finding.id] { emit wanted(of, id); });
        m_row->addWidget(link);
    }
    if (reason.findings.size() > shownLinks) {
        const int more = static_cast<int>(reason.findings.size() - shownLinks);
        m_row->addWidget((new Label(tr("and %n more", nullptr, more), Type::Small))->tone("2"));
    }
    m_row->addStretch(1);
    if (reason.after && now && *reason.after > *now) {
        auto *gain
            = new Label(tr("Fixing lifts it to at least %1").arg(*reason.after), Type::Small);
        m_row->addWidget(gain->tone("2"));
        m_gain = gain;
        fit();
    }
}

void ReasonLine::fit()
{
    if (QWidget *gain = m_gain)
        gain->setVisible(width() >= 900);
}

void ReasonLine::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

} // namespace ui
