#include "ui/parts/gauges.h"

#include "core/look/icons.h"
#include "core/look/verdictlook.h"
#include "ui/theme.h"
#include "ui/words.h"

#include <QPainter>
#include <QStyle>

namespace ui {

using namespace Qt::StringLiterals;
using look::Role;

namespace {

bool mirrored(const QWidget *widget)
{
    return widget->layoutDirection() == Qt::RightToLeft;
}

QRect placed(const QWidget *widget, const QRect &rect)
{
    return QStyle::visualRect(widget->layoutDirection(), widget->rect(), rect);
}

int aligned(const QWidget *widget, Qt::Alignment alignment)
{
    return static_cast<int>(QStyle::visualAlignment(widget->layoutDirection(), alignment));
}

} // namespace

ScoreRing::ScoreRing(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"scoreRing"_s);
    setSmall(false);
}

void ScoreRing::setScore(const model::Score &score)
{
    m_score = score;
    const QString counts = countsPhrase(score);
    QString name = score.score
        ? tr("Score %1 of 100, %2 percent covered").arg(*score.score).arg(score.coverage)
        : tr("No score: not enough evidence, %1 percent covered").arg(score.coverage);
    if (score.scoreUpTo && score.scoreUpTo != score.score)
        name += tr(", up to %1").arg(*score.scoreUpTo);
    setAccessibleName(name + u", "_s + counts);
    setToolTip(plainToolTip(name));
    update();
}

void ScoreRing::setSmall(bool small)
{
    setFixedSize(small ? QSize(96, 96) : QSize(124, 124));
}

void ScoreRing::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const qreal stroke = width() > 100 ? 10 : 7;
    look::paintRing(painter, rect(), stroke, look::sharesOf(m_score), look::windowTheme());
    painter.setFont(ui::font(Type::Score, QFont::DemiBold));
    painter.setPen(colour(Role::Text));
    const int middle = height() / 2;
    const int numberHeight = painter.fontMetrics().height();
    const QString number = m_score.score ? QString::number(*m_score.score) : u"–"_s;
    if (look::sharesOf(m_score).total() == 0) {
        painter.drawText(rect(), Qt::AlignCenter, number);
        return;
    }
    QStringList lines{tr("%1 % covered").arg(m_score.coverage)};
    const QFont caption = ui::font(Type::Caption);
    const QFontMetrics metrics(caption);
    const int line = metrics.height() + 1;
    if (width() > 100) {
        if (m_score.scoreUpTo && m_score.scoreUpTo != m_score.score)
            lines << tr("up to %1").arg(*m_score.scoreUpTo);
    } else if (metrics.horizontalAdvance(lines.first()) > width() * 0.7) {
        lines = tr("%1 %\ncovered").arg(m_score.coverage).split(u'\n'); // else on the ring itself
    }
    const int below = middle + (width() > 100 ? 9 : 13 - 6 * static_cast<int>(lines.size()));
    painter.drawText(QRect(0, below + 1 - numberHeight, width(), numberHeight), Qt::AlignCenter,
                     number);
    painter.setFont(caption);
    painter.setPen(colour(Role::Text2));
    for (int i = 0; i < lines.size(); ++i) {
        painter.drawText(QRect(0, below + i * line, width(), line), Qt::AlignCenter, lines[i]);
    }
}

AreaTile::AreaTile(model::Area area, const model::Score &counts, QWidget *parent)
    : QAbstractButton(parent)
    , m_area(area)
    , m_counts(counts)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setObjectName(u"areaTile-"_s + model::word(area));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(this, &QAbstractButton::toggled, this, &AreaTile::announce);
    announce();
}

QString AreaTile::passWords() const
{
    if (look::sharesOf(m_counts).total() == 0)
        return tr("not applicable");
    const int judgeable = look::sharesOf(m_counts).total();
    if (m_short)
        return u"%1/%2"_s.arg(m_counts.pass).arg(judgeable);
    return tr("%1 of %2 pass").arg(m_counts.pass).arg(judgeable);
}

QString AreaTile::openWords() const
{
    if (m_counts.fail > 0)
        return tr("%n fail", nullptr, m_counts.fail);
    if (m_counts.warn > 0)
        return tr("%n warn", nullptr, m_counts.warn);
    const int undecided = m_counts.unknown + m_counts.manual;
    return undecided > 0 ? tr("%n to do", nullptr, undecided) : QString();
}

void AreaTile::announce()
{
    QStringList parts{areaWord(m_area),
                      tr("%1 of %2 pass").arg(m_counts.pass).arg(look::sharesOf(m_counts).total()),
                      openWords(), isChecked() ? tr("filter, active") : tr("filter, not active")};
    parts.removeAll(QString());
    setAccessibleName(parts.join(u", "_s));
    update();
}

bool AreaTile::wordsFit(int width) const
{
    const QFontMetrics small(ui::font(Type::Small, QFont::DemiBold));
    const QString pass
        = tr("%1 of %2 pass").arg(m_counts.pass).arg(look::sharesOf(m_counts).total());
    return small.horizontalAdvance(pass) + small.horizontalAdvance(openWords()) + 12 <= width - 24;
}

void AreaTile::setShortWords(bool on)
{
    m_short = on;
    update();
}

QSize AreaTile::sizeHint() const
{
    return {120, 58};
}

void AreaTile::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Role fill = isChecked() ? Role::Sel : underMouse() ? Role::Hover : Role::Base;
    const bool strong = hasFocus();
    painter.setPen(QPen(colour(isChecked() || strong ? Role::Accent : Role::Line), strong ? 2 : 1));
    painter.setBrush(colour(fill));
    const qreal inset = strong ? 1 : 0.5;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset),
                            look::radius::card, look::radius::card);
    const int inner = width() - 24;
    painter.setFont(ui::font(Type::Small, QFont::DemiBold));
    painter.setPen(colour(Role::Text));
    const int line = painter.fontMetrics().height();
    const int top = (height() - 2 * line - 10) / 2;
    painter.drawText(placed(this, QRect(12, top, inner, line)), aligned(this, Qt::AlignLeft),
                     painter.fontMetrics().elidedText(areaWord(m_area), Qt::ElideRight, inner));
    const QRect second(12, top + line + 1, inner, line);
    painter.setPen(colour(m_counts.fail > 0       ? Role::Fail
                              : m_counts.warn > 0 ? Role::Warn
                                                  : Role::Neutral));
    painter.drawText(placed(this, second), aligned(this, Qt::AlignRight), openWords());
    painter.setFont(ui::font(Type::Small));
    painter.setPen(colour(Role::Text2));
    painter.drawText(placed(this, second), aligned(this, Qt::AlignLeft), passWords());
    look::paintStackBar(painter, QRectF(12, top + 2 * line + 6, inner, 4), look::sharesOf(m_counts),
                        look::windowTheme(), mirrored(this));
}

ScoreLegend::ScoreLegend(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"scoreLegend"_s);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ScoreLegend::setScore(const model::Score &score)
{
    m_score = score;
    setAccessibleName(countsPhrase(score));
    update();
}

QSize ScoreLegend::sizeHint() const
{
    return {112, 120};
}

void ScoreLegend::paintEvent(QPaintEvent *)
{
    struct Line
    {
        model::Verdict verdict;
        int count;
    };
    const std::array lines{Line{model::Verdict::Fail, m_score.fail},
                           Line{model::Verdict::Warn, m_score.warn},
                           Line{model::Verdict::Unknown, m_score.unknown},
                           Line{model::Verdict::Manual, m_score.manual},
                           Line{model::Verdict::Pass, m_score.pass},
                           Line{model::Verdict::NotApplicable, m_score.notApplicable}};
    QPainter painter(this);
    int y = 0;
    for (const Line &line : lines) {
        const look::VerdictLook shown = look::verdictLook(line.verdict);
        look::paintIcon(painter, placed(this, QRect(0, y + 3, 14, 14)), shown.icon,
                        colour(shown.glyph), colour(Role::Base));
        painter.setFont(ui::font(Type::Small, QFont::DemiBold));
        painter.setPen(colour(line.count > 0 ? Role::Text : Role::Text3));
        painter.drawText(placed(this, QRect(20, y, 26, 20)),
                         aligned(this, Qt::AlignRight | Qt::AlignVCenter),
                         QString::number(line.count));
        painter.setFont(ui::font(Type::Small));
        painter.setPen(colour(Role::Text2));
        painter.drawText(placed(this, QRect(53, y, width() - 53, 20)),
                         aligned(this, Qt::AlignLeft | Qt::AlignVCenter),
                         verdictWord(line.verdict));
        y += 20;
    }
}

ReachBar::ReachBar(look::ReachView view, QWidget *parent)
    : QWidget(parent)
    , m_view(std::move(view))
{
    setObjectName(u"reachBar"_s);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred); // Fixed would hold the hint
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Reach: %1").arg(look::reachSentence(m_view)));
}

bool ReachBar::wordsFit(int width) const
{
    return look::reachWordsFit(m_view, width, ui::font(Type::Caption),
                               ui::font(Type::Caption, QFont::DemiBold));
}

QSize ReachBar::sizeHint() const
{
    return {320, heightForWidth(320)};
}

int ReachBar::heightForWidth(int width) const
{
    const QFontMetrics metrics(ui::font(Type::Small));
    if (wordsFit(width)) {
        const bool noted = std::ranges::any_of(m_view.notes,
                                               [](const QString &note) { return !note.isEmpty(); });
        return 20 + (noted ? 2 : 1) * QFontMetrics(ui::font(Type::Caption)).height() + 4;
    }
    const QRect text
        = metrics.boundingRect(QRect(0, 0, width, 1000), Qt::TextWordWrap | Qt::TextWrapAnywhere,
                               look::reachSentence(m_view));
    return 14 + 8 + text.height() + 2;
}

void ReachBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const bool fits = wordsFit(width());
    look::paintReachBar(painter, rect(), m_view, 13, fits, ui::font(Type::Caption),
                        ui::font(Type::Caption, QFont::DemiBold), look::windowTheme(),
                        mirrored(this));
    if (fits)
        return;
    painter.setFont(ui::font(Type::Small));
    painter.setPen(colour(Role::Text2));
    painter.drawText(rect().adjusted(0, 22, 0, 0), Qt::TextWordWrap | Qt::TextWrapAnywhere,
                     look::reachSentence(m_view));
}

} // namespace ui
