#include "core/transport/knownhostsfile.h"

#include "core/base/file.h"
#include "core/base/uniquefd.h"
#include "core/transport/random.h"

#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace transport {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Stage;

namespace {

constexpr qsizetype maximumFile = 4 * 1024 * 1024;
constexpr std::chrono::milliseconds lockPatience{5000};
constexpr std::chrono::milliseconds lockPause{20};

tl::unexpected<base::Error> fileError(ErrorKind kind, const QString &path)
{
    return base::fail(kind, Stage::HostKey, path, QString::fromLocal8Bit(std::strerror(errno)));
}

base::Result<QByteArray> readAll(int fd, const QString &path)
{
    QByteArray text;
    std::array<char, 16384> chunk;
    for (;;) {
        const ssize_t got = ::read(fd, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fileError(ErrorKind::FileUnreadable, path);
        if (got == 0)
            return text;
        text.append(chunk.data(), got);
        if (text.size() > maximumFile)
            return base::fail(ErrorKind::TooLarge, Stage::HostKey, path);
    }
}

bool keep(int fd, QByteArrayView bytes)
{
    return base::writeAll(fd, bytes) && ::fsync(fd) == 0;
}

QByteArray withoutHost(const QByteArray &text, const QString &host, quint16 port)
{
    QByteArray kept;
    for (const QByteArray &line : text.split('\n')) {
        const QList<KnownHost> entry = parseKnownHosts(line);
        const bool itsKey = !entry.isEmpty() && entry.first().marker == KnownHost::Marker::None
            && matchesHost(entry.first(), host, port);
        if (!line.isEmpty() && !itsKey)
            kept += line + '\n';
    }
    return kept;
}

/// Held until the descriptor goes. The window and a scheduled run may write at once; the lock file
/// outlives a replaced file.
base::Result<base::UniqueFd> lockFor(const QString &path, const base::Interrupt &interrupt)
{
    base::UniqueFd lock(::open(QFile::encodeName(path + u".lock"_s).constData(),
                               O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!lock)
        return fileError(ErrorKind::FileUnwritable, path);
    const base::Interrupt waiting = interrupt.within(lockPatience);
    // flock(2) has no deadline of its own.
    while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR && errno != EWOULDBLOCK)
            return fileError(ErrorKind::FileUnwritable, path);
        if (interrupt.stop.stop_requested())
            return base::fail(ErrorKind::Cancelled, Stage::HostKey, path);
        if (waiting.requested())
            return base::fail(ErrorKind::TimedOut, Stage::File, path);
        std::this_thread::sleep_for(lockPause);
    }
    return lock;
}

base::Result<void> replaceFile(const QString &path, const QByteArray &text)
{
    const base::Result<void> written = base::writeFile(path, text, base::Existing::Replace);
    if (written)
        return {};
    base::Error error = written.error();
    error.stage = Stage::HostKey;
    return base::fail(error);
}

} // namespace

QStringList standardKnownHostsFiles()
{
    const QString own = QDir::homePath() + u"/.ssh/known_hosts"_s;
    const QString global = u"/etc/ssh/ssh_known_hosts"_s;
    return {own, own + u'2', global, global + u'2'};
}

base::Result<KnownHostsFile> readKnownHostsFile(const QString &path, IfMissing ifMissing)
{
    KnownHostsFile file{path, {}};
    const base::UniqueFd fd(
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) {
        const bool missing = errno == ENOENT || errno == ENOTDIR;
        if (missing && ifMissing == IfMissing::Empty)
            return file;
        if (missing)
            return fileError(ErrorKind::FileNotFound, path);
        return fileError(ErrorKind::FileUnreadable, path);
    }
    const auto text = readAll(fd.get(), path);
    if (!text)
        return base::fail(text);
    file.entries = parseKnownHosts(*text);
    return file;
}

base::Result<void> rememberHostKey(const QString &path,
                                   const QString &host,
                                   quint16 port,
                                   const QByteArray &key,
                                   bool replace,
                                   const base::Interrupt &interrupt)
{
    const base::Result<base::UniqueFd> lock = lockFor(path, interrupt);
    if (!lock)
        return base::fail(lock);
    const base::UniqueFd fd(::open(QFile::encodeName(path).constData(),
                                   O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd || ::fchmod(fd.get(), 0600) != 0)
        return fileError(ErrorKind::FileUnwritable, path);
    const auto text = readAll(fd.get(), path);
    if (!text)
        return base::fail(text);

    const QByteArray line = hashedEntry(host, port, key, randomBytes(20));
    if (replace)
        return replaceFile(path, withoutHost(*text, host, port) + line);
    const bool torn = !text->isEmpty() && !text->endsWith('\n');
    if (!keep(fd.get(), torn ? '\n' + line : line))
        return fileError(ErrorKind::FileUnwritable, path);
    return {};
}

} // namespace transport
