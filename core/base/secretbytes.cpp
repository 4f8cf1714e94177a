#include "core/base/secretbytes.h"

#include <QString>

#include <openssl/crypto.h>

#include <cstring>
#include <utility>

namespace base {

SecretBytes::SecretBytes(QByteArrayView bytes)
    : m_bytes(std::make_unique<char[]>(static_cast<std::size_t>(bytes.size()) + 1))
    , m_size(static_cast<std::size_t>(bytes.size()))
{
    if (m_size > 0)
        std::memcpy(m_bytes.get(), bytes.data(), m_size);
}

SecretBytes SecretBytes::fromPasswordField(QString &text)
{
    QByteArray utf8 = text.toUtf8();
    SecretBytes secret{QByteArrayView(utf8)};
    OPENSSL_cleanse(utf8.data(), static_cast<std::size_t>(utf8.size()));
    if (!text.isEmpty())
        OPENSSL_cleanse(text.data(), static_cast<std::size_t>(text.size()) * sizeof(QChar));
    text.clear();
    return secret;
}

SecretBytes::~SecretBytes()
{
    wipe();
}

SecretBytes::SecretBytes(SecretBytes &&other) noexcept
    : m_bytes(std::move(other.m_bytes))
    , m_size(std::exchange(other.m_size, 0))
{ }

SecretBytes &SecretBytes::operator=(SecretBytes &&other) noexcept
{
    if (this != &other) {
        wipe();
        m_bytes = std::move(other.m_bytes);
        m_size = std::exchange(other.m_size, 0);
    }
    return *this;
}

SecretBytes SecretBytes::clone() const
{
    return SecretBytes(view());
}

SecretBytes SecretBytes::asLine() const
{
    SecretBytes line;
    line.m_size = m_size + 1;
    line.m_bytes = std::make_unique<char[]>(line.m_size + 1);
    std::memcpy(line.m_bytes.get(), data(), m_size);
    line.m_bytes[m_size] = '\n';
    return line;
}

bool SecretBytes::fitsOneLine() const
{
    return !view().contains('\0') && !view().contains('\n') && !view().contains('\r');
}

void SecretBytes::wipe()
{
    if (m_bytes)
        OPENSSL_cleanse(m_bytes.get(), m_size);
    m_bytes.reset();
    m_size = 0;
}

} // namespace base
