#pragma once

#include "core/look/painters.h"

#include <QAbstractButton>
#include <QWidget>

namespace ui {

/// The score in its ring: 124 wide, or 96 where there is little room.
class ScoreRing : public QWidget
{
    Q_OBJECT

public:
    explicit ScoreRing(QWidget *parent = nullptr);
    void setScore(const model::Score &score);
    void setSmall(bool small);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    model::Score m_score;
};

/// One area of the posture: words, bar, and a click that filters the list.
class AreaTile : public QAbstractButton
{
    Q_OBJECT

public:
    AreaTile(model::Area area, const model::Score &counts, QWidget *parent = nullptr);

    model::Area area() const { return m_area; }
    bool wordsFit(int width) const;
    /// "5/13" in place of "5 of 13 pass"; all tiles of a page agree.
    void setShortWords(bool on);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString passWords() const;
    QString openWords() const;
    void announce();

    model::Area m_area;
    model::Score m_counts;
    bool m_short = false;
};

/// Glyph, number and word of each verdict, beside the ring.
class ScoreLegend : public QWidget
{
    Q_OBJECT

public:
    explicit ScoreLegend(QWidget *parent = nullptr);
    void setScore(const model::Score &score);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    model::Score m_score;
};

/// Reach of a setting with the broken link; one written line where the words do not fit.
class ReachBar : public QWidget
{
    Q_OBJECT

public:
    explicit ReachBar(look::ReachView view, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool wordsFit(int width) const;

    look::ReachView m_view;
};

} // namespace ui
