#include "core/facts/facts.h"
#include "core/facts/sectiontable.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using facts::Section;
using facts::Snapshot;

namespace {

/// Random values that a collection could hold, and some that only an enemy would write.
class Maker
{
public:
    explicit Maker(quint32 seed)
        : m_random(seed)
    { }

    int below(int limit) { return m_random.bounded(limit); }
    bool flag() { return below(2) == 1; }

    QByteArray bytes()
    {
        static const QList<QByteArray> odd{"",
                                           "plain",
                                           "two\nlines\twith \"quotes\" and \\",
                                           QByteArray("nul\0inside", 10),
                                           "\xef\xbb\xbfmark",
                                           "\xff\xfe invalid",
                                           "\xc3\xa9\xe2\x80\xae\xf0\x9f\x98\x80",
                                           "\xed\xa0\x80 lone surrogate",
                                           "{\"a\":[[[["};
        QByteArray out = odd[below(static_cast<int>(odd.size()))];
        for (int i = below(12); i > 0 && flag(); --i)
            out += static_cast<char>(below(256));
        return out;
    }

    QString text()
    {
        static const QStringList odd{u"x"_s, u""_s, u"näme \u202e \"q\""_s, u"a\nb"_s};
        return odd[below(static_cast<int>(odd.size()))];
    }

    QDateTime time()
    {
        if (below(5) == 0)
            return {};
        return QDateTime::fromMSecsSinceEpoch(
            qint64(m_random.bounded(4'000'000'000.0)) * 1000 + below(1000), Qt::UTC);
    }

    Section section(const QString &id)
    {
        Section section;
        const auto known = facts::parseSectionId(id.toLatin1());
        section.id = id;
        section.deployment = known->deployment;
        section.command = known->info->command;
        section.status = static_cast<Section::Status>(below(7));
        if (flag())
            section.exitStatus = below(256);
        section.milliseconds = below(100000);
        section.cut = flag();
        section.data = bytes();
        section.sha256 = QCryptographicHash::hash(section.data, QCryptographicHash::Sha256).toHex();
        return section;
    }

    template <typename Observation>
    void common(Observation &seen)
    {
        seen.family = flag() ? model::AddressFamily::IPv4 : model::AddressFamily::IPv6;
        seen.address = text();
        seen.port = static_cast<quint16>(below(65536));
        seen.at = time();
        seen.detail = text();
    }

    base::UntrustedText untrusted() { return base::UntrustedText(bytes()); }

    model::Certificate certificate()
    {
        model::Certificate made;
        made.der = bytes();
        made.sha256 = "ab";
        made.spkiSha256 = "cd";
        made.subject = untrusted();
        made.issuer = untrusted();
        made.dnsNames = {untrusted(), untrusted()};
        made.ipNames = {untrusted()};
        made.notBefore = time();
        made.notAfter = time();
        made.selfSigned = flag();
        made.keyType = text();
        return made;
    }

    model::Outside outside()
    {
        model::Outside made;
        made.asked = flag();
        made.vantage = {{text(), text()}, {model::AddressFamily::IPv6}, u"vpn"_s};
        for (int i = below(3); i > 0; --i) {
            model::TlsObservation &tls = made.tls.emplace_back();
            common(tls);
            tls.serverName = text();
            tls.connected = flag();
            tls.versions = {
                {model::TlsVersion::Tls10, model::Offer::Refused, 0, text(), model::Offer::Unknown},
                {model::TlsVersion::Ssl3, model::Offer::Accepted, 0xc02f, text(),
                 model::Offer::Accepted}};
            tls.chain = {certificate(), certificate()};
            tls.chainRead = flag();
            tls.problems = {{1, 18, text()}};
            tls.nameMatches = flag();
            tls.trustedByGivenCa = flag();
        }
        for (int i = below(3); i > 0; --i) {
            model::HttpObservation &http = made.http.emplace_back();
            common(http);
            http.host = text();
            http.scheme = u"https"_s;
            http.path = text();
            http.outcome = static_cast<model::HttpObservation::Outcome>(below(4));
            http.status = below(600);
            http.headers = {{bytes(), untrusted()}, {bytes(), untrusted()}};
            http.location = untrusted();
        }
        for (int i = below(3); i > 0; --i) {
            model::PortObservation &port = made.ports.emplace_back();
            common(port);
            port.outcome = static_cast<model::PortObservation::Outcome>(below(4));
            port.control = flag();
        }
        for (int i = below(3); i > 0; --i)
            made.refused.push_back({untrusted(), text(), text()});
        return made;
    }

    Snapshot snapshot()
    {
        Snapshot made;
        made.collectorVersion = bytes();
        made.collectorSha256 = "0123";
        made.connection = {text(), text(), static_cast<quint16>(below(65536)), text()};
        made.privilege = static_cast<model::Privilege>(below(3));
        made.startedAt = time();
        made.durationMs = below(1000000);
        made.serverClock = time();
        for (const facts::SectionInfo &info : facts::sectionTable()) {
            if (flag())
                made.sections.push_back(
                    section(facts::sectionId(info.name, info.perDeployment ? 1 + below(16) : 0)));
        }
        made.ended = flag();
        made.outside = outside();
        return made;
    }

private:
    QRandomGenerator m_random;
};

Snapshot fixed()
{
    Maker maker(7);
    Snapshot snapshot = maker.snapshot();
    snapshot.sections.clear();
    for (const QString &id : {u"os"_s, u"ufw"_s, u"env@1"_s}) {
        Section section = maker.section(id);
        section.status = Section::Status::Ok;
        section.cut = false;
        snapshot.sections.push_back(section);
    }
    snapshot.outside = {};
    for (int i = 0; i < 2; ++i) {
        maker.common(snapshot.outside.http.emplace_back());
        maker.common(snapshot.outside.tls.emplace_back());
        maker.common(snapshot.outside.ports.emplace_back());
    }
    return snapshot;
}

/// The file with one change.
base::Result<Snapshot> changed(const Snapshot &snapshot,
                               const std::function<void(QJsonObject &)> &change)
{
    QJsonObject file = QJsonDocument::fromJson(facts::toJson(snapshot)).object();
    change(file);
    return facts::fromJson(QJsonDocument(file).toJson());
}

void setField(QJsonObject &file,
              const QString &list,
              int index,
              const QString &field,
              const QJsonValue &value)
{
    QJsonArray array = file[list].toArray();
    QJsonObject element = array[index].toObject();
    element[field] = value;
    array[index] = element;
    file[list] = array;
}

} // namespace

class FactsJson : public QObject
{
    Q_OBJECT

private slots:
    void roundTripIsTheIdentity()
    {
        for (quint32 seed = 0; seed < 500; ++seed) {
            const Snapshot made = Maker(seed).snapshot();
            const QByteArray json = facts::toJson(made);
            const auto read = facts::fromJson(json);
            QVERIFY(read);
            QVERIFY2(*read == made, json.constData());
            QCOMPARE(facts::toJson(*read), json);
        }
    }

    void foreignTextIsBase64()
    {
        Snapshot snapshot = fixed();
        snapshot.sections[0].data = "\xff";
        const QJsonObject file = QJsonDocument::fromJson(facts::toJson(snapshot)).object();
        const QJsonObject data = file[u"sections"_s][0][u"data"_s].toObject();
        QCOMPARE(data[u"encoding"_s].toString(), u"base64"_s);
        QCOMPARE(data[u"data"_s].toString(), u"/w=="_s);
    }

    void quotesAloneAreNoReasonForBase64()
    {
        Snapshot snapshot = fixed();
        snapshot.sections[0].data
            = QByteArray(R"({"rule":{"family":"ip","table":"filter","handle":17}},)"
                         "\n")
                  .repeated(1000);
        const QJsonObject file = QJsonDocument::fromJson(facts::toJson(snapshot)).object();
        QVERIFY(file[u"sections"_s][0][u"data"_s].isString());
    }

    /// Whatever a collection may bring can be written and read again.
    void theLargestCollectionStaysWithinAFile_data()
    {
        QTest::addColumn<QByteArray>("unit");
        QTest::newRow("control") << "\x01"_ba;
        QTest::newRow("quote") << "\""_ba;
        QTest::newRow("line ends") << "\n"_ba;
        QTest::newRow("one in six") << "\x02"
                                       "abcde"_ba;
        QTest::newRow("two bytes") << "\xc3\xa9"_ba;
        QTest::newRow("no UTF-8") << "\xff"_ba;
        QTest::newRow("random") << QByteArray();
    }

    void theLargestCollectionStaysWithinAFile()
    {
        QFETCH(QByteArray, unit);
        QRandomGenerator random(11);
        Snapshot snapshot = fixed();
        snapshot.sections.clear();
        for (int i = 1; i <= facts::totalLimit / facts::sectionLimit; ++i) {
            Section section = Maker(1).section(u"env@%1"_s.arg(i));
            section.status = Section::Status::Ok;
            section.data = unit.isEmpty() ? QByteArray(facts::sectionLimit, Qt::Uninitialized)
                                          : unit.repeated(facts::sectionLimit / unit.size());
            if (unit.isEmpty()) {
                for (char &byte : section.data)
                    byte = static_cast<char>(random.bounded(128));
            }
            section.sha256
                = QCryptographicHash::hash(section.data, QCryptographicHash::Sha256).toHex();
            snapshot.sections.push_back(section);
        }
        const QByteArray json = facts::toJson(snapshot);
        QVERIFY2(json.size() <= 24 * 1024 * 1024, qPrintable(QString::number(json.size())));
        const auto read = facts::fromJson(json);
        QVERIFY(read);
        QVERIFY(*read == snapshot);
    }

    void wrongTypesStayInTheirSection_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QJsonValue>("value");
        QTest::newRow("status number") << u"status"_s << QJsonValue(1);
        QTest::newRow("status word") << u"status"_s << QJsonValue(u"fine"_s);
        QTest::newRow("rc text") << u"rc"_s << QJsonValue(u"0"_s);
        QTest::newRow("rc range") << u"rc"_s << QJsonValue(256);
        QTest::newRow("rc fraction") << u"rc"_s << QJsonValue(0.5);
        QTest::newRow("ms negative") << u"ms"_s << QJsonValue(-1);
        QTest::newRow("ms huge") << u"ms"_s << QJsonValue(1e300);
        QTest::newRow("cut text") << u"cut"_s << QJsonValue(u"false"_s);
        QTest::newRow("data number") << u"data"_s << QJsonValue(5);
        QTest::newRow("data encoding")
            << u"data"_s
            << QJsonValue(QJsonObject{{u"encoding"_s, u"hex"_s}, {u"data"_s, u"00"_s}});
        QTest::newRow("data base64")
            << u"data"_s
            << QJsonValue(QJsonObject{{u"encoding"_s, u"base64"_s}, {u"data"_s, u"*"_s}});
        QTest::newRow("data changed") << u"data"_s << QJsonValue(u"ID=forged"_s);
        QTest::newRow("hash") << u"sha256"_s << QJsonValue(u"00"_s);
        QTest::newRow("hash type") << u"sha256"_s << QJsonValue(true);
    }

    void wrongTypesStayInTheirSection()
    {
        QFETCH(QString, field);
        QFETCH(QJsonValue, value);
        const Snapshot before = fixed();
        const auto read = changed(
            before, [&](QJsonObject &file) { setField(file, u"sections"_s, 1, field, value); });
        QVERIFY(read);
        QCOMPARE(read->sections.size(), before.sections.size());
        QCOMPARE(read->sections[1].status, Section::Status::Unparsable);
        QCOMPARE(facts::gapOf(read->sections[1]), std::optional(facts::Gap::Unparsable));
        QVERIFY(read->sections[0] == before.sections[0]);
        QVERIFY(read->sections[2] == before.sections[2]);
        QVERIFY(read->outside == before.outside);
    }

    void oneBadObservationDropsItsKind()
    {
        const Snapshot before = fixed();
        // tls, tls, http, http, port, port
        const auto read = changed(
            before, [](QJsonObject &file) { setField(file, u"outside"_s, 2, u"port"_s, -1); });
        QVERIFY(read->outside.http.empty());
        QVERIFY(read->outside.tls == before.outside.tls);
        QVERIFY(read->outside.ports == before.outside.ports);
    }

    void unknownThingsAreIgnored()
    {
        const Snapshot before = fixed();
        const auto read = changed(before, [](QJsonObject &file) {
            file[u"new"_s] = QJsonArray{1, 2};
            setField(file, u"sections"_s, 0, u"new"_s, 1);
            QJsonArray sections = file[u"sections"_s].toArray();
            sections.append(QJsonObject{{u"id"_s, u"mystery"_s}});
            sections.append(sections[0]);
            sections.append(17);
            file[u"sections"_s] = sections;
        });
        QVERIFY(read);
        QVERIFY(*read == before);
    }

    void outerWrongTypesFallBackToTheLeast()
    {
        const auto read = changed(fixed(), [](QJsonObject &file) {
            file[u"privilege"_s] = u"emperor"_s;
            file[u"clock"_s] = 3;
            file[u"server"_s] = QJsonArray();
            file[u"ended"_s] = u"yes"_s;
            file[u"outside"_s] = 1;
        });
        QVERIFY(read);
        QCOMPARE(read->privilege, model::Privilege::User);
        QVERIFY(!read->ended);
        QVERIFY(!read->serverClock.isValid());
        QVERIFY(read->connection == facts::Connection());
        QCOMPARE(read->sections.size(), std::size_t(3));
    }

    void refusals()
    {
        using base::ErrorKind;
        const auto kind = [](const QByteArray &json) {
            const auto read = facts::fromJson(json);
            return read ? std::optional<ErrorKind>() : std::optional(read.error().kind);
        };
        QCOMPARE(kind(""), ErrorKind::BadFormat);
        QCOMPARE(kind("[]"), ErrorKind::BadFormat);
        QCOMPARE(kind("{}"), ErrorKind::BadFormat);
        QCOMPARE(kind("{\"schema\":\"other/1\"}"), ErrorKind::BadFormat);
        QCOMPARE(kind("{\"schema\":\"flowkeep.facts/2\"}"), ErrorKind::UnsupportedSchema);
        QCOMPARE(kind("{\"schema\":\"flowkeep.facts/1\"}"), std::optional<ErrorKind>());
        QCOMPARE(kind(QByteArray(32 * 1024 * 1024 + 1, ' ')), ErrorKind::TooLarge);
        const QByteArray head = "{\"schema\":\"flowkeep.facts/1\",\"x\":";
        const auto nested = [&](int depth) {
            return QByteArray(head + QByteArray(depth, '[') + QByteArray(depth, ']') + '}');
        };
        QCOMPARE(kind(nested(31)), std::optional<ErrorKind>());
        QCOMPARE(kind(nested(32)), ErrorKind::BadFormat);
        QCOMPARE(kind(nested(1'000'000)), ErrorKind::BadFormat);
        // Brackets inside strings are text.
        QCOMPARE(kind(QByteArray(head + "\"\\\"" + QByteArray(100, '[') + "\"}")),
                 std::optional<ErrorKind>());
    }

    void damagedFilesNeverCrash()
    {
        QRandomGenerator random(5);
        const QByteArray json = facts::toJson(Maker(3).snapshot());
        for (int round = 0; round < 800; ++round) {
            QByteArray damaged = json;
            for (int i = 0; i < 2; ++i)
                damaged[random.bounded(damaged.size())] = "0\"{}[],:x"[random.bounded(9)];
            if (const auto read = facts::fromJson(damaged))
                facts::parse(*read);
        }
        for (qsizetype length = 0; length < json.size(); length += 97)
            QVERIFY(!facts::fromJson(json.first(length)));
    }
};

QTEST_APPLESS_MAIN(FactsJson)
#include "tst_factsjson.moc"
