#pragma once

#include <QComboBox>

namespace ui {

/// A combo box whose arrow follows the theme, which a style sheet's picture cannot.
class ChoiceBox : public QComboBox
{
    Q_OBJECT

public:
    using QComboBox::QComboBox;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace ui
