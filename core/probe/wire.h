#pragma once

#include <QByteArray>
#include <QByteArrayView>

/// Big-endian fields of the TLS wire format.
namespace probe {

/// Reads fields off the front of a view. The first field that does not fit makes the reader bad,
/// and every later read of a bad reader gives 0 or nothing: callers check `bad()` once, at the end.
class WireReader
{
public:
    explicit WireReader(QByteArrayView bytes)
        : m_rest(bytes)
    { }

    bool bad() const { return m_bad; }
    bool atEnd() const { return m_rest.isEmpty(); }
    qsizetype remaining() const { return m_rest.size(); }

    QByteArrayView take(qsizetype size)
    {
        if (m_bad || size > m_rest.size()) {
            m_bad = true;
            return {};
        }
        const QByteArrayView taken = m_rest.first(size);
        m_rest = m_rest.sliced(size);
        return taken;
    }
    quint8 u8() { return static_cast<quint8>(number(1)); }
    quint16 u16() { return static_cast<quint16>(number(2)); }
    quint32 u24() { return number(3); }

private:
    quint32 number(qsizetype size)
    {
        quint32 value = 0;
        for (const char byte : take(size))
            value = (value << 8) | static_cast<quint8>(byte);
        return value;
    }

    QByteArrayView m_rest;
    bool m_bad = false;
};

inline void put8(QByteArray &out, unsigned value)
{
    out.append(static_cast<char>(value & 0xff));
}

inline void put16(QByteArray &out, unsigned value)
{
    put8(out, value >> 8);
    put8(out, value);
}

/// A body behind its length in `lengthBytes` bytes.
inline void putVector(QByteArray &out, int lengthBytes, QByteArrayView body)
{
    for (int shift = (lengthBytes - 1) * 8; shift >= 0; shift -= 8)
        put8(out, static_cast<unsigned>(body.size() >> shift));
    out.append(body);
}

} // namespace probe
