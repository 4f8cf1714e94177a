#include "core/base/uniquefd.h"
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
    const base::UniqueFd folder(::open(name.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder)
        return unusable(directory, QString::fromLocal8Bit(std::strerror(errno)));
    if (::fstat(folder.get(), &found) != 0 || found.st_uid != ::geteuid())
        return unusable(directory, u"it belongs to another user"_s);
    if ((found.st_mode & 077) == 0)
        return {};
    // An open folder with other people's things in it is not ours to close.
    const QDir existing(directory);
    const bool known = existing.exists(u"flowkeep.sqlite"_s) || existing.exists(u"known_hosts"_s);
    if (!known
        && !existing.isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot))
        return unusable(directory, u"it is open to others and holds something else"_s);
    if (::fchmod(folder.get(), 0700) != 0)
        return unusable(directory, u"its mode cannot be set to 0700"_s);
    return {};
}

} // namespace engine
