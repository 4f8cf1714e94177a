#pragma once

#include "core/base/result.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QString>
#include <QVariantList>

/// The SQLite file itself: opening, schema, errors. Internal to the store.
namespace store {

/// One connection with a name of its own, closed and removed when it goes.
class Database
{
public:
    Database() = default;
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// Opens FILE, tightens it and brings its schema up to date.
    base::Result<void> open(const QString &file);

    /// Runs one statement with values for its question marks.
    base::Result<QSqlQuery> run(const QString &sql, const QVariantList &values = {});

    /// Runs `work` in one transaction: all of it or nothing.
    template <typename Work>
    base::Result<void> atOnce(Work work)
    {
        if (const auto begun = run(QStringLiteral("BEGIN IMMEDIATE")); !begun)
            return base::fail(begun);
        if (const base::Result<void> done = work(); !done) {
            // Where that fails too, SQLite undoes the transaction when the connection closes.
            static_cast<void>(run(QStringLiteral("ROLLBACK")));
            return done;
        }
        if (const auto committed = run(QStringLiteral("COMMIT")); !committed)
            return base::fail(committed);
        return {};
    }

private:
    base::Result<void> prepare();
    base::Result<unsigned> schemaVersion(); ///< DatabaseNewer where we do not know it
    tl::unexpected<base::Error> failure(const QSqlError &error) const;

    QSqlDatabase m_connection;
    QString m_name;
    QString m_file;
};

} // namespace store
