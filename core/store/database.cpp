#include "core/store/database.h"

#include <QFile>
#include <QFileInfo>
#include <QUuid>
#include <QVariant>

#include <array>

namespace store {

using namespace Qt::StringLiterals;

namespace {

// Each entry leads from its index to the next version. Portable SQL: a team's store will run on
// PostgreSQL.
constexpr std::array<const char *, 1> migrations{
    "CREATE TABLE server (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, host TEXT NOT NULL,"
    " port INTEGER NOT NULL, user_name TEXT NOT NULL, login TEXT NOT NULL, key_file TEXT NOT NULL,"
    " sudo TEXT NOT NULL, group_name TEXT NOT NULL, public_name TEXT NOT NULL);"
    "CREATE TABLE host_key (host TEXT NOT NULL, type TEXT NOT NULL, fingerprint TEXT NOT NULL,"
    " first_seen TEXT NOT NULL, PRIMARY KEY (host, type, fingerprint));"
    "CREATE TABLE audit (id TEXT PRIMARY KEY, server_id TEXT NOT NULL, started_at TEXT NOT NULL,"
    " duration_ms BIGINT NOT NULL, score INTEGER, score_up_to INTEGER, coverage INTEGER NOT NULL,"
    " pass INTEGER NOT NULL, fail INTEGER NOT NULL, warn INTEGER NOT NULL, unknown INTEGER NOT "
    "NULL,"
    " manual INTEGER NOT NULL, not_applicable INTEGER NOT NULL, facts_sha256 TEXT NOT NULL,"
    " facts BLOB NOT NULL);"
    "CREATE INDEX audit_by_server ON audit (server_id, started_at)"};

} // namespace

Database::~Database()
{
    if (m_name.isEmpty())
        return;
    m_connection.close();
    m_connection = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

base::Result<void> Database::open(const QString &file)
{
    m_file = file;
    m_name = QUuid::createUuid().toString(QUuid::WithoutBraces);
    m_connection = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_name);
    m_connection.setDatabaseName(file);
    m_connection.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=5000"_s);
    // Created by us with the right mode, before SQLite could make it with the user's umask.
    QFile created(file);
    if (!QFileInfo::exists(file)
        && !created.open(QIODevice::WriteOnly | QIODevice::NewOnly,
                         QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        && !QFileInfo::exists(file)) {
        return base::fail(base::ErrorKind::FileUnwritable, base::Stage::File, file,
                          created.errorString());
    }
    if (!m_connection.open())
        return failure(m_connection.lastError());
    QFile::setPermissions(file, QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    return prepare();
}

base::Result<void> Database::prepare()
{
    // Before anything is written: a newer version's file stays as it is.
    const base::Result<unsigned> current = schemaVersion();
    if (!current)
        return base::fail(current);
    for (const QString &pragma :
         {u"PRAGMA quick_check(1)"_s, u"PRAGMA journal_mode = WAL"_s,
          u"PRAGMA synchronous = FULL"_s, u"PRAGMA foreign_keys = ON"_s,
          u"PRAGMA trusted_schema = OFF"_s, u"PRAGMA cell_size_check = ON"_s,
          u"PRAGMA secure_delete = ON"_s}) {
        auto answer = run(pragma);
        if (!answer)
            return base::fail(answer);
        if (!pragma.contains(u"quick_check"_s))
            continue;
        const bool said = answer->next();
        if (!said && answer->lastError().isValid())
            return failure(answer->lastError());
        if (!said || answer->value(0) != u"ok"_s)
            return base::fail(base::ErrorKind::DatabaseDamaged, base::Stage::File, m_file);
    }
    if (*current == migrations.size())
        return {};
    return atOnce([&]() -> base::Result<void> {
        // Another program may have been faster between our look and our lock.
        const base::Result<unsigned> from = schemaVersion();
        if (!from)
            return base::fail(from);
        for (std::size_t step = *from; step < migrations.size(); ++step) {
            for (const QString &statement : QString::fromLatin1(migrations[step]).split(u';')) {
                if (const auto done = run(statement); !done)
                    return base::fail(done);
            }
        }
        const auto marked = run(u"PRAGMA user_version = "_s + QString::number(migrations.size()));
        return marked ? base::Result<void>() : base::fail(marked);
    });
}

/// Locked or unreadable is not damaged: whoever calls a file damaged moves it away.
base::Result<unsigned> Database::schemaVersion()
{
    auto version = run(u"PRAGMA user_version"_s);
    if (!version)
        return base::fail(version);
    if (!version->next()) {
        return version->lastError().isValid()
            ? failure(version->lastError())
            : base::fail(base::ErrorKind::DatabaseDamaged, base::Stage::File, m_file);
    }
    const unsigned number = version->value(0).toUInt();
    if (number > migrations.size()) {
        return base::fail(base::ErrorKind::DatabaseNewer, base::Stage::File, m_file,
                          QString::number(number));
    }
    return number;
}

base::Result<QSqlQuery> Database::run(const QString &sql, const QVariantList &values)
{
    QSqlQuery query(m_connection);
    query.setForwardOnly(true);
    if (!query.prepare(sql))
        return failure(query.lastError());
    for (const QVariant &value : values) {
        // A QString that was never set would be bound as NULL; to us it is an empty text.
        const bool unset = value.typeId() == QMetaType::QString && value.toString().isNull();
        query.addBindValue(unset ? QVariant(u""_s) : value);
    }
    if (!query.exec())
        return failure(query.lastError());
    return query;
}

tl::unexpected<base::Error> Database::failure(const QSqlError &error) const
{
    using base::ErrorKind;
    // SQLite's primary result codes.
    ErrorKind kind = ErrorKind::Internal;
    switch (error.nativeErrorCode().toInt() & 0xff) {
    case 5: // BUSY
    case 6: // LOCKED
        kind = ErrorKind::DatabaseBusy;
        break;
    case 8: // READONLY
    case 10: // IOERR
    case 13: // FULL
    case 14: // CANTOPEN
        kind = ErrorKind::FileUnwritable;
        break;
    case 11: // CORRUPT
    case 26: // NOTADB
        kind = ErrorKind::DatabaseDamaged;
        break;
    case 19: // CONSTRAINT
        kind = ErrorKind::BadInput;
        break;
    default:
        break;
    }
    return base::fail(kind, base::Stage::File, m_file, error.text());
}

} // namespace store
