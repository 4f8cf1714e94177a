#pragma once

#include <QWidget>

namespace ui {

/// The empty window explains itself: what this is, what can be done now, what is promised.
class FirstStartPage : public QWidget
{
    Q_OBJECT

public:
    FirstStartPage(int checks, QWidget *parent);

signals:
    void addServer();
    void openDemo();

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *m_first;
};

} // namespace ui
