#include "core/transport/knownhosts.h"

#include "core/transport/wirereader.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>

#include <algorithm>

namespace transport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maximumLine = 65536;

/// The name a file uses for this host and port, lower case.
QByteArray fileName(const QString &host, quint16 port)
{
    const QByteArray name = host.toLower().toUtf8();
    return port == 22 ? name : '[' + name + "]:" + QByteArray::number(port);
}

/// `*` and `?`, iterative: a hostile pattern costs at most length times length.
bool globMatches(QByteArrayView pattern, QByteArrayView text)
{
    qsizetype p = 0;
    qsizetype t = 0;
    qsizetype star = -1;
    qsizetype resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

QByteArray nameHash(const QByteArray &name, const QByteArray &salt)
{
    return QMessageAuthenticationCode::hash(name, salt, QCryptographicHash::Sha1);
}

bool matchesHashed(const QByteArray &hosts, const QByteArray &name)
{
    const QList<QByteArray> parts = hosts.split('|'); // "", "1", salt, hash
    if (parts.size() != 4 || parts.at(1) != "1")
        return false;
    const QByteArray salt = QByteArray::fromBase64(parts.at(2));
    return !salt.isEmpty() && nameHash(name, salt) == QByteArray::fromBase64(parts.at(3));
}

bool matchesName(const KnownHost &entry, const QByteArray &name)
{
    if (entry.hosts.startsWith('|'))
        return matchesHashed(entry.hosts, name);
    bool matched = false;
    for (const QByteArray &each : entry.hosts.toLower().split(',')) {
        const bool negated = each.startsWith('!');
        if (!globMatches(QByteArrayView(each).sliced(negated ? 1 : 0), name))
            continue;
        if (negated)
            return false;
        matched = true;
    }
    return matched;
}

/// The next word, removed from `rest`.
QByteArray takeWord(QByteArrayView &rest)
{
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    const auto from = std::find_if_not(rest.begin(), rest.end(), blank);
    const auto to = std::find_if(from, rest.end(), blank);
    const QByteArray word(from, to - from);
    rest = rest.sliced(to - rest.begin());
    return word;
}

/// Every kind of key is a row of length-prefixed fields; a torn line must not look like another
/// key.
bool isWholeKey(QByteArrayView key)
{
    WireReader reader(key);
    int fields = 0;
    while (!reader.rest().isEmpty()) {
        if (!reader.string())
            return false;
        ++fields;
    }
    return fields > 1;
}

void parseLine(QByteArrayView rest, int number, QList<KnownHost> &entries)
{
    KnownHost entry;
    entry.line = number;
    QByteArray word = takeWord(rest);
    if (word.isEmpty() || word.startsWith('#'))
        return;
    if (word.startsWith('@')) {
        if (word == "@revoked")
            entry.marker = KnownHost::Marker::Revoked;
        else if (word == "@cert-authority")
            entry.marker = KnownHost::Marker::CertificateAuthority;
        else
            return;
        word = takeWord(rest);
    }
    entry.hosts = word;
    entry.keyType = takeWord(rest);
    const auto decoded
        = QByteArray::fromBase64Encoding(takeWord(rest), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || entry.keyType.isEmpty() || keyTypeOf(*decoded) != entry.keyType
        || !isWholeKey(*decoded))
        return;
    entry.key = *decoded;
    entries.append(entry);
}

KeyJudgement
judgeName(const QList<KnownHostsFile> &files, const QByteArray &name, const QByteArray &key)
{
    KeyJudgement judgement;
    bool authority = false;
    QString equalIn;
    for (const KnownHostsFile &file : files) {
        for (const KnownHost &entry : file.entries) {
            if (!matchesName(entry, name))
                continue;
            if (entry.marker == KnownHost::Marker::CertificateAuthority) {
                authority = true;
                continue;
            }
            if (entry.marker == KnownHost::Marker::Revoked) {
                if (entry.key == key)
                    return {KeyVerdict::Revoked, {}, file.path, false};
                continue;
            }
            if (entry.key == key)
                equalIn = file.path;
            if (judgement.file.isEmpty())
                judgement.file = file.path;
            judgement.known.append(fingerprintOf(entry.key));
        }
    }
    judgement.known.removeDuplicates();
    if (!equalIn.isNull()) {
        judgement.verdict = KeyVerdict::Known;
        judgement.file = equalIn;
    } else if (!judgement.known.isEmpty()) {
        judgement.verdict = KeyVerdict::Changed;
    } else {
        judgement.onlyAuthority = authority;
    }
    return judgement;
}

} // namespace

QList<KnownHost> parseKnownHosts(QByteArrayView text)
{
    QList<KnownHost> entries;
    int number = 0;
    while (!text.isEmpty()) {
        ++number;
        const qsizetype end = text.indexOf('\n');
        QByteArrayView line = end < 0 ? text : text.first(end);
        text = end < 0 ? QByteArrayView() : text.sliced(end + 1);
        if (line.endsWith('\r'))
            line.chop(1);
        if (line.size() <= maximumLine)
            parseLine(line, number, entries);
    }
    return entries;
}

bool matchesHost(const KnownHost &entry, const QString &host, quint16 port)
{
    return matchesName(entry, fileName(host, port));
}

KeyJudgement judgeHostKey(const QList<KnownHostsFile> &files,
                          const QString &host,
                          quint16 port,
                          const QByteArray &key)
{
    const KeyJudgement judgement = judgeName(files, fileName(host, port), key);
    if (port == 22)
        return judgement;
    // The same key on file for the host without its port is the same machine; another one is not
    // held against it, since another port may well be another machine. So do ssh's own readers.
    const KeyJudgement plain = judgeName(files, fileName(host, 22), key);
    // A key that is revoked for the machine is revoked on all its ports.
    const bool decides = plain.verdict == KeyVerdict::Revoked
        || (plain.verdict == KeyVerdict::Known && judgement.verdict == KeyVerdict::Unknown);
    return decides ? plain : judgement;
}

QList<QByteArray>
knownKeyTypes(const QList<KnownHostsFile> &files, const QString &host, quint16 port)
{
    QList<QByteArray> types;
    const auto collect = [&](const QByteArray &name) {
        for (const KnownHostsFile &file : files) {
            for (const KnownHost &entry : file.entries) {
                if (entry.marker == KnownHost::Marker::None && !types.contains(entry.keyType)
                    && matchesName(entry, name))
                    types.append(entry.keyType);
            }
        }
    };
    collect(fileName(host, port));
    if (types.isEmpty() && port != 22)
        collect(fileName(host, 22));
    return types;
}

QString fingerprintOf(QByteArrayView key)
{
    const QByteArray hash = QCryptographicHash::hash(key.toByteArray(), QCryptographicHash::Sha256);
    return u"SHA256:"_s + QString::fromLatin1(hash.toBase64(QByteArray::OmitTrailingEquals));
}

QByteArray keyTypeOf(QByteArrayView key)
{
    const auto type = WireReader(key).string();
    return type && type->size() < 64 ? type->toByteArray() : QByteArray();
}

QByteArray
hashedEntry(const QString &host, quint16 port, const QByteArray &key, const QByteArray &salt)
{
    return "|1|" + salt.toBase64() + '|' + nameHash(fileName(host, port), salt).toBase64() + ' '
        + keyTypeOf(key) + ' ' + key.toBase64() + '\n';
}

} // namespace transport
