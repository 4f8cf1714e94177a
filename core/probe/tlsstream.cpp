#include "core/probe/tlsstream.h"

#include <openssl/err.h>

#include <array>
#include <span>

using namespace Qt::StringLiterals;

namespace probe {

using base::ErrorKind;
using base::Interrupt;
using base::Result;
using base::Stage;

TlsStream::TlsStream(Stream &below, const TlsRequest &request)
    : m_below(below)
    , m_context(SSL_CTX_new(TLS_client_method()))
{
    if (!m_context)
        return;
    SSL_CTX *context = m_context.get();
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL@SECLEVEL=0");
    SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    const int lowest = request.only ? int(*request.only) : TLS1_VERSION;
    const int highest = request.only ? int(*request.only) : 0;
    // SSL 3 is not in every build of OpenSSL: then there is no session, and the handshake says so.
    if (SSL_CTX_set_min_proto_version(context, lowest) != 1
        || SSL_CTX_set_max_proto_version(context, highest) != 1)
        return;
    m_ssl.reset(SSL_new(context));
    if (!m_ssl)
        return;
    SSL *ssl = m_ssl.get();
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl);
    if (QByteArray name = request.serverName; !name.isEmpty()) // the macro for this casts C style
        SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
    if (request.http1) {
        static constexpr unsigned char protocols[] = "\x08http/1.1";
        SSL_set_alpn_protos(ssl, protocols, sizeof protocols - 1);
    }
    SSL_set_msg_callback(ssl, &TlsStream::onMessage);
    SSL_set_msg_callback_arg(ssl, this);
    SSL_set_app_data(ssl, this);
    SSL_set_info_callback(ssl, &TlsStream::onInfo);
}

void TlsStream::onMessage(int sent,
                          int /*version*/,
                          int contentType,
                          const void *bytes,
                          std::size_t size,
                          SSL * /*ssl*/,
                          void *self)
{
    const std::span<const char> message{static_cast<const char *>(bytes), size};
    constexpr std::size_t header = 4;
    if (sent != 0 || contentType != SSL3_RT_HANDSHAKE || size < header
        || message[0] != char(SSL3_MT_SERVER_HELLO))
        return;
    const auto body = message.subspan(header);
    static_cast<TlsStream *>(self)->m_hello
        = readServerHello(QByteArrayView(body.data(), qsizetype(body.size())));
}

void TlsStream::onInfo(const SSL *ssl, int where, int value)
{
    // The upper byte is the level, the lower one the description.
    if (where == SSL_CB_READ_ALERT && (value >> 8) == SSL3_AL_FATAL)
        static_cast<TlsStream *>(SSL_get_app_data(ssl))->m_alert
            = static_cast<quint8>(value & 0xff);
}

base::Error TlsStream::protocolError() const
{
    QString detail;
    if (m_alert) {
        detail = alertText(*m_alert);
    } else if (const unsigned long code = ERR_peek_last_error(); code != 0) {
        const char *reason = ERR_reason_error_string(code);
        detail = reason ? QString::fromLatin1(reason) : u"a TLS error"_s;
    } else {
        detail = u"a TLS error"_s;
    }
    return {ErrorKind::ProtocolViolation, Stage::Probe, u"TLS"_s, detail};
}

Result<bool> TlsStream::pump(bool wantsBytes, const Interrupt &interrupt)
{
    char *pending = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(m_ssl.get()), &pending);
    if (size > 0) {
        const QByteArray bytes(pending, size);
        (void)BIO_reset(SSL_get_wbio(m_ssl.get()));
        if (const auto sent = m_below.write(bytes, interrupt); !sent)
            return base::fail(sent);
    }
    if (!wantsBytes)
        return true;
    std::array<char, 16384> buffer;
    const auto got = m_below.read(buffer.data(), buffer.size(), interrupt);
    if (!got)
        return base::fail(got);
    if (*got == 0)
        return false;
    BIO_write(SSL_get_rbio(m_ssl.get()), buffer.data(), static_cast<int>(*got));
    return true;
}

Result<void> TlsStream::handshake(const Interrupt &interrupt)
{
    if (!m_ssl)
        return base::fail(ErrorKind::NoCommonAlgorithm, Stage::Probe, u"TLS"_s,
                          u"this OpenSSL cannot ask"_s);
    for (;;) {
        ERR_clear_error();
        const int done = SSL_do_handshake(m_ssl.get());
        const int reason = SSL_get_error(m_ssl.get(), done);
        const bool waiting = done != 1 && reason == SSL_ERROR_WANT_READ;
        if (done != 1 && !waiting) {
            const base::Error error = protocolError();
            (void)pump(false, interrupt.within(std::chrono::milliseconds(500))); // our own alert
            return base::fail(error);
        }
        const auto pumped = pump(waiting, interrupt);
        if (!pumped)
            return base::fail(pumped);
        if (!*pumped)
            return base::fail(ErrorKind::ConnectionLost, Stage::Probe, u"TLS"_s,
                              u"closed without an answer"_s);
        if (done == 1)
            return {};
    }
}

Result<qsizetype> TlsStream::read(char *into, qsizetype size, const Interrupt &interrupt)
{
    for (;;) {
        ERR_clear_error();
        const int got = SSL_read(m_ssl.get(), into, static_cast<int>(size));
        if (got > 0)
            return qsizetype(got);
        const int reason = SSL_get_error(m_ssl.get(), got);
        if (reason == SSL_ERROR_ZERO_RETURN)
            return qsizetype(0);
        if (reason != SSL_ERROR_WANT_READ)
            return base::fail(protocolError());
        const auto pumped = pump(true, interrupt);
        if (!pumped)
            return base::fail(pumped);
        if (!*pumped)
            return qsizetype(0);
    }
}

Result<void> TlsStream::write(QByteArrayView bytes, const Interrupt &interrupt)
{
    for (;;) {
        ERR_clear_error();
        const int put = SSL_write(m_ssl.get(), bytes.data(), static_cast<int>(bytes.size()));
        const int reason = SSL_get_error(m_ssl.get(), put);
        if (put <= 0 && reason != SSL_ERROR_WANT_READ)
            return base::fail(protocolError());
        const auto pumped = pump(put <= 0, interrupt);
        if (!pumped)
            return base::fail(pumped);
        if (!*pumped)
            return base::fail(ErrorKind::ConnectionLost, Stage::Probe, u"TLS"_s, u"closed"_s);
        if (put > 0)
            return {};
    }
}

} // namespace probe
