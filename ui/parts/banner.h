#pragma once

#include "core/look/tokens.h"

#include <QPushButton>
#include <QWidget>

namespace ui {

class Label;

/// One message above a page: glyph, title, one sentence, at most one button.
class Banner : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { Info, Warning, Failure };

    explicit Banner(QWidget *parent = nullptr);

    void show(Kind kind, const QString &title, const QString &sentence, const QString &button = {});

signals:
    void clicked();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Kind m_kind = Kind::Info;
    Label *m_title;
    Label *m_sentence;
    QPushButton *m_button;
};

} // namespace ui
