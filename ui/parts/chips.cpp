#include "ui/parts/chips.h"

#include "core/look/icons.h"
#include "core/look/verdictlook.h"
#include "ui/theme.h"
#include "ui/words.h"

#include <QPainter>
#include <QStyle>

namespace ui {

using look::Role;

namespace {

void paintFocus(QPainter &painter, const QRectF &rect, qreal round)
{
    painter.setPen(QPen(colour(Role::Accent), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), round, round);
}

} // namespace

VerdictChip::VerdictChip(QWidget *parent)
    : QWidget(parent)
{
    setFont(ui::font(Type::Small, QFont::DemiBold));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void VerdictChip::setFinding(const model::Finding &finding)
{
    m_verdict = finding.verdict;
    m_phrase = verdictPhrase(finding);
    setAccessibleName(tr("Verdict: %1").arg(m_phrase));
    updateGeometry();
    update();
}

QSize VerdictChip::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_phrase) + 38, 22};
}

void VerdictChip::paintEvent(QPaintEvent *)
{
    const look::VerdictLook shown = look::verdictLook(m_verdict);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour(shown.soft));
    painter.drawRoundedRect(rect(), look::radius::chip, look::radius::chip);
    const QRect glyph = QStyle::visualRect(layoutDirection(), rect(), QRect(8, 4, 14, 14));
    look::paintIcon(painter, glyph, shown.icon, colour(shown.glyph), colour(shown.soft));
    painter.setPen(colour(shown.word));
    const QRect word = QStyle::visualRect(layoutDirection(), rect(), rect().adjusted(28, 0, -8, 0));
    painter.drawText(word, Qt::AlignVCenter, m_phrase);
}

SeverityMark::SeverityMark(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void SeverityMark::setSeverity(model::Severity severity)
{
    m_severity = severity;
    setFont(ui::font(Type::Small,
                     severity == model::Severity::Critical ? QFont::DemiBold : QFont::Normal));
    setAccessibleName(tr("Severity: %1").arg(severityWord(severity)));
    updateGeometry();
    update();
}

QSize SeverityMark::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(severityWord(m_severity)) + 22, 22};
}

void SeverityMark::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const QRect bars = QStyle::visualRect(layoutDirection(), rect(), QRect(0, 5, 14, 11));
    look::paintSeverity(painter, bars, m_severity, look::windowTheme(), mirrored);
    painter.setFont(font());
    painter.setPen(colour(Role::Text));
    const QRect word = QStyle::visualRect(layoutDirection(), rect(), rect().adjusted(20, 0, 0, 0));
    painter.drawText(word, Qt::AlignVCenter, severityWord(m_severity));
}

FilterChip::FilterChip(const QString &text, const char *objectName, QWidget *parent)
    : QAbstractButton(parent)
{
    setText(text);
    setCheckable(true);
    setFont(ui::font(Type::Body, QFont::Medium));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setObjectName(QLatin1StringView(objectName));
    setAccessibleName(tr("Show: %1").arg(text));
}

QSize FilterChip::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 24, 24};
}

void FilterChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF edge = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(QPen(colour(isChecked() ? Role::Accent : Role::Line2), 1));
    painter.setBrush(colour(isChecked()        ? Role::AccentSoft
                                : underMouse() ? Role::Hover
                                               : Role::Base));
    painter.drawRoundedRect(edge, 11.5, 11.5);
    if (hasFocus())
        paintFocus(painter, rect(), 11);
    painter.setPen(colour(isChecked() ? Role::Accent : Role::Text2));
    painter.drawText(rect(), Qt::AlignCenter, text());
}

LinkButton::LinkButton(const QString &text, QWidget *parent)
    : QAbstractButton(parent)
{
    setText(text);
    setFont(ui::font(Type::Body, QFont::Medium));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(text);
}

QSize LinkButton::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 4, fontMetrics().height() + 6};
}

QSize LinkButton::minimumSizeHint() const
{
    return {40, fontMetrics().height() + 6};
}

void LinkButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QFont shown = font();
    shown.setUnderline(underMouse());
    painter.setFont(shown);
    painter.setPen(colour(isEnabled() ? Role::Accent : Role::Text3));
    const QString elided = fontMetrics().elidedText(text(), Qt::ElideRight, width() - 4);
    const QRect inner = rect().adjusted(2, 0, -2, 0);
    painter.drawText(inner,
                     static_cast<int>(QStyle::visualAlignment(layoutDirection(),
                                                              Qt::AlignLeft | Qt::AlignVCenter)),
                     elided);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        paintFocus(painter, rect(), 4);
    }
}

} // namespace ui
