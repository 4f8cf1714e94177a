#pragma once

#include "core/probe/address.h"

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

/// Real and hand-made servers on loopback for the tests of the probes.
namespace servers {

/// 127.0.0.1 at that port.
probe::Endpoint local(quint16 port);

/// A port of 127.0.0.1 that nobody listens on now.
quint16 freePort();

/// One connection of a hand-made server.
class Client
{
public:
    Client(int descriptor, std::stop_token stop)
        : m_descriptor(descriptor)
        , m_stop(std::move(stop))
    { }

    /// What came, after the first bytes or none within `milliseconds`.
    QByteArray receive(int milliseconds = 2000) const;
    /// Reads up to an empty line.
    QByteArray receiveRequest() const;
    /// False when the other side is gone.
    bool send(const QByteArray &bytes) const;
    /// Waits, but no longer than the server lives.
    void pause(int milliseconds) const;
    /// The next close sends a reset.
    void resetOnClose() const;
    bool stopped() const { return m_stop.stop_requested(); }

private:
    int m_descriptor;
    std::stop_token m_stop;
};

/// Listens on 127.0.0.1 and runs `serve` for each connection, then closes it.
class HandMade
{
public:
    explicit HandMade(std::function<void(const Client &)> serve);
    ~HandMade();

    quint16 port() const { return m_port; }
    int connections() const { return m_connections; }
    /// The most connections that were open together.
    int mostAtOnce() const { return m_most; }

private:
    void accept(const std::stop_token &stop);

    std::function<void(const Client &)> m_serve;
    int m_listener = -1;
    quint16 m_port = 0;
    std::atomic<int> m_connections = 0;
    std::atomic<int> m_open = 0;
    std::atomic<int> m_most = 0;
    std::vector<std::jthread> m_clients;
    std::jthread m_acceptor;
};

/// A program that serves on a port until it goes out of scope.
class Program
{
public:
    /// Waits until the port takes connections.
    Program(const QString &program, const QStringList &arguments, quint16 port);
    ~Program();
    bool isUp() const { return m_up; }

private:
    QProcess m_process;
    bool m_up = false;
};

/// Runs `openssl ...` in a folder; true when it ended with 0.
bool openssl(const QString &folder, const QStringList &arguments);

/// What a certificate of the tests is made with.
struct CertificateWish
{
    QString name; ///< of the files: NAME.pem, NAME.key
    QString subject; ///< "/CN=a.example"
    QString alternativeNames{}; ///< "DNS:a.example,IP:127.0.0.1"; empty for none
    QString issuer{}; ///< name of a certificate made before; empty for self-signed
    bool authority = false;
    int firstDay = -1; ///< validity in days from today
    int lastDay = 90;
    QStringList key{QStringLiteral("-algorithm"), QStringLiteral("EC"), QStringLiteral("-pkeyopt"),
                    QStringLiteral("ec_paramgen_curve:P-256")};
};

/// Makes certificates in a folder of its own.
class Workshop
{
public:
    Workshop();
    bool make(const CertificateWish &wish);
    QString certificate(const QString &name) const { return path(name + QStringLiteral(".pem")); }
    QString key(const QString &name) const { return path(name + QStringLiteral(".key")); }
    QString path(const QString &file) const { return m_folder.filePath(file); }

private:
    QTemporaryDir m_folder;
};

/// `openssl s_server` with one certificate of the workshop and further arguments.
std::unique_ptr<Program> tlsServer(const Workshop &workshop,
                                   const QString &certificate,
                                   quint16 port,
                                   const QStringList &arguments);

/// nginx with this `server { ... }` text, in one process.
std::unique_ptr<Program> nginx(const Workshop &workshop, const QString &serverBlocks, quint16 port);

} // namespace servers
