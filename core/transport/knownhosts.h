#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace transport {

/// One line of a known_hosts file. Pure values: reading files is elsewhere.
struct KnownHost
{
    enum class Marker { None, Revoked, CertificateAuthority };

    Marker marker = Marker::None;
    QByteArray hosts; ///< patterns, or one hashed name
    QByteArray keyType;
    QByteArray key; ///< decoded
    int line = 0; ///< from 1
};

struct KnownHostsFile
{
    QString path;
    QList<KnownHost> entries;
};

/// Lines that are no entry are skipped, as every reader of these files does.
QList<KnownHost> parseKnownHosts(QByteArrayView text);

/// Wildcards, negation, hashed names, and "[host]:port" for ports other than 22.
bool matchesHost(const KnownHost &entry, const QString &host, quint16 port);

enum class KeyVerdict { Known, Unknown, Changed, Revoked };

struct KeyJudgement
{
    KeyVerdict verdict = KeyVerdict::Unknown;
    QStringList known; ///< fingerprints on file for this host
    QString file; ///< of the entry that decided
    /// The files only name a certificate authority for this host; certificates are not verified
    /// here.
    bool onlyAuthority = false;
};

/// @revoked wins over everything; any equal key means known; another key on file, of whatever type,
/// means changed, because the types on file were asked for first.
KeyJudgement judgeHostKey(const QList<KnownHostsFile> &files,
                          const QString &host,
                          quint16 port,
                          const QByteArray &key);

/// The types of the keys on file for a host, to be asked for first.
QList<QByteArray>
knownKeyTypes(const QList<KnownHostsFile> &files, const QString &host, quint16 port);

/// "SHA256:..." as OpenSSH prints it.
QString fingerprintOf(QByteArrayView key);
/// "ssh-ed25519", ... from the key itself; empty when it is none.
QByteArray keyTypeOf(QByteArrayView key);

/// A line of our own file: the name is hashed with `salt` (20 random bytes).
QByteArray
hashedEntry(const QString &host, quint16 port, const QByteArray &key, const QByteArray &salt);

} // namespace transport
