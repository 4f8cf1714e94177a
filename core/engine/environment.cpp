#include "core/engine/engine.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace engine {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<base::Error> unusable(const QString &directory, const QString &why)
{
    return base::fail(base::ErrorKind::FileUnwritable, base::Stage::File, directory, why);
}

} // namespace

QString standardConfigDirectory()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + u"/flowkeep"_s;
}

base::Result<void> prepareConfigDirectory(const QString &directory)
{
    const QByteArray name = QFile::encodeName(QDir::cleanPath(directory));
    const QString parent = QDir::cleanPath(directory + u"/.."_s);
    if (!QDir().mkpath(parent))
        return unusable(directory, u"the folder above it cannot be made"_s);
    if (::mkdir(name.constData(), 0700) != 0 && errno != EEXIST)
        return unusable(directory, QString::fromLocal8Bit(std::strerror(errno)));

    struct stat found{};
    const int folder = ::open(name.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return unusable(directory, QString::fromLocal8Bit(std::strerror(errno)));
    const bool ours = ::fstat(folder, &found) == 0 && found.st_uid == ::geteuid();
    const bool closed = ours && ((found.st_mode & 077) == 0 || ::fchmod(folder, 0700) == 0);
    ::close(folder);
    if (!ours)
        return unusable(directory, u"it belongs to another user"_s);
    return closed ? base::Result<void>{} : unusable(directory, u"its mode cannot be set to 0700"_s);
}

} // namespace engine
