#pragma once

#include "ui/theme.h"

#include <QFrame>
#include <QLabel>

namespace ui {

/// A label that can only show plain text: QLabel guesses rich text otherwise, and rich text loads
/// files.
class Label : public QLabel
{
    Q_OBJECT

public:
    explicit Label(const QString &text,
                   Type type = Type::Body,
                   QFont::Weight weight = QFont::Normal,
                   QWidget *parent = nullptr);

    /// "2", "3", "accent", "pass", "fail", "warn" or empty; the style sheet knows them.
    Label *tone(const char *tone);
    Label *wrapped();
    /// A word that is longer than the room must not widen the page.
    QSize minimumSizeHint() const override;
};

/// A label of one line that ends in an ellipsis where there is no room; the whole text is its tool
/// tip.
class ElidedLabel : public Label
{
    Q_OBJECT

public:
    using Label::Label;
    void setFullText(const QString &text);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// One device independent pixel of line colour. A style sheet's border-left stays left in a
/// right-to-left window; a child widget does not.
QFrame *hairline(Qt::Orientation orientation, QWidget *parent = nullptr);

/// Fills a container with "base", "window" or "sunken".
void setSurface(QWidget *widget, const char *surface);

/// A widget in the middle of a row. An alignment would do the same but for wrapped text, which then
/// gets the height it needs at the row's width instead of its own.
QLayout *centred(QWidget *widget);

/// Deletes what a row holds, at once: what is only marked for deletion before the event loop runs
/// stays on screen. Not for the sender of the signal that leads here.
void clearRow(QLayout *row);

/// Object name and accessible name in one go.
void nameWidget(QWidget *widget, const char *objectName, const QString &accessibleName);

} // namespace ui
