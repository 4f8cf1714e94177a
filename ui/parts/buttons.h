#pragma once

#include "core/look/tokens.h"

#include <QAbstractButton>
#include <QPushButton>
#include <QToolButton>

namespace ui {

QPushButton *primaryButton(const QString &text, const char *objectName, QWidget *parent = nullptr);
QPushButton *plainButton(const QString &text, const char *objectName, QWidget *parent = nullptr);
/// Accent text without an edge, for what lies at the far end of a dialog's foot.
QPushButton *ghostButton(const QString &text, const char *objectName, QWidget *parent = nullptr);
/// An icon alone: it always has a name and a tool tip.
QToolButton *iconButton(const QString &icon,
                        const QString &name,
                        const char *objectName,
                        QWidget *parent = nullptr);

/// A choice of the first start: icon, title, sentence, shortcut.
class ChoiceCard : public QAbstractButton
{
    Q_OBJECT

public:
    ChoiceCard(const QString &icon,
               const QString &title,
               const QString &sentence,
               const QKeySequence &keys,
               QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QString m_icon;
    QString m_sentence;
    QString m_keys;
};

/// A line at the foot of the sidebar.
class SideButton : public QAbstractButton
{
    Q_OBJECT

public:
    SideButton(const QString &icon, const QString &text, QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_icon;
};

} // namespace ui
