#pragma once

#include <QWidget>

namespace ui {

/// A sunken block of fixed-width text with an optional head line and a button that copies the text.
class CodeBlock : public QWidget
{
    Q_OBJECT

public:
    CodeBlock(const QString &head,
              const QString &detail,
              const QString &text,
              QWidget *parent = nullptr);

    const QString &text() const { return m_text; }

private:
    QString m_text;
};

} // namespace ui
