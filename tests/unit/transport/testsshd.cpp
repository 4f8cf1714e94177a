#include "testsshd.h"

#include "core/transport/knownhosts.h"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

#include <csignal>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

QString lastFailure; // NOLINT: a message for skipped and failed tests

/// Keys are slow to make (RSA), so each is made once for all tests of a run.
QString madeKey(const QString &type, const QByteArray &passphrase)
{
    static const QTemporaryDir keys;
    static QHash<QString, QString> made;
    const QString id = type + u'/' + QString::fromUtf8(passphrase);
    if (const auto known = made.constFind(id); known != made.constEnd())
        return *known;
    const QString path = keys.filePath(u"key%1"_s.arg(made.size()));
    QStringList arguments{u"-q"_s,
                          u"-t"_s,
                          type.section(u'-', 0, 0),
                          u"-N"_s,
                          QString::fromUtf8(passphrase),
                          u"-C"_s,
                          u"test"_s,
                          u"-f"_s,
                          path};
    if (type.startsWith(u"rsa"_s))
        arguments << u"-b"_s << u"2048"_s;
    if (type.endsWith(u"-pem"_s))
        arguments << u"-m"_s << u"PEM"_s;
    if (!passphrase.isEmpty())
        arguments << u"-a"_s << u"1"_s;
    run(u"ssh-keygen"_s, arguments);
    made.insert(id, path);
    return path;
}

bool answers(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, port);
    return socket.waitForConnected(1000) && socket.waitForReadyRead(5000);
}

} // namespace

QByteArray run(const QString &program, const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(30000) || process.exitCode() != 0)
        return {};
    return process.readAllStandardOutput();
}

bool succeeds(const QString &program, const QStringList &arguments, int milliseconds)
{
    QProcess process;
    process.start(program, arguments);
    process.closeWriteChannel();
    return process.waitForFinished(milliseconds) && process.exitStatus() == QProcess::NormalExit
        && process.exitCode() == 0;
}

quint16 freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

QString TestSshd::why()
{
    return lastFailure;
}

std::unique_ptr<TestSshd> TestSshd::start(const Settings &settings)
{
    std::unique_ptr<TestSshd> sshd(new TestSshd);
    if (!sshd->launch(settings)) {
        lastFailure = QString::fromUtf8(sshd->log());
        return nullptr;
    }
    return sshd;
}

TestSshd::~TestSshd()
{
    stop();
}

void TestSshd::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    m_process.waitForFinished(5000);
}

QString TestSshd::user() const
{
    if (m_accounts)
        return u"fkuser"_s;
    const passwd *self = ::getpwuid(::geteuid());
    return QString::fromLocal8Bit(self->pw_name);
}

QString TestSshd::write(const QString &name, const QByteArray &content, int mode) const
{
    QFile out(file(name));
    if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(out.fileName()));
    out.close();
    ::chmod(QFile::encodeName(out.fileName()).constData(), static_cast<mode_t>(mode));
    return out.fileName();
}

QByteArray TestSshd::read(const QString &name) const
{
    QFile in(file(name));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

QByteArray TestSshd::log() const
{
    return read(u"log"_s);
}

bool TestSshd::launch(const Settings &settings)
{
    ::chmod(QFile::encodeName(m_directory.path()).constData(), 0755);
    QByteArray config;
    for (const QString &type : settings.hostKeys) {
        const QString key = madeKey(type + u"-host"_s, {});
        QFile::copy(key, file(u"host_"_s + type));
        QFile::copy(key + u".pub"_s, file(u"host_"_s + type + u".pub"_s));
        ::chmod(QFile::encodeName(file(u"host_"_s + type)).constData(), 0600);
        config += "HostKey " + file(u"host_"_s + type).toUtf8() + '\n';
    }
    write(u"authorized_keys"_s, {});
    QDir().mkpath(file(u"home"_s));
    ::chmod(QFile::encodeName(file(u"home"_s)).constData(), 0777);
    m_port = freePort();
    config += "Port " + QByteArray::number(m_port)
        + "\nListenAddress 127.0.0.1\nUsePAM no\nStrictModes no\nPidFile none\nPermitRootLogin "
          "yes\n"
          "UseDNS no\nLogLevel DEBUG1\nMaxStartups 100\nPrintMotd no\nPrintLastLog no\n"
          "AuthorizedKeysFile "
        + file(u"authorized_keys"_s).toUtf8() + '\n';
    for (const QString &line : settings.config)
        config.prepend(line.toUtf8() + '\n'); // the first value wins
    write(u"config"_s, config);

    QString command
        = u"exec /usr/sbin/sshd -D -e -f '%1' 2>'%2'"_s.arg(file(u"config"_s), file(u"log"_s));
    if (::geteuid() == 0 && !run(u"unshare"_s, {u"-m"_s, u"echo"_s, u"yes"_s}).isEmpty()) {
        m_accounts = true;
        QDir().mkpath(u"/run/sshd"_s);
        const QByteArray hash
            = run(u"openssl"_s, {u"passwd"_s, u"-6"_s, u"-stdin"_s}, password() + '\n').trimmed();
        const QByteArray shell = settings.shell.toUtf8();
        const QByteArray home = file(u"home"_s).toUtf8();
        QFile system(u"/etc/passwd"_s);
        QByteArray rest;
        if (system.open(QIODevice::ReadOnly))
            rest = system.readAll();
        rest = rest.mid(rest.indexOf('\n') + 1);
        write(u"passwd"_s,
              "root:x:0:0::" + home + ':' + shell + "\nfkuser:x:60123:60123::" + home + ':' + shell
                  + '\n' + rest);
        write(u"shadow"_s,
              "root:" + hash + ":19000:0:99999:7:::\nfkuser:" + hash + ":19000:0:99999:7:::\n",
              0600);
        command = u"mount --bind '%1' /etc/passwd && mount --bind '%2' /etc/shadow && "_s.arg(
                      file(u"passwd"_s), file(u"shadow"_s))
            + command;
        m_process.start(u"unshare"_s, {u"-m"_s, u"sh"_s, u"-c"_s, command});
    } else {
        m_process.start(u"sh"_s, {u"-c"_s, command});
    }
    for (int i = 0; i < 100 && m_process.state() != QProcess::NotRunning; ++i) {
        if (answers(m_port))
            return true;
        m_process.waitForFinished(50);
    }
    return false;
}

QString TestSshd::authorise(const QString &type, const QByteArray &passphrase)
{
    const QString path = madeKey(type, passphrase);
    QFile publicKey(path + u".pub"_s);
    QFile keys(file(u"authorized_keys"_s));
    if (publicKey.open(QIODevice::ReadOnly) && keys.open(QIODevice::Append))
        keys.write(publicKey.readAll());
    return path;
}

QByteArray TestSshd::hostKeyLine(const QString &type) const
{
    const QList<QByteArray> words = read(u"host_"_s + type + u".pub"_s).split(' ');
    return words.at(0) + ' ' + words.at(1);
}

void TestSshd::addKnownHost(const QString &name,
                            const QByteArray &keyLine,
                            const QByteArray &marker)
{
    QFile known(file(name));
    if (known.open(QIODevice::Append))
        known.write((marker.isEmpty() ? marker : marker + ' ')
                    + "[127.0.0.1]:" + QByteArray::number(m_port) + ' ' + keyLine + '\n');
}

transport::SshOptions TestSshd::options()
{
    transport::SshOptions options;
    options.host = u"127.0.0.1"_s;
    options.port = m_port;
    options.login.user = user();
    options.login.keyFiles = {authorise(u"ed25519"_s)};
    options.login.useAgent = false;
    options.login.useDefaultKeyFiles = false;
    QFile::remove(file(u"known_hosts"_s));
    for (const QString &type : {u"ed25519"_s, u"ecdsa"_s, u"rsa"_s}) {
        if (QFile::exists(file(u"host_"_s + type)))
            addKnownHost(u"known_hosts"_s, hostKeyLine(type));
    }
    options.hostKeys.files = QStringList{file(u"known_hosts"_s)};
    return options;
}
