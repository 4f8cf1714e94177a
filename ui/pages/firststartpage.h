#pragma once

#include <QWidget>

namespace ui {

class Banner;

/// The empty window explains itself: what this is, what can be done now, what is promised.
class FirstStartPage : public QWidget
{
    Q_OBJECT

public:
    FirstStartPage(int checks, QWidget *parent);

    /// What keeps saved servers from being listed is said here: this page then is no first start.
    Banner *banner() const { return m_banner; }

signals:
    void addServer();
    void openDemo();

protected:
    void showEvent(QShowEvent *event) override;

private:
    Banner *m_banner;
    QWidget *m_first;
};

} // namespace ui
