#include "core/probe/certificate.h"

#include "core/probe/address.h"

#include <QFile>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

using namespace Qt::StringLiterals;

namespace probe {

using base::UntrustedText;
using model::ChainProblem;

namespace {

struct OpenSslDeleter
{
    void operator()(BIO *bio) const { BIO_free(bio); }
    void operator()(GENERAL_NAMES *names) const { GENERAL_NAMES_free(names); }
    void operator()(X509_STORE_CTX *context) const { X509_STORE_CTX_free(context); }
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
template <typename T>
using Owned = std::unique_ptr<T, OpenSslDeleter>;

QByteArray sha256Hex(const QByteArray &bytes)
{
    QByteArray digest(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    EVP_Digest(bytes.constData(), static_cast<std::size_t>(bytes.size()),
               reinterpret_cast<unsigned char *>(digest.data()), &size, EVP_sha256(), nullptr);
    return digest.first(size).toHex();
}

/// The DER form of something OpenSSL can encode with `encode(value, &cursor)`.
template <typename Value, typename Encode>
QByteArray der(Value *value, Encode encode)
{
    const int size = encode(value, nullptr);
    if (size <= 0)
        return {};
    QByteArray bytes(size, '\0');
    auto *cursor = reinterpret_cast<unsigned char *>(bytes.data());
    encode(value, &cursor);
    return bytes;
}

UntrustedText nameText(const X509_NAME *name)
{
    const Owned<BIO> bio(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~unsigned(ASN1_STRFLGS_ESC_MSB));
    char *text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return UntrustedText(QByteArray(text, size));
}

QDateTime timeOf(const ASN1_TIME *time)
{
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    return QDateTime(QDate(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday),
                     QTime(parts.tm_hour, parts.tm_min, parts.tm_sec), Qt::UTC);
}

UntrustedText textOf(const ASN1_STRING *string)
{
    return UntrustedText(QByteArray(reinterpret_cast<const char *>(ASN1_STRING_get0_data(string)),
                                    ASN1_STRING_length(string)));
}

/// An iPAddress entry in text; its raw length decides the family.
UntrustedText ipText(const ASN1_STRING *string)
{
    const int size = ASN1_STRING_length(string);
    Address address;
    if (size != 4 && size != 16)
        return UntrustedText(u"an address of %1 bytes"_s.arg(size));
    address.family = size == 4 ? model::AddressFamily::IPv4 : model::AddressFamily::IPv6;
    std::copy_n(ASN1_STRING_get0_data(string), size, address.bytes.begin());
    return UntrustedText(addressText(address));
}

void readNames(X509 *certificate, model::Certificate &into)
{
    const Owned<GENERAL_NAMES> names(static_cast<GENERAL_NAMES *>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        int type = 0;
        const auto *value = static_cast<const ASN1_STRING *>(
            GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type));
        if (type == GEN_DNS)
            into.dnsNames.push_back(textOf(value));
        else if (type == GEN_IPADD)
            into.ipNames.push_back(ipText(value));
    }
}

QString keyTypeOf(X509 *certificate)
{
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    if (!key)
        return u"unknown"_s;
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
        return u"RSA %1"_s.arg(EVP_PKEY_get_bits(key));
    case EVP_PKEY_DSA:
        return u"DSA %1"_s.arg(EVP_PKEY_get_bits(key));
    case EVP_PKEY_ED25519:
        return u"Ed25519"_s;
    case EVP_PKEY_ED448:
        return u"Ed448"_s;
    case EVP_PKEY_EC: {
        char group[64] = {};
        EVP_PKEY_get_group_name(key, group, sizeof group, nullptr);
        const int curve = OBJ_sn2nid(group);
        const char *nist = curve == NID_undef ? nullptr : EC_curve_nid2nist(curve);
        return u"EC "_s + QString::fromLatin1(nist ? nist : group);
    }
    default:
        return u"unknown"_s;
    }
}

bool addGiven(X509_STORE *store, const QByteArray &pem)
{
    const Owned<BIO> bio(BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size())));
    int added = 0;
    while (const X509Pointer certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)})
        added += X509_STORE_add_cert(store, certificate.get());
    // The loop ends with "no start line" at the end of the file, and with something else in the
    // middle of a damaged one.
    const bool whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    return added > 0 && whole;
}

/// Records a problem and lets the verification go on.
int record(int ok, X509_STORE_CTX *context)
{
    if (ok == 1)
        return 1;
    auto &problems
        = *static_cast<std::vector<ChainProblem> *>(X509_STORE_CTX_get_app_data(context));
    const int depth = X509_STORE_CTX_get_error_depth(context);
    const int code = X509_STORE_CTX_get_error(context);
    const bool known = std::ranges::any_of(problems, [&](const ChainProblem &problem) {
        return problem.depth == depth && problem.code == code;
    });
    if (!known)
        problems.push_back({depth, code, QString::fromLatin1(X509_verify_cert_error_string(code))});
    return 1;
}

std::vector<ChainProblem>
verify(const std::vector<X509Pointer> &chain, X509_STORE *store, const QDateTime &now)
{
    std::vector<ChainProblem> problems;
    const Owned<STACK_OF(X509)> sent(sk_X509_new_null());
    for (const X509Pointer &certificate : chain)
        sk_X509_push(sent.get(), certificate.get());
    const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store, chain.front().get(), sent.get());
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context.get()), now.toSecsSinceEpoch());
    X509_STORE_CTX_set_app_data(context.get(), &problems);
    X509_STORE_CTX_set_verify_cb(context.get(), &record);
    const int verified = X509_verify_cert(context.get());
    if (verified != 1 && problems.empty()) {
        const int code = X509_STORE_CTX_get_error(context.get());
        problems.push_back({0, code, QString::fromLatin1(X509_verify_cert_error_string(code))});
    }
    ERR_clear_error();
    return problems;
}

bool nameFits(X509 *leaf, const QString &name)
{
    // Without NEVER_CHECK_SUBJECT a certificate without alternative names would pass by its CN.
    constexpr unsigned flags
        = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
    if (const auto address = parseAddress(name)) {
        const std::size_t size = address->family == model::AddressFamily::IPv4 ? 4 : 16;
        return X509_check_ip(leaf, address->bytes.data(), size, flags) == 1;
    }
    const auto dns = dnsName(name);
    return dns
        && X509_check_host(leaf, dns->constData(), static_cast<std::size_t>(dns->size()), flags,
                           nullptr)
        == 1;
}

/// A problem of trust, as opposed to one of the calendar.
bool isAboutTrust(const ChainProblem &problem)
{
    return problem.code != X509_V_ERR_CERT_NOT_YET_VALID
        && problem.code != X509_V_ERR_CERT_HAS_EXPIRED;
}

} // namespace

base::Result<Trust> Trust::load(const QString &caFile)
{
    Trust trust;
    trust.m_system.reset(X509_STORE_new());
    X509_STORE_set_default_paths(trust.m_system.get());
    ERR_clear_error();
    if (caFile.isEmpty())
        return trust;

    QFile file(caFile);
    constexpr qint64 largest = 4 * 1024 * 1024;
    if (!file.open(QIODevice::ReadOnly))
        return base::fail(base::ErrorKind::FileUnreadable, base::Stage::File, caFile,
                          file.errorString());
    const QByteArray pem = file.read(largest + 1);
    if (pem.size() > largest)
        return base::fail(base::ErrorKind::TooLarge, base::Stage::File, caFile);
    trust.m_withGiven.reset(X509_STORE_new());
    X509_STORE_set_default_paths(trust.m_withGiven.get());
    if (!addGiven(trust.m_withGiven.get(), pem))
        return base::fail(base::ErrorKind::BadFormat, base::Stage::File, caFile,
                          u"no PEM certificates, or damaged ones"_s);
    return trust;
}

model::Certificate readCertificate(X509 *certificate)
{
    model::Certificate read;
    read.der = der(certificate, i2d_X509);
    read.sha256 = sha256Hex(read.der);
    read.spkiSha256 = sha256Hex(der(X509_get_X509_PUBKEY(certificate), i2d_X509_PUBKEY));
    read.subject = nameText(X509_get_subject_name(certificate));
    read.issuer = nameText(X509_get_issuer_name(certificate));
    readNames(certificate, read);
    read.notBefore = timeOf(X509_get0_notBefore(certificate));
    read.notAfter = timeOf(X509_get0_notAfter(certificate));
    read.selfSigned = X509_self_signed(certificate, 1) == 1;
    read.keyType = keyTypeOf(certificate);
    ERR_clear_error();
    return read;
}

ChainJudgement judgeChain(const std::vector<X509Pointer> &chain,
                          const QString &name,
                          const Trust &trust,
                          const QDateTime &now)
{
    ChainJudgement judgement;
    if (chain.empty())
        return judgement;
    judgement.problems = verify(chain, trust.system(), now);
    if (trust.withGiven() && std::ranges::any_of(judgement.problems, isAboutTrust)) {
        const std::vector<ChainProblem> problems = verify(chain, trust.withGiven(), now);
        judgement.trustedByGivenCa = std::ranges::none_of(problems, isAboutTrust);
        if (judgement.trustedByGivenCa)
            judgement.problems = problems;
    }
    judgement.nameMatches = nameFits(chain.front().get(), name);
    if (!judgement.nameMatches)
        judgement.problems.push_back(
            {0, X509_V_ERR_HOSTNAME_MISMATCH,
             QString::fromLatin1(X509_verify_cert_error_string(X509_V_ERR_HOSTNAME_MISMATCH))});
    return judgement;
}

} // namespace probe
