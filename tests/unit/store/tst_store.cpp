#include "core/store/store.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSet>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using store::Store;

namespace {

base::Clock fixedClock()
{
    return [] { return QDateTime(QDate(2026, 11, 25), QTime(9, 0), Qt::UTC); };
}

model::Server server(const QString &name)
{
    return {{},
            name,
            u"203.0.113.5"_s,
            2222,
            u"admin"_s,
            model::LoginMethod::KeyFile,
            u"/home/a/.ssh/id"_s,
            model::SudoMethod::SameAsLogin,
            u"Production"_s,
            u"notes.example.org"_s};
}

facts::Snapshot snapshot()
{
    facts::Snapshot snapshot;
    snapshot.collectorVersion = "1";
    snapshot.startedAt = fixedClock()();
    snapshot.ended = true;
    facts::Section section;
    section.id = u"os"_s;
    section.status = facts::Section::Status::Ok;
    section.exitStatus = 0;
    section.data = "ID=debian\n";
    snapshot.sections = {section};
    return snapshot;
}

model::Audit audit(const QString &id, const QDateTime &when)
{
    model::Audit audit;
    audit.id = id;
    audit.startedAt = when;
    audit.durationMs = 4100;
    audit.factsSha256 = "abcd";
    audit.summary.score = 42;
    audit.summary.coverage = 88;
    audit.summary.fail = 7;
    return audit;
}

/// Another program on the same file.
class Other
{
public:
    explicit Other(const QString &file)
    {
        m_database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"other"_s);
        m_database.setDatabaseName(file);
        m_database.open();
    }
    ~Other()
    {
        m_database.close();
        m_database = QSqlDatabase();
        QSqlDatabase::removeDatabase(u"other"_s);
    }

    bool run(const QString &sql) { return QSqlQuery(m_database).exec(sql); }

private:
    QSqlDatabase m_database;
};

} // namespace

class TestStore : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_home;

    std::unique_ptr<Store> open()
    {
        auto opened = Store::open(m_home->filePath(u"config"_s), fixedClock());
        return opened ? std::move(*opened) : nullptr;
    }
    QString file() const { return m_home->filePath(u"config/flowkeep.sqlite"_s); }
    QByteArray bytes() const
    {
        QFile read(file());
        return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
    }

private slots:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void serversComeBackAsTheyWere()
    {
        QString id;
        {
            const auto store = open();
            QVERIFY(store);
            const auto saved = store->saveServer(server(u"a"_s));
            QVERIFY(saved);
            QCOMPARE(saved->id.size(), 26);
            id = saved->id;
            model::Server renamed = *saved;
            renamed.name = u"b'; DROP TABLE server; --"_s;
            QVERIFY(store->saveServer(renamed));
        }
        const auto store = open();
        const auto servers = store->servers();
        QVERIFY(servers);
        QCOMPARE(servers->size(), std::size_t(1));
        model::Server expected = server(u"b'; DROP TABLE server; --"_s);
        expected.id = id;
        QVERIFY(servers->front() == expected);
    }

    void aNameIsTakenOnce()
    {
        const auto store = open();
        QVERIFY(store->saveServer(server(u"a"_s)));
        const auto second = store->saveServer(server(u"a"_s));
        QVERIFY(!second);
        QCOMPARE(second.error().kind, base::ErrorKind::BadInput);
        QVERIFY(!store->saveServer(server(u"  "_s)));
    }

    void textsThatWereNeverSetAreEmpty()
    {
        const auto store = open();
        model::Server bare;
        bare.name = u"bare"_s;
        bare.host = u"192.0.2.1"_s;
        QVERIFY(store->saveServer(bare));
        const auto servers = store->servers();
        QVERIFY(servers);
        QCOMPARE(servers->front().name, u"bare"_s);
    }

    void auditsKeepTheirFacts()
    {
        const auto store = open();
        const auto saved = store->saveServer(server(u"a"_s));
        QVERIFY(store->saveAudit(saved->id, audit(u"ONE"_s, fixedClock()()), snapshot()));
        const auto rows = store->audits(saved->id);
        QVERIFY(rows);
        QCOMPARE(rows->size(), std::size_t(1));
        QCOMPARE(rows->front().summary.score, std::optional(42));
        QVERIFY(!rows->front().summary.scoreUpTo);
        QCOMPARE(rows->front().startedAt, fixedClock()());
        const auto facts = store->loadSnapshot(u"ONE"_s);
        QVERIFY(facts);
        QCOMPARE(facts->sections.size(), std::size_t(1));
        QCOMPARE(facts->sections[0].data, QByteArray("ID=debian\n"));
        const auto none = store->loadSnapshot(u"TWO"_s);
        QCOMPARE(none.error().kind, base::ErrorKind::UnknownName);
    }

    void historyGoesOrStaysAsAsked()
    {
        const auto store = open();
        const auto saved = store->saveServer(server(u"a"_s));
        QVERIFY(store->saveAudit(saved->id, audit(u"ONE"_s, fixedClock()()), snapshot()));
        QVERIFY(store->removeServer(saved->id, false));
        QCOMPARE(store->audits(saved->id)->size(), std::size_t(1));
        QVERIFY(store->removeServer(saved->id, true));
        QVERIFY(store->audits(saved->id)->empty());
    }

    void oldAuditsExpire()
    {
        const auto store = open();
        QVERIFY(
            store->saveAudit(u"s"_s, audit(u"OLD"_s, fixedClock()().addDays(-401)), snapshot()));
        QVERIFY(
            store->saveAudit(u"s"_s, audit(u"NEW"_s, fixedClock()().addDays(-399)), snapshot()));
        QCOMPARE(*store->expire(400), 1);
        QCOMPARE(store->audits(u"s"_s)->front().id, u"NEW"_s);
    }

    void hostKeysAreNotedOnce()
    {
        const auto store = open();
        const store::HostKeySeen key{u"h:22"_s, u"ssh-ed25519"_s, u"SHA256:x"_s, fixedClock()()};
        QVERIFY(store->noteHostKey(key));
        store::HostKeySeen later = key;
        later.firstSeen = key.firstSeen.addDays(1);
        QVERIFY(store->noteHostKey(later));
        const auto keys = store->hostKeys(u"h:22"_s);
        QCOMPARE(keys->size(), std::size_t(1));
        QCOMPARE(keys->front().firstSeen, key.firstSeen);
    }

    void onlyTheOwnerMayRead()
    {
        const auto store = open();
        QVERIFY(store->saveServer(server(u"a"_s)));
        const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup
            | QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;
        QVERIFY((QFile::permissions(m_home->filePath(u"config"_s)) & others) == 0);
        for (const QString &name : QDir(m_home->filePath(u"config"_s)).entryList(QDir::Files))
            QVERIFY2((QFile::permissions(m_home->filePath(u"config/"_s + name)) & others) == 0,
                     qPrintable(name));
    }

    void aDamagedFileIsSetAside()
    {
        {
            const auto store = open();
            QVERIFY(store->saveServer(server(u"a"_s)));
        }
        QFile damaged(file());
        QVERIFY(damaged.open(QIODevice::ReadWrite));
        damaged.write(QByteArray(4096, 'x'));
        damaged.close();
        const auto store = open();
        QVERIFY(store);
        QVERIFY(QFile::exists(store->damagedCopy()));
        QVERIFY(store->servers()->empty());
        QVERIFY(store->saveServer(server(u"b"_s)));
    }

    void aLockedFileIsNotDamaged()
    {
        {
            const auto store = open();
            QVERIFY(store->saveServer(server(u"a"_s)));
        }
        {
            Other other(file());
            QVERIFY(other.run(u"PRAGMA locking_mode = EXCLUSIVE"_s));
            QVERIFY(other.run(u"BEGIN EXCLUSIVE"_s));
            QVERIFY(other.run(u"DELETE FROM host_key"_s));
            const auto opened = Store::open(m_home->filePath(u"config"_s), fixedClock());
            QVERIFY(!opened);
            QCOMPARE(opened.error().kind, base::ErrorKind::DatabaseBusy);
        }
        const auto store = open();
        QVERIFY(store);
        QVERIFY(store->damagedCopy().isEmpty());
        QCOMPARE(store->servers()->size(), std::size_t(1));
    }

    /// A file of mode 0 would be no obstacle for root.
    void anUnreadableFileIsNotDamaged()
    {
        const QString folder = m_home->filePath(u"config"_s);
        QVERIFY(QDir().mkpath(file())); // a folder in its place
        const auto noFile = Store::open(folder, fixedClock());
        QVERIFY(!noFile);
        QCOMPARE(noFile.error().kind, base::ErrorKind::FileUnwritable);
        QVERIFY(QDir().rmdir(file()));
        QVERIFY(QFile::link(u"/proc/self/mem"_s, file())); // every read is an input error
        const auto noDisk = Store::open(folder, fixedClock());
        QVERIFY(!noDisk);
        QCOMPARE(noDisk.error().kind, base::ErrorKind::FileUnwritable);
        QCOMPARE(QDir(folder).entryList(QDir::Files | QDir::System),
                 QStringList{u"flowkeep.sqlite"_s});
    }

    void aNewerSchemaIsRefusedAndLeftAlone()
    {
        open();
        {
            Other newer(file());
            QVERIFY(newer.run(u"PRAGMA journal_mode = DELETE"_s));
            QVERIFY(newer.run(u"PRAGMA user_version = 99"_s));
        }
        const QByteArray before = bytes();
        const auto opened = Store::open(m_home->filePath(u"config"_s), fixedClock());
        QVERIFY(!opened);
        QCOMPARE(opened.error().kind, base::ErrorKind::DatabaseNewer);
        QVERIFY(!before.isEmpty());
        QCOMPARE(bytes(), before);
    }

    void twoProgramsShareIt()
    {
        const auto one = open();
        const auto two = open();
        QVERIFY(one && two);
        for (int i = 0; i < 20; ++i) {
            QVERIFY((i % 2 ? one : two)->saveServer(server(u"server %1"_s.arg(i))));
        }
        QCOMPARE(one->servers()->size(), std::size_t(20));
        QCOMPARE(two->servers()->size(), std::size_t(20));
    }

    /// A child writes one server after another and says when each is committed; it is killed in the
    /// middle.
    void nothingCommittedIsLostWhenKilled()
    {
        for (int round = 0; round < 5; ++round) {
            QTemporaryDir home;
            QProcess child;
            child.start(QCoreApplication::applicationFilePath(), {u"--write-into"_s, home.path()});
            QVERIFY(child.waitForStarted());
            int confirmed = 0;
            while (confirmed < 3 + round * 7 && child.waitForReadyRead(10000)) {
                while (child.canReadLine())
                    confirmed = child.readLine().trimmed().toInt();
            }
            ::kill(static_cast<pid_t>(child.processId()), SIGKILL);
            child.waitForFinished();
            while (child.canReadLine())
                confirmed = child.readLine().trimmed().toInt();
            auto opened = Store::open(home.path(), fixedClock());
            QVERIFY(opened);
            QVERIFY((*opened)->damagedCopy().isEmpty());
            QVERIFY(confirmed >= 3);
            QVERIFY(static_cast<int>((*opened)->servers()->size()) >= confirmed);
        }
    }

    void ulidsSortByTimeAndDiffer()
    {
        const QDateTime now = fixedClock()();
        QSet<QString> seen;
        for (int i = 0; i < 1000; ++i)
            seen.insert(store::newUlid(now));
        QCOMPARE(seen.size(), 1000);
        QVERIFY(store::newUlid(now) < store::newUlid(now.addMSecs(1)));
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 3 && arguments[1] == u"--write-into") {
        auto opened = Store::open(arguments[2], fixedClock());
        for (int i = 1; opened && i < 100000; ++i) {
            if ((*opened)->saveServer(server(u"server %1"_s.arg(i)))) {
                printf("%d\n", i);
                fflush(stdout);
            }
        }
        return 0;
    }
    TestStore test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_store.moc"
