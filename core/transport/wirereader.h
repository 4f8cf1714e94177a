#pragma once

#include <QByteArray>
#include <QtEndian>

#include <optional>

namespace transport {

/// Reads SSH's length-prefixed fields from bytes that somebody else made: never past the end.
class WireReader
{
public:
    explicit WireReader(QByteArrayView bytes)
        : m_rest(bytes)
    { }

    QByteArrayView rest() const { return m_rest; }

    std::optional<QByteArrayView> bytes(qsizetype count)
    {
        if (count < 0 || count > m_rest.size())
            return std::nullopt;
        const QByteArrayView taken = m_rest.first(count);
        m_rest = m_rest.sliced(count);
        return taken;
    }
    std::optional<quint8> byte()
    {
        const auto one = bytes(1);
        return one ? std::optional(static_cast<quint8>(one->front())) : std::nullopt;
    }
    std::optional<quint32> number()
    {
        const auto four = bytes(4);
        return four ? std::optional(qFromBigEndian<quint32>(four->data())) : std::nullopt;
    }
    std::optional<QByteArrayView> string()
    {
        const auto length = number();
        return length ? bytes(static_cast<qsizetype>(*length)) : std::nullopt;
    }

private:
    QByteArrayView m_rest;
};

/// Appends one length-prefixed field.
inline void appendString(QByteArray &to, QByteArrayView field)
{
    char length[4];
    qToBigEndian(static_cast<quint32>(field.size()), length);
    to.append(length, 4);
    to.append(field);
}

} // namespace transport
