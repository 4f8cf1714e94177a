#include "ui/pages/checklist.h"

#include "core/look/icons.h"
#include "ui/parts/checkdelegate.h"
#include "ui/parts/chips.h"
#include "ui/parts/label.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

CheckTree::CheckTree(QWidget *parent)
    : QTreeView(parent)
{
    setHeaderHidden(true);
    setIndentation(0);
    setRootIsDecorated(false);
    setUniformRowHeights(false);
    setMouseTracking(true);
    setExpandsOnDoubleClick(false);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setSelectionMode(QAbstractItemView::SingleSelection);
    connect(this, &QTreeView::clicked, this, [this](const QModelIndex &index) {
        if (!index.parent().isValid())
            setExpanded(index, !isExpanded(index));
        else
            emit opened();
    });
}

void CheckTree::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        const QModelIndex index = currentIndex();
        if (index.isValid() && !index.parent().isValid())
            setExpanded(index, !isExpanded(index));
        else if (index.isValid())
            emit opened();
        event->accept();
        return;
    }
    QTreeView::keyPressEvent(event);
}

Checklist::Checklist(const Backend &backend, QWidget *parent)
    : QWidget(parent)
    , m_model(new ChecklistModel(backend, this))
    , m_filter(new ChecklistFilter(this))
    , m_delegate(new CheckDelegate(this))
    , m_search(new QLineEdit)
    , m_open(new FilterChip(tr("Open"), "chipOpen"))
    , m_unknown(new FilterChip(tr("Unknown"), "chipUnknown"))
    , m_pass(new FilterChip(tr("Pass"), "chipPass"))
    , m_tree(new CheckTree)
    , m_nothing(new Label({}))
{
    setObjectName(u"checklist"_s);
    setSurface(this, "base");
    m_filter->setSourceModel(m_model);
    m_tree->setModel(m_filter);
    m_tree->setItemDelegate(m_delegate);
    nameWidget(m_tree, "checkTree", tr("Checklist"));
    m_search->addAction(look::icon(u"search"_s), QLineEdit::LeadingPosition);
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(120);
    nameWidget(m_search, "checkSearch", tr("Find in checks"));
    nameWidget(m_nothing, "nothingMatches", tr("Nothing to show"));
    m_nothing->wrapped()->tone("2");
    m_nothing->setAlignment(Qt::AlignHCenter);
    m_nothing->setContentsMargins(24, 24, 24, 0);
    m_open->setChecked(true);

    auto *row = new QHBoxLayout;
    row->setContentsMargins(14, 0, 14, 0);
    row->setSpacing(6);
    row->addWidget(m_search, 1);
    for (FilterChip *chip : {m_open, m_unknown, m_pass}) {
        row->addWidget(chip);
        connect(chip, &QAbstractButton::toggled, this, &Checklist::choiceChanged);
    }
    auto *bar = new QWidget;
    bar->setFixedHeight(46);
    bar->setLayout(row);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar);
    column->addWidget(hairline(Qt::Horizontal));
    column->addWidget(m_nothing);
    column->addWidget(m_tree, 1);

    connect(m_search, &QLineEdit::textChanged, this, &Checklist::choiceChanged);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &Checklist::showCurrent);
    connect(m_tree, &CheckTree::opened, this, &Checklist::detailWanted);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &Checklist::contextMenu);
    auto *copy = new QAction(tr("&Copy"), m_tree);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &Checklist::copyCurrent);
    m_tree->addAction(copy);
    choiceChanged();
}

void Checklist::setAudit(std::shared_ptr<const engine::AuditRun> run, const QString &deployment)
{
    const model::Finding *before = current();
    const QString id = before != nullptr ? before->id : QString();
    const QString of = before != nullptr ? before->deployment : QString();
    m_changing = true;
    m_model->setAudit(std::move(run), deployment);
    m_tree->expandAll();
    m_changing = false;
    m_search->setPlaceholderText(tr("Find in %n check(s)", nullptr, m_model->checks()));
    const QModelIndex again = m_filter->mapFromSource(m_model->indexOf(of, id));
    m_tree->setCurrentIndex(again.isValid() ? again : m_filter->index(0, 0, m_filter->index(0, 0)));
    choiceChanged();
}

void Checklist::setArea(std::optional<model::Area> area)
{
    m_area = area;
    choiceChanged();
}

void Checklist::setChoice(const ChecklistChoice &choice)
{
    m_changing = true;
    m_open->setChecked(choice.open);
    m_unknown->setChecked(choice.unknown);
    m_pass->setChecked(choice.pass);
    m_changing = false;
    choiceChanged();
}

void Checklist::choiceChanged()
{
    if (m_changing)
        return;
    ChecklistChoice choice;
    choice.open = m_open->isChecked();
    choice.unknown = m_unknown->isChecked();
    choice.pass = m_pass->isChecked();
    choice.text = m_search->text();
    choice.area = m_area;
    m_filter->setChoice(choice);
    m_tree->expandAll();
    if (!m_tree->currentIndex().isValid())
        m_tree->setCurrentIndex(m_filter->index(0, 0, m_filter->index(0, 0)));
    sayWhyEmpty(choice);
    showCurrent();
}

/// "Nothing is open" must not read as "all is well" where checks could not be judged.
void Checklist::sayWhyEmpty(const ChecklistChoice &choice)
{
    int undecided = 0;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const model::Score &counts = m_model->counts(m_model->index(row, 0));
        undecided += counts.unknown + counts.manual;
    }
    const bool onlyOpen = choice.open && !choice.unknown && !choice.pass && choice.text.isEmpty();
    if (!onlyOpen)
        m_nothing->setText(tr("No check matches these filters."));
    else if (undecided > 0 && !choice.area)
        m_nothing->setText(
            tr("Nothing failed, but %n check(s) could not be judged: choose Unknown.", nullptr,
               undecided));
    else
        m_nothing->setText(tr("Nothing is open here. Choose Unknown or Pass to see the rest."));
    m_nothing->setVisible(m_filter->rowCount() == 0 && m_model->rowCount() > 0);
}

void Checklist::select(const QString &deployment, const QString &checkId)
{
    const QModelIndex source = m_model->indexOf(deployment, checkId);
    if (!source.isValid())
        return;
    if (!m_filter->mapFromSource(source).isValid()) {
        m_changing = true;
        m_search->clear();
        for (FilterChip *chip : {m_open, m_unknown, m_pass})
            chip->setChecked(false);
        m_area.reset();
        m_changing = false;
        emit areaCleared();
        choiceChanged();
    }
    const QModelIndex index = m_filter->mapFromSource(source);
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
}

const model::Finding *Checklist::current() const
{
    return m_model->finding(m_filter->mapToSource(m_tree->currentIndex()));
}

void Checklist::showCurrent()
{
    if (!m_changing)
        emit currentChanged(current());
}

void Checklist::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void Checklist::focusList()
{
    m_tree->setFocus(Qt::OtherFocusReason);
}

void Checklist::setCompact(bool compact)
{
    m_delegate->setCompact(compact);
    m_tree->doItemsLayout();
}

bool Checklist::isCompact() const
{
    return m_delegate->isCompact();
}

void Checklist::copyCurrent()
{
    const QString line = m_tree->currentIndex().data(ChecklistModel::CopyRole).toString();
    if (!line.isEmpty())
        QGuiApplication::clipboard()->setText(line);
}

void Checklist::contextMenu(const QPoint &at)
{
    if (m_model->finding(m_filter->mapToSource(m_tree->indexAt(at))) == nullptr)
        return;
    auto *menu = new QMenu(m_tree);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("&Open")), &QAction::triggered, this, &Checklist::detailWanted);
    menu->addActions(m_tree->actions());
    menu->popup(m_tree->viewport()->mapToGlobal(at));
}

} // namespace ui
