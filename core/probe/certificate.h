#pragma once

#include "core/base/result.h"
#include "core/model/observation.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

#include <openssl/x509.h>

#include <memory>
#include <vector>

namespace probe {

struct X509Deleter
{
    void operator()(X509 *certificate) const { X509_free(certificate); }
    void operator()(X509_STORE *store) const { X509_STORE_free(store); }
};
using X509Pointer = std::unique_ptr<X509, X509Deleter>;

/// Whom a chain may end in. Read-only once made, so that threads may share it.
class Trust
{
public:
    /// The system's CAs (SSL_CERT_FILE and SSL_CERT_DIR as OpenSSL reads them) and those of a PEM
    /// file, when given. Costs 40 ms with the system's file: made only when a first probe runs.
    /// FileUnreadable or BadFormat about the given file.
    static base::Result<Trust> load(const QString &caFile);

    X509_STORE *system() const { return m_system.get(); }
    /// System and file together; nullptr when no file was given.
    X509_STORE *withGiven() const { return m_withGiven.get(); }

private:
    std::unique_ptr<X509_STORE, X509Deleter> m_system;
    std::unique_ptr<X509_STORE, X509Deleter> m_withGiven;
};

/// The fields of one certificate. Times outside the calendar are left null.
model::Certificate readCertificate(X509 *certificate);

struct ChainJudgement
{
    std::vector<model::ChainProblem> problems; ///< in the order met, each depth and code once
    bool nameMatches = false;
    bool trustedByGivenCa = false;
};

/// Judges a chain (leaf first) for one name: a DNS name or a numeric address. A name only in the
/// common name does not count. A chain that is fine but for the given CA file has no trust problem,
/// and `trustedByGivenCa` says whose word that is.
ChainJudgement judgeChain(const std::vector<X509Pointer> &chain,
                          const QString &name,
                          const Trust &trust,
                          const QDateTime &now);

} // namespace probe
