#include "core/probe/certificate.h"
#include "tests/unit/probe/servers.h"
#include "tests/unit/probe/suite.h"

#include <QCryptographicHash>
#include <QFile>
#include <QSslCertificate>
#include <QtTest>

#include <openssl/pem.h>

using namespace Qt::StringLiterals;
using probe::ChainJudgement;
using probe::X509Pointer;

namespace {

X509Pointer load(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray pem = file.readAll();
    BIO *bio = BIO_new_mem_buf(pem.constData(), int(pem.size()));
    X509Pointer certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
    BIO_free(bio);
    return certificate;
}

std::vector<int> codes(const ChainJudgement &judgement)
{
    std::vector<int> list;
    for (const model::ChainProblem &problem : judgement.problems)
        list.push_back(problem.code);
    return list;
}

bool hasCode(const ChainJudgement &judgement, int code)
{
    const std::vector<int> list = codes(judgement);
    return std::ranges::find(list, code) != list.end();
}

} // namespace

class TestCertificate : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(
            m_workshop.make({.name = u"own"_s,
                             .subject = u"/CN=a.example"_s,
                             .alternativeNames = u"DNS:a.example,DNS:*.b.example,IP:192.0.2.1"_s}));
        QVERIFY(m_workshop.make({.name = u"cnonly"_s, .subject = u"/CN=a.example"_s}));
        QVERIFY(
            m_workshop.make({.name = u"ca"_s, .subject = u"/CN=House CA"_s, .authority = true}));
        QVERIFY(m_workshop.make({.name = u"leaf"_s,
                                 .subject = u"/CN=leaf"_s,
                                 .alternativeNames = u"DNS:a.example"_s,
                                 .issuer = u"ca"_s}));
        QVERIFY(m_workshop.make({.name = u"late"_s,
                                 .subject = u"/CN=late"_s,
                                 .alternativeNames = u"DNS:a.example"_s,
                                 .issuer = u"ca"_s,
                                 .firstDay = -40,
                                 .lastDay = -2}));
        QVERIFY(m_workshop.make(
            {.name = u"rsa"_s,
             .subject = u"/CN=rsa"_s,
             .key = {u"-algorithm"_s, u"RSA"_s, u"-pkeyopt"_s, u"rsa_keygen_bits:2048"_s}}));
    }

    void readsTheFields()
    {
        const QString path = m_workshop.certificate(u"own"_s);
        const model::Certificate read = probe::readCertificate(load(path).get());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QSslCertificate reference(file.readAll());
        QCOMPARE(read.der, reference.toDer());
        QCOMPARE(read.sha256,
                 QCryptographicHash::hash(read.der, QCryptographicHash::Sha256).toHex());
        QCOMPARE(read.notBefore, reference.effectiveDate());
        QCOMPARE(read.notAfter, reference.expiryDate());
        QCOMPARE(read.subject.display(), u"CN=a.example"_s);
        QCOMPARE(read.issuer.display(), u"CN=a.example"_s);
        QCOMPARE(read.dnsNames.size(), std::size_t(2));
        QCOMPARE(read.dnsNames.at(1).display(), u"*.b.example"_s);
        QCOMPARE(read.ipNames.size(), std::size_t(1));
        QCOMPARE(read.ipNames.at(0).display(), u"192.0.2.1"_s);
        QVERIFY(read.selfSigned);
        QCOMPARE(read.keyType, u"EC P-256"_s);
        // The hash of the key is that of the key file's public half.
        QVERIFY(servers::openssl(m_workshop.path({}),
                                 {u"pkey"_s, u"-in"_s, u"own.key"_s, u"-pubout"_s, u"-outform"_s,
                                  u"DER"_s, u"-out"_s, u"own.spki"_s}));
        QFile spki(m_workshop.path(u"own.spki"_s));
        QVERIFY(spki.open(QIODevice::ReadOnly));
        QCOMPARE(read.spkiSha256,
                 QCryptographicHash::hash(spki.readAll(), QCryptographicHash::Sha256).toHex());
    }

    void tellsKeysAndIssuersApart()
    {
        const auto rsa = probe::readCertificate(load(m_workshop.certificate(u"rsa"_s)).get());
        QCOMPARE(rsa.keyType, u"RSA 2048"_s);
        QVERIFY(rsa.dnsNames.empty());
        const auto leaf = probe::readCertificate(load(m_workshop.certificate(u"leaf"_s)).get());
        QVERIFY(!leaf.selfSigned);
        QCOMPARE(leaf.issuer.display(), u"CN=House CA"_s);
    }

    void namesCountInTheAlternativeNameOnly_data()
    {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("matches");
        QTest::newRow("name") << u"own"_s << u"a.example"_s << true;
        QTest::newRow("case") << u"own"_s << u"A.Example"_s << true;
        QTest::newRow("wildcard") << u"own"_s << u"x.b.example"_s << true;
        QTest::newRow("wildcard is one label") << u"own"_s << u"x.y.b.example"_s << false;
        QTest::newRow("wildcard needs a label") << u"own"_s << u"b.example"_s << false;
        QTest::newRow("other") << u"own"_s << u"c.example"_s << false;
        QTest::newRow("address") << u"own"_s << u"192.0.2.1"_s << true;
        QTest::newRow("other address") << u"own"_s << u"192.0.2.2"_s << false;
        QTest::newRow("only in the common name") << u"cnonly"_s << u"a.example"_s << false;
        QTest::newRow("no name") << u"own"_s << QString() << false;
    }
    void namesCountInTheAlternativeNameOnly()
    {
        QFETCH(const QString, certificate);
        QFETCH(const QString, name);
        const ChainJudgement judgement = judge({certificate}, name, {});
        QTEST(judgement.nameMatches, "matches");
        QCOMPARE(hasCode(judgement, X509_V_ERR_HOSTNAME_MISMATCH), !judgement.nameMatches);
    }

    void selfSigned()
    {
        const ChainJudgement judgement = judge({u"own"_s}, u"a.example"_s, {});
        QCOMPARE(codes(judgement), std::vector<int>{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT});
        QVERIFY(!judgement.trustedByGivenCa);
    }

    void privateAuthority()
    {
        const ChainJudgement without = judge({u"leaf"_s, u"ca"_s}, u"a.example"_s, {});
        QCOMPARE(codes(without), std::vector<int>{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN});
        QVERIFY(!without.trustedByGivenCa);

        const QString ca = m_workshop.certificate(u"ca"_s);
        const ChainJudgement with = judge({u"leaf"_s}, u"a.example"_s, ca);
        QVERIFY(with.problems.empty());
        QVERIFY(with.trustedByGivenCa);
        QVERIFY(with.nameMatches);

        const ChainJudgement wrongName = judge({u"leaf"_s}, u"b.example"_s, ca);
        QVERIFY(wrongName.trustedByGivenCa);
        QCOMPARE(codes(wrongName), std::vector<int>{X509_V_ERR_HOSTNAME_MISMATCH});

        const ChainJudgement expired = judge({u"late"_s}, u"a.example"_s, ca);
        QVERIFY(expired.trustedByGivenCa);
        QCOMPARE(codes(expired), std::vector<int>{X509_V_ERR_CERT_HAS_EXPIRED});

        // A CA that has nothing to do with the chain vouches for nothing.
        QVERIFY(!judge({u"own"_s}, u"a.example"_s, ca).trustedByGivenCa);
    }

    void systemAuthorityIsNotTheGivenOne()
    {
        qputenv("SSL_CERT_FILE", m_workshop.certificate(u"ca"_s).toLocal8Bit());
        const ChainJudgement judgement
            = judge({u"leaf"_s}, u"a.example"_s, m_workshop.certificate(u"ca"_s));
        qunsetenv("SSL_CERT_FILE");
        QVERIFY(judgement.problems.empty());
        QVERIFY(!judgement.trustedByGivenCa);
    }

    void timeIsTheCallers()
    {
        const QString ca = m_workshop.certificate(u"ca"_s);
        const auto when = [](int days) { return QDateTime::currentDateTimeUtc().addDays(days); };
        QVERIFY(judge({u"leaf"_s}, u"a.example"_s, ca, when(80)).problems.empty());
        QVERIFY(hasCode(judge({u"leaf"_s}, u"a.example"_s, ca, when(100)),
                        X509_V_ERR_CERT_HAS_EXPIRED));
        QVERIFY(hasCode(judge({u"leaf"_s}, u"a.example"_s, ca, when(-5)),
                        X509_V_ERR_CERT_NOT_YET_VALID));
    }

    void incompleteChain()
    {
        const ChainJudgement judgement = judge({u"leaf"_s}, u"a.example"_s, {});
        QVERIFY(hasCode(judgement, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY));
    }

    void badAuthorityFiles()
    {
        const auto missing = probe::Trust::load(u"/nowhere/ca.pem"_s);
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, base::ErrorKind::FileUnreadable);
        const auto noCertificate = probe::Trust::load(m_workshop.key(u"ca"_s));
        QVERIFY(!noCertificate);
        QCOMPARE(noCertificate.error().kind, base::ErrorKind::BadFormat);
        QFile source(m_workshop.certificate(u"ca"_s));
        QVERIFY(source.open(QIODevice::ReadOnly));
        QFile damaged(m_workshop.path(u"damaged.pem"_s));
        QVERIFY(damaged.open(QIODevice::WriteOnly));
        const QByteArray pem = source.readAll();
        damaged.write(pem + pem.first(pem.size() / 2));
        damaged.close();
        QVERIFY(!probe::Trust::load(damaged.fileName()));
    }

private:
    ChainJudgement judge(const QStringList &names,
                         const QString &name,
                         const QString &caFile,
                         const QDateTime &now = QDateTime::currentDateTimeUtc())
    {
        std::vector<X509Pointer> chain;
        for (const QString &one : names)
            chain.push_back(load(m_workshop.certificate(one)));
        auto trust = probe::Trust::load(caFile);
        if (!trust)
            return {};
        return probe::judgeChain(chain, name, *trust, now);
    }

    servers::Workshop m_workshop;
};

QObject *makeCertificateTest()
{
    return new TestCertificate;
}

#include "tst_certificate.moc"
