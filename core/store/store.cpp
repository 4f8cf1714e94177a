#include "core/store/store.h"

#include "core/store/database.h"

#include <QDir>
#include <QFile>
#include <QVariant>

namespace store {

using namespace Qt::StringLiterals;
using base::Result;

namespace {

constexpr qsizetype largestFacts = 32 * 1024 * 1024;

QString word(model::LoginMethod method)
{
    switch (method) {
    case model::LoginMethod::Agent:
        return u"agent"_s;
    case model::LoginMethod::KeyFile:
        return u"key-file"_s;
    case model::LoginMethod::Password:
        break;
    }
    return u"password"_s;
}

QString word(model::SudoMethod method)
{
    switch (method) {
    case model::SudoMethod::None:
        return u"none"_s;
    case model::SudoMethod::WithoutPassword:
        return u"without-password"_s;
    case model::SudoMethod::SameAsLogin:
        return u"same-as-login"_s;
    case model::SudoMethod::OtherPassword:
        break;
    }
    return u"other-password"_s;
}

model::LoginMethod loginMethod(const QString &text)
{
    if (text == u"key-file")
        return model::LoginMethod::KeyFile;
    return text == u"password" ? model::LoginMethod::Password : model::LoginMethod::Agent;
}

model::SudoMethod sudoMethod(const QString &text)
{
    if (text == u"none")
        return model::SudoMethod::None;
    if (text == u"same-as-login")
        return model::SudoMethod::SameAsLogin;
    return text == u"other-password" ? model::SudoMethod::OtherPassword
                                     : model::SudoMethod::WithoutPassword;
}

QVariant orNull(std::optional<int> number)
{
    return number ? QVariant(*number) : QVariant();
}

std::optional<int> maybe(const QVariant &value)
{
    return value.isNull() ? std::nullopt : std::optional(value.toInt());
}

QString text(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QDateTime time(const QVariant &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
}

Result<void> done(const Result<QSqlQuery> &query)
{
    return query ? Result<void>() : Result<void>(base::fail(query));
}

/// Moves a damaged database and its side files out of the way; nothing is deleted.
QString setAside(const QString &file, const QDateTime &now)
{
    const QString aside = file + u".damaged-"_s + now.toUTC().toString(u"yyyyMMdd-HHmmss"_s);
    if (!QFile::rename(file, aside))
        return {};
    for (const QString &side : {u"-wal"_s, u"-shm"_s})
        QFile::rename(file + side, aside + side);
    return aside;
}

} // namespace

struct Store::Private
{
    std::unique_ptr<Database> database;
    base::Clock clock;
    QString damagedCopy;
};

Store::Store(std::unique_ptr<Private> data)
    : d(std::move(data))
{ }
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const QString &directory, base::Clock clock)
{
    if (!QDir().mkpath(directory))
        return base::fail(base::ErrorKind::FileUnwritable, base::Stage::File, directory);
    QFile::setPermissions(directory,
                          QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    const QString file = QDir(directory).filePath(u"flowkeep.sqlite"_s);
    auto data = std::make_unique<Private>();
    data->clock = std::move(clock);
    data->database = std::make_unique<Database>();
    Result<void> opened = data->database->open(file);
    if (!opened && opened.error().kind == base::ErrorKind::DatabaseDamaged) {
        data->database = std::make_unique<Database>();
        data->damagedCopy = setAside(file, data->clock());
        if (data->damagedCopy.isEmpty())
            return base::fail(opened);
        opened = data->database->open(file);
    }
    if (!opened)
        return base::fail(opened);
    return std::unique_ptr<Store>(new Store(std::move(data)));
}

QString Store::damagedCopy() const
{
    return d->damagedCopy;
}

Result<std::vector<model::Server>> Store::servers()
{
    auto rows = d->database->run(
        u"SELECT id, name, host, port, user_name, login, key_file, sudo, group_name,"
        " public_name FROM server ORDER BY group_name, name"_s);
    if (!rows)
        return base::fail(rows);
    std::vector<model::Server> servers;
    while (rows->next()) {
        servers.push_back({rows->value(0).toString(), rows->value(1).toString(),
                           rows->value(2).toString(), static_cast<quint16>(rows->value(3).toUInt()),
                           rows->value(4).toString(), loginMethod(rows->value(5).toString()),
                           rows->value(6).toString(), sudoMethod(rows->value(7).toString()),
                           rows->value(8).toString(), rows->value(9).toString()});
    }
    return servers;
}

Result<model::Server> Store::saveServer(model::Server server)
{
    if (server.name.trimmed().isEmpty() || server.host.trimmed().isEmpty())
        return base::fail(base::ErrorKind::BadInput, base::Stage::File, server.name);
    if (server.id.isEmpty())
        server.id = newUlid(d->clock());
    const auto saved = d->database->run(
        u"INSERT INTO server (id, name, host, port, user_name, login, key_file, sudo, group_name, "
        u"public_name)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = "
        "excluded.name,"
        " host = excluded.host, port = excluded.port, user_name = excluded.user_name,"
        " login = excluded.login, key_file = excluded.key_file, sudo = excluded.sudo,"
        " group_name = excluded.group_name, public_name = excluded.public_name"_s,
        {server.id, server.name, server.host, server.port, server.user, word(server.login),
         server.keyFile, word(server.sudo), server.group, server.publicName});
    if (!saved)
        return base::fail(saved);
    return server;
}

Result<void> Store::removeServer(const QString &id, bool withHistory)
{
    return d->database->atOnce([&]() -> Result<void> {
        if (withHistory) {
            const auto gone = d->database->run(u"DELETE FROM audit WHERE server_id = ?"_s, {id});
            if (!gone)
                return base::fail(gone);
        }
        return done(d->database->run(u"DELETE FROM server WHERE id = ?"_s, {id}));
    });
}

Result<void> Store::noteHostKey(const HostKeySeen &key)
{
    return done(d->database->run(u"INSERT INTO host_key (host, type, fingerprint, first_seen)"
                                 " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"_s,
                                 {key.host, key.type, key.fingerprint, text(key.firstSeen)}));
}

Result<std::vector<HostKeySeen>> Store::hostKeys(const QString &host)
{
    auto rows = d->database->run(u"SELECT host, type, fingerprint, first_seen FROM host_key"
                                 " WHERE host = ? ORDER BY first_seen"_s,
                                 {host});
    if (!rows)
        return base::fail(rows);
    std::vector<HostKeySeen> keys;
    while (rows->next()) {
        keys.push_back({rows->value(0).toString(), rows->value(1).toString(),
                        rows->value(2).toString(), time(rows->value(3))});
    }
    return keys;
}

Result<void> Store::saveAudit(const QString &serverId,
                              const model::Audit &audit,
                              const facts::Snapshot &snapshot)
{
    const model::Score &score = audit.summary;
    return done(d->database->run(u"INSERT INTO audit (id, server_id, started_at, duration_ms, "
                                 u"score, score_up_to, coverage, pass, fail,"
                                 " warn, unknown, manual, not_applicable, facts_sha256, facts)"
                                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
                                 {audit.id, serverId, text(audit.startedAt), audit.durationMs,
                                  orNull(score.score), orNull(score.scoreUpTo), score.coverage,
                                  score.pass, score.fail, score.warn, score.unknown, score.manual,
                                  score.notApplicable, QString::fromLatin1(audit.factsSha256),
                                  qCompress(facts::toJson(snapshot))}));
}

Result<std::vector<AuditRow>> Store::audits(const QString &serverId)
{
    auto rows = d->database->run(
        u"SELECT id, started_at, duration_ms, score, score_up_to, coverage, pass, fail,"
        " warn, unknown, manual, not_applicable, facts_sha256 FROM audit"
        " WHERE server_id = ? ORDER BY started_at DESC"_s,
        {serverId});
    if (!rows)
        return base::fail(rows);
    std::vector<AuditRow> audits;
    while (rows->next()) {
        AuditRow row;
        row.id = rows->value(0).toString();
        row.serverId = serverId;
        row.startedAt = time(rows->value(1));
        row.durationMs = rows->value(2).toLongLong();
        row.summary.score = maybe(rows->value(3));
        row.summary.scoreUpTo = maybe(rows->value(4));
        row.summary.coverage = rows->value(5).toInt();
        row.summary.pass = rows->value(6).toInt();
        row.summary.fail = rows->value(7).toInt();
        row.summary.warn = rows->value(8).toInt();
        row.summary.unknown = rows->value(9).toInt();
        row.summary.manual = rows->value(10).toInt();
        row.summary.notApplicable = rows->value(11).toInt();
        row.factsSha256 = rows->value(12).toString().toLatin1();
        audits.push_back(std::move(row));
    }
    return audits;
}

Result<facts::Snapshot> Store::loadSnapshot(const QString &auditId)
{
    auto rows = d->database->run(u"SELECT facts FROM audit WHERE id = ?"_s, {auditId});
    if (!rows)
        return base::fail(rows);
    if (!rows->next())
        return base::fail(base::ErrorKind::UnknownName, base::Stage::File, auditId);
    const QByteArray packed = rows->value(0).toByteArray();
    // qUncompress believes the first four bytes when it allocates.
    constexpr int header = 4;
    quint32 claimed = 0;
    for (int i = 0; i < header && i < packed.size(); ++i)
        claimed = claimed << 8 | static_cast<quint8>(packed.at(i));
    if (packed.size() < header || claimed > largestFacts)
        return base::fail(base::ErrorKind::DatabaseDamaged, base::Stage::File, auditId);
    return facts::fromJson(qUncompress(packed));
}

Result<int> Store::expire(int days)
{
    const auto gone = d->database->run(u"DELETE FROM audit WHERE started_at < ?"_s,
                                       {text(d->clock().addDays(-days))});
    if (!gone)
        return base::fail(gone);
    return gone->numRowsAffected();
}

} // namespace store
