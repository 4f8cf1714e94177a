#pragma once

#include <QByteArray>

namespace transport {

/// From the crypto library's generator; ends the program where that has none, since a guessable
/// nonce would let a server forge what it frames.
QByteArray randomBytes(qsizetype count);

/// 32 hex digits, new each time.
QByteArray newNonce();

} // namespace transport
