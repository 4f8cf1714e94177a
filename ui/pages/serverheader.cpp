#include "ui/pages/serverheader.h"

#include "core/look/icons.h"
#include "ui/parts/buttons.h"
#include "ui/parts/choicebox.h"
#include "ui/parts/label.h"
#include "ui/parts/mark.h"
#include "ui/words.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

QString shortFingerprint(const QString &fingerprint)
{
    return fingerprint.size() > 24 ? fingerprint.left(16) + u'…' + fingerprint.right(4)
                                   : fingerprint;
}

/// "0.9.13" of "registry:5000/appflowyinc/gotrue:0.9.13", as docker reads it.
QString tagOf(const base::UntrustedText &image)
{
    const QString name = image.display(200).section(u'/', -1).section(u'@', 0, 0);
    return name.contains(u':') ? name.section(u':', 1) : u"latest"_s;
}

/// "Debian 12" of "Debian GNU/Linux 12 (bookworm)": one line has to hold much.
QString shortSystem(const base::UntrustedText &system)
{
    return system.display(60).remove(u" GNU/Linux"_s).section(u" ("_s, 0, 0);
}

/// The services whose version decides most; the others are in the tool tip.
QString versionsOf(const model::DeploymentInfo &deployment)
{
    QStringList parts;
    for (const QString &service : {u"appflowy_cloud"_s, u"gotrue"_s}) {
        const auto found = deployment.versions.constFind(service);
        if (found != deployment.versions.cend())
            parts << service + u' ' + tagOf(*found);
    }
    return parts.join(u", "_s);
}

QString allVersionsOf(const model::DeploymentInfo &deployment)
{
    QStringList lines;
    for (auto it = deployment.versions.cbegin(); it != deployment.versions.cend(); ++it)
        lines << plain(it.key()) + u": "_s + it.value().display(200);
    return lines.join(u'\n');
}

const model::DeploymentInfo *deploymentOf(const model::Audit &audit, const QString &id)
{
    const auto found = std::ranges::find(audit.deployments, id, &model::DeploymentInfo::id);
    if (found != audit.deployments.end())
        return &*found;
    return audit.deployments.size() == 1 ? &audit.deployments.front() : nullptr;
}

} // namespace

ServerHeader::ServerHeader(QWidget *parent)
    : QWidget(parent)
    , m_name(new ElidedLabel({}, Type::Title, QFont::DemiBold))
    , m_group(new Label({}, Type::Small, QFont::Medium))
    , m_audited(new Label({}, Type::Small))
    , m_deployment(new ChoiceBox)
    , m_meta(new QHBoxLayout)
    , m_export(plainButton(tr("&Export"), "exportButton"))
    , m_audit(primaryButton(tr("Audit now"), "auditButton"))
    , m_cancel(plainButton(tr("Cancel audit"), "cancelAudit"))
    , m_more(iconButton(u"more"_s, tr("More for this server"), "moreButton"))
{
    setObjectName(u"serverHeader"_s);
    setSurface(this, "base");
    setFixedHeight(82);
    m_name->setObjectName(u"serverName"_s);
    m_name->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_group->tone("2")->setObjectName(u"serverGroup"_s);
    m_audited->tone("2")->setObjectName(u"auditedLabel"_s);
    nameWidget(m_deployment, "deploymentChooser", tr("Deployment"));
    m_audit->setIcon(look::icon(u"play"_s, look::Role::OnAccentFill, look::Role::AccentFill));
    m_audit->setToolTip(plainToolTip(tr("Audit now (F5)")));
    m_cancel->setIcon(look::icon(u"close"_s, look::Role::Text));
    m_cancel->setToolTip(plainToolTip(tr("Cancel the audit (Esc)")));
    m_more->setPopupMode(QToolButton::InstantPopup);
    auto *top = new QHBoxLayout;
    top->setSpacing(look::space::small);
    top->addWidget(m_name, 1);
    top->addWidget(m_group);
    top->addWidget(m_deployment);
    top->addStretch(1);
    top->addWidget(m_audited);
    top->addSpacing(4);
    top->addWidget(m_export);
    top->addWidget(m_audit);
    top->addWidget(m_cancel);
    top->addWidget(m_more);
    m_meta->setSpacing(6);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(look::space::page, 12, 16, 10);
    column->setSpacing(6);
    column->addLayout(top);
    column->addLayout(m_meta);
    column->addStretch(1);
    connect(m_audit, &QPushButton::clicked, this, &ServerHeader::auditWanted);
    connect(m_cancel, &QPushButton::clicked, this, &ServerHeader::cancelWanted);
    connect(m_deployment, &QComboBox::activated, this, [this] {
        refreshMeta();
        emit deploymentChosen();
    });
}

void ServerHeader::setSession(ServerSession *session)
{
    if (m_session)
        disconnect(m_session, nullptr, this, nullptr);
    m_session = session;
    m_deployment->clear();
    if (!session)
        return;
    connect(session, &ServerSession::changed, this, &ServerHeader::refresh);
    refresh();
}

QString ServerHeader::deployment() const
{
    return m_deployment->currentData().toString();
}

void ServerHeader::setNarrow(bool narrow)
{
    m_narrow = narrow;
    refresh();
}

void ServerHeader::refresh()
{
    const ServerSession *session = m_session;
    if (session == nullptr)
        return;
    const model::Server &server = session->server();
    m_name->setFullText(plain(server.name));
    m_group->setText(plain(server.group));
    m_group->setVisible(!server.group.isEmpty());
    const bool running = session->isRunning();
    m_audit->setVisible(!running);
    m_cancel->setVisible(running);
    m_export->setVisible(!running && session->run());
    m_more->setVisible(!session->isDemo() && !running);
    m_audited->setVisible(session->last().has_value() && !m_narrow && !running);
    refreshAge();
    refreshDeployments();
    refreshMeta();
}

void ServerHeader::refreshAge()
{
    const ServerSession *session = m_session;
    if (session == nullptr || !session->last())
        return;
    const QDateTime then = session->last()->startedAt;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    m_audited->setText(then.secsTo(now) < 60 ? tr("Audited just now")
                                             : tr("Audited %1 ago").arg(age(then, now)));
    m_audited->setToolTip(
        plainToolTip(QLocale().toString(then.toLocalTime(), QLocale::LongFormat)));
}

void ServerHeader::refreshDeployments()
{
    const ServerSession *session = m_session;
    if (session == nullptr)
        return;
    const QString before = deployment();
    m_deployment->clear();
    const auto run = session->run();
    const bool several = run && run->audit.deployments.size() > 1;
    m_deployment->setVisible(several);
    if (!several)
        return;
    m_deployment->addItem(tr("All deployments"), QString());
    for (const model::DeploymentInfo &each : run->audit.deployments)
        m_deployment->addItem(plain(each.id), each.id);
    m_deployment->setCurrentIndex(qMax(0, m_deployment->findData(before)));
}

void ServerHeader::addMeta(const char *icon,
                           const QString &text,
                           const char *objectName,
                           const QString &toolTip)
{
    if (text.isEmpty())
        return;
    if (m_meta->count() > 0)
        m_meta->addSpacing(12);
    m_meta->addWidget(new Mark(QLatin1StringView(icon), 14, look::Role::Text2));
    auto *label = new ElidedLabel({}, Type::Small);
    label->tone("2");
    label->setFullText(text);
    label->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    label->setObjectName(QLatin1StringView(objectName));
    if (!toolTip.isEmpty())
        label->setToolTip(plainToolTip(toolTip));
    m_meta->addWidget(label);
}

void ServerHeader::refreshMeta()
{
    clearRow(m_meta);
    const ServerSession *session = m_session;
    if (session == nullptr)
        return;
    const model::Server &server = session->server();
    if (session->isDemo()) {
        addMeta("play", tr("A sample server: nothing is connected"), "metaAddress");
    } else {
        addMeta("terminal",
                plain(u"%1@%2"_s.arg(server.user, server.host)
                      + (server.port == 22 ? QString() : u":%1"_s.arg(server.port))),
                "metaAddress");
    }
    if (const auto run = session->run()) {
        const model::Audit &audit = run->audit;
        if (const model::DeploymentInfo *info = deploymentOf(audit, deployment()))
            addMeta("server", versionsOf(*info), "metaVersions", allVersionsOf(*info));
        const QString docker = audit.server.docker.display(40);
        QStringList system{shortSystem(audit.server.os)};
        if (!docker.isEmpty())
            system << tr("Docker %1").arg(docker.section(u'+', 0, 0));
        system.removeAll(QString());
        addMeta("data", system.join(u", "_s), "metaSystem",
                audit.server.os.display(60) + u'\n' + docker);
        if (!audit.server.hostKey.isEmpty()) {
            const QString key = plain(audit.server.hostKey);
            addMeta("key", shortFingerprint(key), "metaHostKey", key);
        }
    }
    if (const auto run = session->run(); run && run->audit.knowledgeDays > model::knowledgeLimit) {
        addMeta(
            "warning",
            tr("Knowledge is %n day(s) old: update Flowkeep", nullptr, run->audit.knowledgeDays),
            "metaKnowledge");
    }
    m_meta->addStretch(1);
}

} // namespace ui
