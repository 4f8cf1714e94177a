#include "app/cli/files.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cli {

using base::ErrorKind;
using base::Stage;
using namespace Qt::StringLiterals;

namespace {

class Descriptor
{
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    { }
    ~Descriptor()
    {
        if (m_fd > STDERR_FILENO)
            ::close(m_fd);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;

    int get() const { return m_fd; }
    /// Close with its answer: a full disk may only show here.
    bool close()
    {
        const int result = ::close(m_fd);
        m_fd = -1;
        return result == 0;
    }

private:
    int m_fd;
};

QString systemText()
{
    return QString::fromLocal8Bit(std::strerror(errno));
}

tl::unexpected<base::Error> fileError(ErrorKind kind, const QString &path)
{
    return base::fail(kind, Stage::File, path, systemText());
}

base::Result<void>
fill(Descriptor &file, const QString &path, const QByteArray &name, const QByteArray &bytes)
{
    if (writeAll(file.get(), bytes) && ::fsync(file.get()) == 0 && file.close())
        return {};
    const auto error = fileError(ErrorKind::FileUnwritable, path);
    ::unlink(name.constData());
    return error;
}

base::Result<void> replace(const QString &path, const QByteArray &bytes)
{
    struct stat found{};
    const QByteArray name = QFile::encodeName(path);
    if (::lstat(name.constData(), &found) == 0 && !S_ISREG(found.st_mode))
        return base::fail(ErrorKind::FileUnwritable, Stage::File, path, u"not a regular file"_s);
    QByteArray temporary = QFile::encodeName(QFileInfo(path).absolutePath()) + "/.flowkeep-XXXXXX";
    Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (file.get() < 0)
        return fileError(ErrorKind::FileUnwritable, path);
    if (const base::Result<void> written = fill(file, path, temporary, bytes); !written)
        return written;
    if (::rename(temporary.constData(), name.constData()) == 0)
        return {};
    const auto error = fileError(ErrorKind::FileUnwritable, path);
    ::unlink(temporary.constData());
    return error;
}

} // namespace

bool writeAll(int descriptor, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), static_cast<size_t>(bytes.size()));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes = bytes.sliced(count);
    }
    return true;
}

base::Result<QByteArray> readInput(const QString &path, qint64 maximum)
{
    const bool standard = path == "-"_L1;
    Descriptor file(standard ? STDIN_FILENO
                             : ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        return fileError(errno == ENOENT ? ErrorKind::FileNotFound : ErrorKind::FileUnreadable,
                         path);
    QByteArray bytes;
    QByteArray block(64 * 1024, Qt::Uninitialized);
    for (;;) {
        const ssize_t count = ::read(file.get(), block.data(), static_cast<size_t>(block.size()));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fileError(ErrorKind::FileUnreadable, path);
        if (count == 0)
            return bytes;
        bytes.append(block.constData(), count);
        if (bytes.size() > maximum)
            return base::fail(ErrorKind::TooLarge, Stage::File, path);
    }
}

base::Result<void> checkOutput(const QString &path, bool force)
{
    if (path.isEmpty() || path == "-"_L1 || force)
        return {};
    struct stat found{};
    if (::lstat(QFile::encodeName(path).constData(), &found) == 0)
        return base::fail(ErrorKind::FileExists, Stage::File, path);
    const QByteArray folder = QFile::encodeName(QFileInfo(path).absolutePath());
    if (::access(folder.constData(), W_OK | X_OK) != 0)
        return fileError(ErrorKind::FileUnwritable, path);
    return {};
}

base::Result<void> writeOutput(const QString &path, const QByteArray &bytes, bool force)
{
    if (path == "-"_L1) {
        if (!writeAll(STDOUT_FILENO, bytes))
            return fileError(ErrorKind::FileUnwritable, u"the standard output"_s);
        return {};
    }
    const QByteArray name = QFile::encodeName(path);
    Descriptor file(
        ::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.get() >= 0)
        return fill(file, path, name, bytes);
    if (errno == EEXIST && force)
        return replace(path, bytes);
    return fileError(errno == EEXIST ? ErrorKind::FileExists : ErrorKind::FileUnwritable, path);
}

} // namespace cli
