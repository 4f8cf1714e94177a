#include "ui/pages/detailpane.h"

#include "core/model/passages.h"
#include "ui/models/checklistmodel.h"
#include "ui/parts/buttons.h"
#include "ui/parts/chips.h"
#include "ui/parts/codeblock.h"
#include "ui/parts/gauges.h"
#include "ui/parts/label.h"
#include "ui/parts/textblock.h"
#include "ui/words.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QScrollArea>
#include <QUrl>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

QString evidenceDetail(const model::Evidence &evidence)
{
    QStringList parts;
    if (evidence.exitStatus)
        parts << DetailPane::tr("status %1").arg(*evidence.exitStatus);
    if (evidence.at.isValid())
        parts << QLocale().toString(evidence.at.toLocalTime(), QLocale::ShortFormat);
    if (!evidence.sha256.isEmpty()) {
        const QString hash = QString::fromLatin1(evidence.sha256);
        parts << u"sha256 %1…%2"_s.arg(hash.left(6), hash.right(4));
    }
    return parts.join(u", "_s);
}

} // namespace

DetailPane::DetailPane(const Backend &backend, QWidget *parent)
    : QWidget(parent)
    , m_backend(backend)
    , m_scroll(new QScrollArea)
{
    setObjectName(u"detailPane"_s);
    setSurface(this, "base");
    setMinimumWidth(320);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    nameWidget(m_scroll, "detailScroll", tr("Finding"));
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(20, 8, 16, 8);
    auto *copy = plainButton(tr("Cop&y"), "copyFinding");
    copy->setToolTip(plainToolTip(tr("Copy the finding with its evidence (Ctrl+Shift+C)")));
    copy->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
    foot->addWidget(copy);
    foot->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_scroll, 1);
    column->addWidget(hairline(Qt::Horizontal));
    column->addLayout(foot);
    connect(copy, &QPushButton::clicked, this, &DetailPane::copyAll);
}

void DetailPane::clear()
{
    // The old content may be the sender of the signal that leads here, so it goes later.
    if (QWidget *old = m_scroll->takeWidget())
        old->deleteLater();
    m_content = new QWidget;
    m_content->setObjectName(u"detailContent"_s);
    setSurface(m_content, "base");
    m_column = new QVBoxLayout(m_content);
    m_column->setContentsMargins(20, 16, 20, 20);
    m_column->setSpacing(look::space::small);
    m_copy.clear();
}

void DetailPane::show(const model::Finding &finding, std::optional<int> points)
{
    clear();
    addTop(finding);
    addReach(finding);
    m_column->addWidget(hairline(Qt::Horizontal));
    addFacts(finding);
    addEvidence(finding);
    if (const model::CheckInfo *info = checkInfo(m_backend, finding.id))
        addKnowledge(*info);
    if (points && *points < 0) {
        addHeading(tr("Score"));
        addText(tr("As a pass it would bring %n point(s).", nullptr, -*points));
    }
    m_column->addStretch(1);
    m_scroll->setWidget(m_content);
    m_scroll->setAccessibleName(tr("Finding %1").arg(finding.id));
}

void DetailPane::addTop(const model::Finding &finding)
{
    auto *row = new QHBoxLayout;
    auto *chip = new VerdictChip;
    chip->setObjectName(u"verdictChip"_s);
    chip->setFinding(finding);
    auto *severity = new SeverityMark;
    severity->setObjectName(u"severityMark"_s);
    severity->setSeverity(finding.severity);
    auto *close = iconButton(u"close"_s, tr("Close the finding (Esc)"), "closeDetail");
    connect(close, &QToolButton::clicked, this, &DetailPane::closed);
    row->addWidget(chip);
    row->addWidget(severity);
    row->addStretch(1);
    row->addWidget(close);
    m_column->addLayout(row);
    QString where = finding.id;
    if (!finding.deployment.isEmpty())
        where += u" · "_s + base::UntrustedText(finding.deployment).display();
    m_column->addWidget((new Label(where, Type::Small))->tone("2"));
    auto *title = new Label(titleOf(m_backend, finding), Type::Head, QFont::DemiBold);
    title->setObjectName(u"detailTitle"_s);
    m_column->addWidget(title->wrapped());
    auto *sentence = new TextBlock(say(finding.summary));
    sentence->setObjectName(u"detailSummary"_s);
    m_column->addWidget(sentence);
    m_column->addSpacing(look::space::hair);
    m_copy = finding.id + u' ' + verdictPhrase(finding) + u", "_s + severityWord(finding.severity)
        + u": "_s + titleOf(m_backend, finding) + u'\n' + say(finding.summary) + u'\n';
}

void DetailPane::addReach(const model::Finding &finding)
{
    if (const auto view = look::reachViewOf(finding, reachWord, sentenceTranslator()))
        m_column->addWidget(new ReachBar(*view));
    m_column->addSpacing(look::space::hair);
}

void DetailPane::addFacts(const model::Finding &finding)
{
    const auto fact = [this](const QString &name, const QString &value, const char *objectName) {
        if (value.isEmpty())
            return;
        auto *row = new QHBoxLayout;
        auto *label = new Label(name, Type::Small);
        label->tone("2")->setFixedWidth(74);
        row->addWidget(label, 0, Qt::AlignTop);
        auto *text = new TextBlock(value);
        text->setWeight(Type::Small, QFont::Normal);
        text->setObjectName(QLatin1StringView(objectName));
        row->addWidget(text, 1);
        m_column->addLayout(row);
        m_copy += name + u": "_s + value + u'\n';
    };
    fact(tr("Expected"), say(finding.expected), "detailExpected");
    fact(tr("Found"), say(finding.actual), "detailFound");
    QStringList subjects;
    for (const base::UntrustedText &subject : finding.subjects)
        subjects << subject.display();
    fact(tr("Where"), subjects.mid(0, 20).join(u", "_s), "detailSubjects");
}

void DetailPane::addEvidence(const model::Finding &finding)
{
    for (const model::Evidence &evidence : finding.evidence) {
        const QString command = evidence.command.isEmpty()
            ? base::UntrustedText(evidence.section).display()
            : evidence.command.display();
        const QString detail = evidenceDetail(evidence);
        const QString excerpt = evidence.excerpt.lines();
        auto *block = new CodeBlock(command, detail, excerpt);
        block->setObjectName(u"evidenceBlock"_s);
        block->setAccessibleName(tr("Evidence: %1").arg(command));
        m_column->addWidget(block);
        m_copy += u"\n$ "_s + command + u'\n' + detail + u'\n' + excerpt + u'\n';
    }
}

void DetailPane::addHeading(const QString &text)
{
    m_column->addSpacing(look::space::hair);
    m_column->addWidget(new Label(text, Type::Small, QFont::DemiBold));
}

void DetailPane::addText(const QString &text)
{
    auto *block = new TextBlock(text);
    block->setWeight(Type::Small, QFont::Normal);
    block->setTone(look::Role::Text2);
    m_column->addWidget(block);
}

void DetailPane::addKnowledge(const model::CheckInfo &info)
{
    if (*info.why != '\0') {
        addHeading(tr("Why it matters"));
        addText(checkText(info.why));
    }
    if (*info.advice != '\0') {
        addHeading(tr("What to do"));
        for (const model::Passage &passage : model::passages(checkText(info.advice))) {
            if (passage.code)
                m_column->addWidget(new CodeBlock({}, {}, passage.text));
            else
                addText(passage.text);
        }
    }
    addReferences(info);
    addControls(info.controls);
}

void DetailPane::addReferences(const model::CheckInfo &info)
{
    if (info.references.empty())
        return;
    addHeading(tr("References"));
    for (const model::Reference &reference : info.references) {
        const QUrl url(reference.url);
        const QString read = reference.date.isEmpty()
            ? reference.title
            : tr("%1 (read %2)").arg(reference.title, reference.date);
        auto *link = new LinkButton(read);
        link->setObjectName(u"referenceLink"_s);
        link->setFont(ui::font(Type::Small, QFont::Normal));
        link->setToolTip(plainToolTip(reference.url));
        connect(link, &QAbstractButton::clicked, this, [url] {
            if (url.scheme() == u"https"_s)
                QDesktopServices::openUrl(url);
        });
        m_column->addWidget(link);
    }
}

void DetailPane::addControls(const model::Controls &controls)
{
    QStringList lines;
    const auto add = [&lines](const QString &framework, const QStringList &ids) {
        if (!ids.isEmpty())
            lines << framework + u": "_s + ids.join(u", "_s);
    };
    add(u"SOC 2"_s, controls.soc2);
    add(u"ISO 27001"_s, controls.iso27001);
    add(u"HIPAA"_s, controls.hipaa);
    add(u"GDPR"_s, controls.gdpr);
    if (lines.isEmpty())
        return;
    addHeading(tr("Evidence for"));
    addText(lines.join(u'\n'));
}

void DetailPane::copyAll()
{
    if (!m_copy.isEmpty())
        QGuiApplication::clipboard()->setText(m_copy);
}

} // namespace ui
