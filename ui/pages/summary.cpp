#include "ui/pages/summary.h"

#include "ui/parts/label.h"

#include <QGridLayout>
#include <QHBoxLayout>

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;

Summary::Summary(QWidget *parent)
    : QWidget(parent)
    , m_ring(new ScoreRing)
    , m_legend(new ScoreLegend)
    , m_grid(new QGridLayout)
{
    setObjectName(u"summary"_s);
    setSurface(this, "base");
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(look::space::page, 0, look::space::page, 0);
    row->setSpacing(look::space::page);
    row->addWidget(m_ring, 0, Qt::AlignVCenter);
    row->addWidget(m_legend, 0, Qt::AlignVCenter);
    m_grid->setSpacing(look::space::small);
    auto *holder = new QWidget;
    auto *middle = new QVBoxLayout(holder);
    middle->setContentsMargins(0, 0, 0, 0);
    middle->addStretch(1);
    middle->addLayout(m_grid);
    middle->addStretch(1);
    row->addWidget(holder, 1);
    setNarrow(false);
}

void Summary::setNarrow(bool narrow)
{
    setFixedHeight(narrow ? 130 : 150);
    m_ring->setSmall(narrow);
    m_legend->setVisible(!narrow);
    fitWords();
}

void Summary::setScore(const model::Score &score, const std::vector<AreaCounts> &areas)
{
    m_ring->setScore(score);
    m_legend->setScore(score);
    qDeleteAll(m_tiles);
    m_tiles.clear();
    // Two rows, each with the same number of columns, five at most.
    const int columns = areas.size() > 3 ? static_cast<int>((areas.size() + 1) / 2)
                                         : static_cast<int>(areas.size());
    for (std::size_t i = 0; i < areas.size(); ++i) {
        auto *tile = new AreaTile(areas[i].area, areas[i].counts);
        connect(tile, &QAbstractButton::toggled, this, [this, tile](bool on) { chosen(tile, on); });
        m_grid->addWidget(tile, static_cast<int>(i) / columns, static_cast<int>(i) % columns);
        m_tiles.push_back(tile);
    }
    fitWords();
}

void Summary::clearArea()
{
    for (AreaTile *tile : m_tiles)
        tile->setChecked(false);
}

void Summary::chosen(AreaTile *tile, bool on)
{
    if (!on) {
        if (std::ranges::none_of(m_tiles, &QAbstractButton::isChecked))
            emit areaChosen(std::nullopt);
        return;
    }
    for (AreaTile *other : m_tiles) {
        if (other != tile)
            other->setChecked(false);
    }
    emit areaChosen(tile->area());
}

void Summary::fitWords()
{
    const bool fit = std::ranges::all_of(
        m_tiles, [](const AreaTile *tile) { return tile->wordsFit(tile->width()); });
    for (AreaTile *tile : m_tiles)
        tile->setShortWords(!fit);
}

void Summary::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    QMetaObject::invokeMethod(this, &Summary::fitWords, Qt::QueuedConnection);
}

} // namespace ui
