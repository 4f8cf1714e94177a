#include "app/cli/files.h"

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
#include <unistd.h>

namespace cli {

using base::ErrorKind;
using base::Stage;
using namespace Qt::StringLiterals;

namespace {

QString systemText()
{
    return QString::fromLocal8Bit(std::strerror(errno));
}

tl::unexpected<base::Error> fileError(ErrorKind kind, const QString &path)
{
    return base::fail(kind, Stage::File, path, systemText());
}

} // namespace

base::Result<QByteArray> readInput(const QString &path, qint64 maximum)
{
    const bool standard = path == "-"_L1;
    const base::UniqueFd file(
        standard ? ::dup(STDIN_FILENO)
                 : ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC));
    if (!file)
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
        if (!base::writeAll(STDOUT_FILENO, bytes))
            return fileError(ErrorKind::FileUnwritable, u"the standard output"_s);
        return {};
    }
    return base::writeFile(path, bytes, force ? base::Existing::Replace : base::Existing::Keep);
}

} // namespace cli
