#include "ui/parts/stagebar.h"

#include "core/look/icons.h"
#include "ui/theme.h"
#include "ui/words.h"

#include <QPainter>
#include <QStyle>

#include <array>

namespace ui {

using namespace Qt::StringLiterals;
using look::Role;

namespace {

constexpr std::array stages{
    base::Stage::Name,  base::Stage::Tcp,     base::Stage::Banner,
    base::Stage::Kex,   base::Stage::HostKey, base::Stage::Authentication,
    base::Stage::Shell, base::Stage::Sudo,
};
constexpr int count = static_cast<int>(stages.size());

int position(base::Stage stage)
{
    const auto found = std::ranges::find(stages, stage);
    return static_cast<int>(found - stages.begin());
}

} // namespace

bool isConnectionStage(base::Stage stage)
{
    return position(stage) < count;
}

StageBar::StageBar(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"stageBar"_s);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    clear();
}

void StageBar::clear()
{
    m_done = 0;
    m_failed = m_running = false;
    announce(tr("Not connected yet"));
}

void StageBar::setRunning(base::Stage stage)
{
    m_done = position(stage);
    m_failed = false;
    m_running = m_done < count;
    announce(m_running ? tr("Now: %1").arg(stageWord(stage)) : tr("All stages done"));
}

void StageBar::setFailed(base::Stage stage)
{
    m_done = position(stage);
    m_failed = m_done < count;
    m_running = false;
    announce(m_failed ? tr("Failed: %1").arg(stageWord(stage)) : tr("All stages done"));
}

void StageBar::setDone()
{
    m_done = count;
    m_failed = m_running = false;
    announce(tr("All stages done"));
}

void StageBar::announce(const QString &text)
{
    setAccessibleName(tr("Connection"));
    setAccessibleDescription(text);
    update();
}

QSize StageBar::sizeHint() const
{
    return {512, 16 + 6 + QFontMetrics(ui::font(Type::Small)).height() + 2};
}

void StageBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const qreal cell = width() / static_cast<qreal>(count);
    const auto centre = [&](int i) {
        const qreal x = cell * (i + 0.5);
        return QPointF(mirrored ? width() - x : x, 8);
    };
    for (int i = 0; i < count; ++i) {
        const QPointF at = centre(i);
        const bool failedHere = m_failed && i == m_done;
        const bool runningHere = m_running && i == m_done;
        if (i + 1 < count) {
            const QPointF gap((mirrored ? -1 : 1) * 10.0, 0);
            painter.setPen(QPen(colour(i + 1 <= m_done ? Role::Text2 : Role::Line2), 2));
            painter.drawLine(at + gap, centre(i + 1) - gap);
        }
        const QRectF circle(at.x() - 7, at.y() - 7, 14, 14);
        if (i < m_done || failedHere || runningHere) {
            look::paintIcon(painter, circle,
                            failedHere        ? u"fail"_s
                                : runningHere ? u"running"_s
                                              : u"pass"_s,
                            colour(failedHere        ? Role::FailGlyph
                                       : runningHere ? Role::Accent
                                                     : Role::Text2),
                            colour(Role::Base));
        } else {
            painter.setPen(QPen(colour(Role::Control), 1.5));
            painter.setBrush(Qt::NoBrush);
            painter.drawEllipse(circle.adjusted(1.5, 1.5, -1.5, -1.5));
        }
        painter.setFont(
            ui::font(Type::Caption, failedHere || runningHere ? QFont::DemiBold : QFont::Normal));
        painter.setPen(colour(failedHere                      ? Role::Fail
                                  : i < m_done || runningHere ? Role::Text
                                                              : Role::Text3));
        painter.drawText(QRectF(at.x() - cell / 2 - 6, 22, cell + 12, height() - 22),
                         Qt::AlignHCenter | Qt::AlignTop | Qt::TextDontClip,
                         stageWord(stages[static_cast<std::size_t>(i)]));
    }
}

} // namespace ui
