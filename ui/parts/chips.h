#pragma once

#include "core/look/painters.h"
#include "core/model/finding.h"

#include <QAbstractButton>
#include <QWidget>

namespace ui {

/// Verdict as a soft chip with glyph and word.
class VerdictChip : public QWidget
{
    Q_OBJECT

public:
    explicit VerdictChip(QWidget *parent = nullptr);
    void setFinding(const model::Finding &finding);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    model::Verdict m_verdict = model::Verdict::Unknown;
    QString m_phrase;
};

/// Four bars and the word.
class SeverityMark : public QWidget
{
    Q_OBJECT

public:
    explicit SeverityMark(QWidget *parent = nullptr);
    void setSeverity(model::Severity severity);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    model::Severity m_severity = model::Severity::Info;
};

/// A pill that switches a part of a list on and off.
class FilterChip : public QAbstractButton
{
    Q_OBJECT

public:
    FilterChip(const QString &text, const char *objectName, QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// Text that acts like a link, a real button for keyboard and screen reader.
class LinkButton : public QAbstractButton
{
    Q_OBJECT

public:
    explicit LinkButton(const QString &text, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace ui
