#pragma once

#include "ui/theme.h"

#include <QPlainTextEdit>

namespace ui {

/// Read-only text that can be selected and copied, as high as its lines. It breaks anywhere where
/// words do not fit, so that no text of a server can widen a page, and it knows no markup.
class TextBlock : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit TextBlock(const QString &text, QWidget *parent = nullptr);

    void setTone(look::Role role);
    void setWeight(Type type, QFont::Weight weight);
    void setMono();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;

protected:
    void wheelEvent(QWheelEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void applyTone();

    look::Role m_tone = look::Role::Text;
    bool m_applying = false;
};

} // namespace ui
