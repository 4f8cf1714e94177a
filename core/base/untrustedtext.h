#pragma once

#include <QByteArray>
#include <QString>

namespace base {

/// Bytes that somebody else chose: a server, a file, the network. The only way from there to a
/// screen, a terminal, a report or a file is one of the functions below.
class UntrustedText
{
public:
    UntrustedText() = default;
    explicit UntrustedText(QByteArray bytes)
        : m_bytes(std::move(bytes))
    { }
    explicit UntrustedText(const QString &text)
        : m_bytes(text.toUtf8())
    { }

    const QByteArray &bytes() const { return m_bytes; }
    bool isEmpty() const { return m_bytes.isEmpty(); }

    /// For labels, lists and PDF: valid text; control, bidi and zero-width characters become
    /// visible U+FFFD; line breaks and tabs become spaces unless `lines`; cut with an ellipsis
    /// after `maximum` characters. Plain text: whoever shows it must still force Qt::PlainText.
    QString display(qsizetype maximum = 300) const { return clean(maximum, false); }
    /// The same with line breaks kept, for evidence blocks.
    QString lines(qsizetype maximum = 20000) const { return clean(maximum, true); }
    /// For a terminal: control, bidi and zero-width characters as \xNN or \u{N}, so that nothing
    /// moves the cursor or hides text. Newlines too.
    QString terminal(qsizetype maximum = 2000) const;

    friend bool operator==(const UntrustedText &, const UntrustedText &) = default;

private:
    QString clean(qsizetype maximum, bool keepLines) const;

    QByteArray m_bytes;
};

/// True for characters that can move, hide or reorder the text around them (C0, C1, DEL, bidi
/// controls, zero-width, line and paragraph separators, unassigned tags).
bool isHazardous(char32_t character);

} // namespace base
