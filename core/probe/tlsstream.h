#pragma once

#include "core/probe/serverhello.h"
#include "core/probe/stream.h"

#include <openssl/ssl.h>

#include <memory>
#include <optional>

namespace probe {

struct SslDeleter
{
    void operator()(SSL_CTX *context) const { SSL_CTX_free(context); }
    void operator()(SSL *ssl) const { SSL_free(ssl); }
};

/// What a TLS session is asked with. Nothing is verified here: certificates are judged apart from
/// the handshake, so that a bad one can still be read.
struct TlsRequest
{
    QByteArray serverName; ///< SNI; empty for none
    std::optional<model::TlsVersion> only; ///< that version and no other; nothing for any
    bool http1 = false; ///< offers "http/1.1" by ALPN, so that no server chooses HTTP/2
};

/// A TLS client session of OpenSSL at security level 0 with every suite it knows. OpenSSL sees
/// memory only; the bytes travel through the stream below, with its deadline.
class TlsStream : public Stream
{
public:
    /// `below` carries the bytes and must outlive the session.
    TlsStream(Stream &below, const TlsRequest &request);

    base::Result<void> handshake(const base::Interrupt &interrupt);

    base::Result<qsizetype>
    read(char *into, qsizetype size, const base::Interrupt &interrupt) override;
    base::Result<void> write(QByteArrayView bytes, const base::Interrupt &interrupt) override;

    /// The server's hello, also when the handshake failed after it.
    const std::optional<ServerHello> &serverHello() const { return m_hello; }
    /// A fatal alert of the server.
    std::optional<quint8> alert() const { return m_alert; }
    SSL *ssl() const { return m_ssl.get(); }

private:
    /// Sends what OpenSSL wants sent, then feeds it if it waits for bytes. False at the end of the
    /// stream.
    base::Result<bool> pump(bool wantsBytes, const base::Interrupt &interrupt);
    base::Error protocolError() const;
    static void onMessage(int, int, int, const void *, std::size_t, SSL *, void *self);
    static void onInfo(const SSL *ssl, int where, int value);

    Stream &m_below;
    std::unique_ptr<SSL_CTX, SslDeleter> m_context;
    std::unique_ptr<SSL, SslDeleter> m_ssl;
    std::optional<ServerHello> m_hello;
    std::optional<quint8> m_alert;
};

} // namespace probe
