#include "core/store/store.h"

#include <QRandomGenerator>

namespace store {

QString newUlid(const QDateTime &now)
{
    static constexpr char alphabet[]
        = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford, without I L O U
    QString ulid(26, u'0');
    auto time = static_cast<quint64>(now.toMSecsSinceEpoch());
    for (int i = 9; i >= 0; --i, time >>= 5)
        ulid[i] = QLatin1Char(alphabet[time & 31]);
    for (int i = 10; i < 26; ++i)
        ulid[i] = QLatin1Char(alphabet[QRandomGenerator::system()->bounded(32)]);
    return ulid;
}

} // namespace store
