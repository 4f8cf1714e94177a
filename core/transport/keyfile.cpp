#include "core/transport/keyfile.h"

#include "core/transport/knownhosts.h"
#include "core/transport/wirereader.h"

#include <QFile>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <cstring>
#include <memory>

namespace transport {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Stage;

namespace {

constexpr qint64 maximumFile = 64 * 1024;
constexpr QByteArrayView opensshBegin("-----BEGIN OPENSSH PRIVATE KEY-----");
constexpr QByteArrayView opensshEnd("-----END OPENSSH PRIVATE KEY-----");

tl::unexpected<base::Error> unreadable(const QString &path, const QString &detail)
{
    return base::fail(ErrorKind::KeyFileUnreadable, Stage::Authentication, path, detail);
}

void wipe(QByteArray &bytes)
{
    OPENSSL_cleanse(bytes.data(), static_cast<std::size_t>(bytes.size()));
}

/// Cipher name and public key stand in the clear in front of the private part.
bool readOpensshHead(QByteArrayView body, KeyFile &key)
{
    QByteArray encoded = body.toByteArray();
    // From a named array: a temporary one is decoded in place, which leaves its last quarter.
    QByteArray decoded = QByteArray::fromBase64(encoded);
    wipe(encoded);
    WireReader reader(decoded);
    const auto magic = reader.bytes(15);
    const auto cipher = reader.string();
    const auto kdf = reader.string();
    const auto kdfOptions = reader.string();
    const auto count = reader.number();
    const auto publicKey = reader.string();
    const bool good = magic && *magic == QByteArrayView("openssh-key-v1\0", 15) && kdf && kdfOptions
        && count == 1U && publicKey;
    if (good) {
        key.encrypted = *cipher != "none";
        key.publicKey = publicKey->toByteArray();
        key.type = keyTypeOf(key.publicKey);
    }
    wipe(decoded);
    return good && !key.type.isEmpty();
}

int givePassphrase(char *to, int size, int, void *from)
{
    const auto *passphrase = static_cast<const base::SecretBytes *>(from);
    if (passphrase->size() > static_cast<std::size_t>(size))
        return 0;
    std::memcpy(to, passphrase->data(), passphrase->size());
    return static_cast<int>(passphrase->size());
}

QByteArray mpint(EVP_PKEY *key, const char *name)
{
    BIGNUM *number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1)
        return {};
    QByteArray bytes(BN_num_bytes(number) + 1, '\0');
    auto *raw = static_cast<unsigned char *>(static_cast<void *>(bytes.data()));
    BN_bn2bin(number, raw + 1);
    BN_free(number);
    // Two's complement: the leading zero stays only where the top bit is set.
    return static_cast<unsigned char>(bytes.at(1)) >= 0x80 ? bytes : bytes.mid(1);
}

} // namespace

QByteArray publicKeyOfPem(const base::SecretBytes &text, const base::SecretBytes &passphrase)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, givePassphrase,
                                const_cast<base::SecretBytes *>(&passphrase)),
        &EVP_PKEY_free);
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
        return {};
    const QByteArray exponent = mpint(key.get(), OSSL_PKEY_PARAM_RSA_E);
    const QByteArray modulus = mpint(key.get(), OSSL_PKEY_PARAM_RSA_N);
    if (exponent.isEmpty() || modulus.isEmpty())
        return {};
    QByteArray blob;
    appendString(blob, "ssh-rsa");
    appendString(blob, exponent);
    appendString(blob, modulus);
    return blob;
}

base::Result<KeyFile> parseKeyFile(base::SecretBytes text, const QString &path)
{
    KeyFile key;
    const QByteArrayView view = text.view();
    const qsizetype begin = view.indexOf(opensshBegin);
    if (begin >= 0) {
        const QByteArrayView body = view.sliced(begin + opensshBegin.size());
        const qsizetype end = body.indexOf(opensshEnd);
        if (end < 0 || !readOpensshHead(body.first(end), key))
            return unreadable(path, u"damaged key file"_s);
    } else if (view.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
               || view.contains("Proc-Type: 4,ENCRYPTED")) {
        key.encrypted = true;
    } else if (view.contains(" PRIVATE KEY-----")) {
        key.publicKey = publicKeyOfPem(text, {});
        key.type = keyTypeOf(key.publicKey);
    } else {
        return unreadable(path, u"no private key in this file"_s);
    }
    key.text = std::move(text);
    return key;
}

base::Result<KeyFile> readKeyFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return unreadable(path, file.errorString());
    QByteArray bytes = file.read(maximumFile + 1);
    base::SecretBytes text{QByteArrayView(bytes)};
    wipe(bytes);
    if (text.size() > static_cast<std::size_t>(maximumFile))
        return unreadable(path, u"too large for a key"_s);
    return parseKeyFile(std::move(text), path);
}

} // namespace transport
