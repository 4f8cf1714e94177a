#pragma once

#include <QDialog>

class QHBoxLayout;
class QPushButton;
class QVBoxLayout;

namespace ui {

class Label;

/// What all dialogs share: 560 wide, title, second line, body, hairline, foot with the lesser act
/// at the far end. Shown with open().
class DialogFrame : public QDialog
{
    Q_OBJECT

public:
    DialogFrame(const QString &title, const QString &subtitle, QWidget *parent);

protected:
    bool event(QEvent *event) override;
    QVBoxLayout *body() const { return m_body; }
    void setTitle(const QString &title);
    void setTitleIcon(const QString &icon);
    void addFootStart(QWidget *widget);
    void addFootEnd(QWidget *widget);
    /// A fixed-width label and a value that wraps anywhere; the value may be the server's.
    void addFact(const QString &label, const QString &value, bool mono = false);

private:
    void fitHeight();

    Label *m_title;
    QHBoxLayout *m_head;
    QVBoxLayout *m_body;
    QHBoxLayout *m_foot;
};

} // namespace ui
