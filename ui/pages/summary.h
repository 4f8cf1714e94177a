#pragma once

#include "ui/parts/gauges.h"

#include <optional>
#include <vector>

class QGridLayout;

namespace ui {

/// Ring, legend and one tile per area: 150 high, 130 where the window is narrow.
class Summary : public QWidget
{
    Q_OBJECT

public:
    struct AreaCounts
    {
        model::Area area;
        model::Score counts;
    };

    explicit Summary(QWidget *parent = nullptr);

    void setScore(const model::Score &score, const std::vector<AreaCounts> &areas);
    void setNarrow(bool narrow);
    void clearArea();

signals:
    /// nullopt: no area is chosen.
    void areaChosen(std::optional<model::Area> area);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void chosen(AreaTile *tile, bool on);
    void fitWords();

    ScoreRing *m_ring;
    ScoreLegend *m_legend;
    QGridLayout *m_grid;
    std::vector<AreaTile *> m_tiles;
};

} // namespace ui
