#include "tests/unit/probe/servers.h"

#include "core/probe/stream.h"

#include <QDateTime>
#include <QFile>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace servers {

namespace {

int listenOnLoopback(quint16 &port)
{
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr *>(&address), size) != 0
        || ::listen(listener, 64) != 0
        || ::getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        qFatal("no loopback listener");
    port = ntohs(address.sin_port);
    return listener;
}

bool readable(int descriptor, int milliseconds)
{
    pollfd waiting{descriptor, POLLIN, 0};
    return ::poll(&waiting, 1, milliseconds) > 0;
}

bool takesConnections(quint16 port)
{
    const base::Interrupt soon = base::Interrupt{}.within(std::chrono::milliseconds(500));
    return bool(probe::connectTo(local(port), soon));
}

QString certificateTime(int day)
{
    return QDateTime::currentDateTimeUtc().addDays(day).toString(u"yyyyMMddHHmmss'Z'"_s);
}

bool writeFile(const QString &path, const QString &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) == text.toUtf8().size();
}

} // namespace

probe::Endpoint local(quint16 port)
{
    return {*probe::parseAddress(u"127.0.0.1"_s), port};
}

quint16 freePort()
{
    quint16 port = 0;
    ::close(listenOnLoopback(port));
    return port;
}

QByteArray Client::receive(int milliseconds) const
{
    for (int waited = 0; waited < milliseconds && !stopped(); waited += 20) {
        if (!readable(m_descriptor, 20))
            continue;
        QByteArray bytes(8192, '\0');
        const ssize_t got = ::recv(m_descriptor, bytes.data(), std::size_t(bytes.size()), 0);
        bytes.truncate(qMax<qsizetype>(got, 0));
        return bytes;
    }
    return {};
}

QByteArray Client::receiveRequest() const
{
    QByteArray request;
    while (!request.contains("\r\n\r\n")) {
        const QByteArray more = receive();
        if (more.isEmpty())
            return {};
        request += more;
    }
    return request;
}

bool Client::send(const QByteArray &bytes) const
{
    qsizetype sent = 0;
    while (sent < bytes.size() && !stopped()) {
        const ssize_t put = ::send(m_descriptor, bytes.constData() + sent,
                                   std::size_t(bytes.size() - sent), MSG_NOSIGNAL);
        if (put <= 0)
            return false;
        sent += put;
    }
    return true;
}

void Client::pause(int milliseconds) const
{
    for (int waited = 0; waited < milliseconds && !stopped(); waited += 10)
        ::usleep(10000);
}

void Client::resetOnClose() const
{
    const linger now{1, 0};
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

HandMade::HandMade(std::function<void(const Client &)> serve)
    : m_serve(std::move(serve))
{
    m_listener = listenOnLoopback(m_port);
    m_acceptor = std::jthread([this](const std::stop_token &stop) { accept(stop); });
}

HandMade::~HandMade()
{
    m_acceptor.request_stop();
    m_acceptor.join();
    m_clients.clear(); // stops and joins them
    ::close(m_listener);
}

void HandMade::accept(const std::stop_token &stop)
{
    while (!stop.stop_requested()) {
        if (!readable(m_listener, 20))
            continue;
        const int descriptor = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0)
            continue;
        ++m_connections;
        const int open = ++m_open;
        if (open > m_most)
            m_most = open;
        m_clients.emplace_back([this, descriptor](const std::stop_token &clientStop) {
            m_serve(Client(descriptor, clientStop));
            --m_open;
            ::close(descriptor);
        });
    }
}

Program::Program(const QString &program, const QStringList &arguments, quint16 port)
{
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.setStandardErrorFile(QProcess::nullDevice());
    m_process.start(program, arguments);
    if (!m_process.waitForStarted())
        return;
    for (int tries = 0; tries < 200 && !m_up; ++tries) {
        ::usleep(50000);
        m_up = takesConnections(port);
    }
}

Program::~Program()
{
    m_process.kill();
    m_process.waitForFinished();
}

bool openssl(const QString &folder, const QStringList &arguments)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(u"openssl"_s, arguments);
    process.waitForFinished();
    const bool worked = process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    if (!worked)
        qWarning("openssl %s: %s", qPrintable(arguments.join(u' ')),
                 process.readAllStandardError().constData());
    return worked;
}

Workshop::Workshop()
{
    m_folder.setAutoRemove(true);
}

bool Workshop::make(const CertificateWish &wish)
{
    const QString folder = m_folder.path();
    const QString extensions
        = u"basicConstraints=critical,CA:%1\n"_s.arg(wish.authority ? u"TRUE"_s : u"FALSE"_s)
        + (wish.alternativeNames.isEmpty() ? QString()
                                           : u"subjectAltName="_s + wish.alternativeNames + u'\n');
    // `openssl ca` is the one command of OpenSSL 3.0 that takes both dates.
    const QString configuration
        = u"[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\n"
          "default_md=sha256\npolicy=any\nunique_subject=no\n[any]\ncommonName=optional\n"
          "[extensions]\n"_s
        + extensions;
    QStringList issue{u"ca"_s,
                      u"-batch"_s,
                      u"-notext"_s,
                      u"-config"_s,
                      u"ca.cnf"_s,
                      u"-extensions"_s,
                      u"extensions"_s,
                      u"-startdate"_s,
                      certificateTime(wish.firstDay),
                      u"-enddate"_s,
                      certificateTime(wish.lastDay),
                      u"-in"_s,
                      wish.name + u".csr"_s,
                      u"-out"_s,
                      wish.name + u".pem"_s};
    if (wish.issuer.isEmpty())
        issue += {u"-selfsign"_s, u"-keyfile"_s, wish.name + u".key"_s};
    else
        issue += {u"-cert"_s, wish.issuer + u".pem"_s, u"-keyfile"_s, wish.issuer + u".key"_s};
    return writeFile(path(u"index.txt"_s), {}) && writeFile(path(u"ca.cnf"_s), configuration)
        && openssl(folder, QStringList{u"genpkey"_s, u"-out"_s, wish.name + u".key"_s} + wish.key)
        && openssl(folder,
                   {u"req"_s, u"-new"_s, u"-key"_s, wish.name + u".key"_s, u"-subj"_s, wish.subject,
                    u"-out"_s, wish.name + u".csr"_s})
        && openssl(folder, issue);
}

std::unique_ptr<Program> tlsServer(const Workshop &workshop,
                                   const QString &certificate,
                                   quint16 port,
                                   const QStringList &arguments)
{
    return std::make_unique<Program>(u"openssl"_s,
                                     QStringList{u"s_server"_s, u"-quiet"_s, u"-www"_s,
                                                 u"-accept"_s, u"127.0.0.1:%1"_s.arg(port),
                                                 u"-cert"_s, workshop.certificate(certificate),
                                                 u"-key"_s, workshop.key(certificate)}
                                         + arguments,
                                     port);
}

std::unique_ptr<Program> nginx(const Workshop &workshop, const QString &serverBlocks, quint16 port)
{
    const QString text
        = u"daemon off; master_process off; pid %1/nginx.pid; error_log %1/error.log;\nevents {}\n"
          "http { access_log off; client_body_temp_path %1; proxy_temp_path %1; "
          "fastcgi_temp_path %1; uwsgi_temp_path %1; scgi_temp_path %1;\n%2\n}\n"_s.arg(
              workshop.path({}), serverBlocks);
    if (!writeFile(workshop.path(u"nginx.conf"_s), text))
        qFatal("no nginx.conf");
    return std::make_unique<Program>(u"/usr/sbin/nginx"_s,
                                     QStringList{u"-c"_s, workshop.path(u"nginx.conf"_s)}, port);
}

} // namespace servers
