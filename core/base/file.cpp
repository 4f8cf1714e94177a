#include "core/base/file.h"

#include "core/base/uniquefd.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>

namespace base {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<Error> fileError(ErrorKind kind, const QString &path)
{
    return fail(kind, Stage::File, path, QString::fromLocal8Bit(std::strerror(errno)));
}

Result<void> fill(UniqueFd &file, const QString &path, const QByteArray &name, QByteArrayView bytes)
{
    if (writeAll(file.get(), bytes) && ::fsync(file.get()) == 0 && file.close())
        return {};
    const auto error = fileError(ErrorKind::FileUnwritable, path);
    ::unlink(name.constData());
    return error;
}

Result<void> replace(const QString &path, QByteArrayView bytes)
{
    struct stat found{};
    const QByteArray name = QFile::encodeName(path);
    if (::lstat(name.constData(), &found) == 0 && !S_ISREG(found.st_mode))
        return fail(ErrorKind::FileUnwritable, Stage::File, path, u"not a regular file"_s);
    QByteArray temporary = QFile::encodeName(QFileInfo(path).absolutePath()) + "/.flowkeep-XXXXXX";
    UniqueFd file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!file)
        return fileError(ErrorKind::FileUnwritable, path);
    if (const Result<void> written = fill(file, path, temporary, bytes); !written)
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

Result<void> writeFile(const QString &path, QByteArrayView bytes, Existing existing)
{
    const QByteArray name = QFile::encodeName(path);
    UniqueFd file(
        ::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file)
        return fill(file, path, name, bytes);
    if (errno == EEXIST && existing == Existing::Replace)
        return replace(path, bytes);
    return fileError(errno == EEXIST ? ErrorKind::FileExists : ErrorKind::FileUnwritable, path);
}

} // namespace base
