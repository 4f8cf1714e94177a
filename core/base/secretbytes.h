#pragma once

#include <QByteArrayView>

#include <cstddef>
#include <memory>

class QString;

namespace base {

/// A password or key in memory: move-only, wiped when it goes, never a QString, never printed.
/// Sinks are libssh2's authentication, the stdin of a remote command and a 0600 file; nothing else.
class SecretBytes
{
public:
    SecretBytes() = default;
    explicit SecretBytes(QByteArrayView bytes);
    /// Takes the characters of a password field as UTF-8 and overwrites the string's own buffer
    /// (best effort: Qt may have copied it before).
    static SecretBytes fromPasswordField(QString &text);

    ~SecretBytes();
    SecretBytes(SecretBytes &&other) noexcept;
    SecretBytes &operator=(SecretBytes &&other) noexcept;
    SecretBytes(const SecretBytes &) = delete;
    SecretBytes &operator=(const SecretBytes &) = delete;

    /// A second owner, wiped on its own; for a retry with the same password.
    SecretBytes clone() const;
    /// The same with a line feed at its end, for the standard input of a remote command.
    SecretBytes asLine() const;

    bool isEmpty() const { return m_size == 0; }
    std::size_t size() const { return m_size; }
    const char *data() const { return m_bytes ? m_bytes.get() : ""; }
    QByteArrayView view() const { return {data(), static_cast<qsizetype>(m_size)}; }
    /// A password with NUL or newline cannot be sent as one line and is refused before anything is.
    bool fitsOneLine() const;

private:
    void wipe();

    std::unique_ptr<char[]> m_bytes; // one more byte than size, always NUL: libssh2 wants C strings
    std::size_t m_size = 0;
};

} // namespace base
