#pragma once

#include "core/transport/options.h"

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <functional>
#include <memory>

/// A real sshd on a free loopback port with its own keys, files and users, stopped with the object.
/// As root it runs in a mount namespace where /etc/passwd and /etc/shadow are its own, so that
/// there are accounts with passwords; otherwise its only account is the current user's.
class TestSshd
{
public:
    struct Settings
    {
        QStringList hostKeys{QStringLiteral("ed25519")}; ///< ed25519, ecdsa, rsa
        QStringList config; ///< further lines of sshd_config
        QString shell = QStringLiteral("/bin/sh"); ///< of the accounts
    };

    /// Null when sshd did not start; why() then says what it printed.
    static std::unique_ptr<TestSshd> start(const Settings &settings);
    static std::unique_ptr<TestSshd> start() { return start(Settings()); }
    ~TestSshd();
    TestSshd(const TestSshd &) = delete;
    TestSshd &operator=(const TestSshd &) = delete;

    static QString why();
    /// Accounts of its own: "fkuser" and, with uid 0, "root"; the password of both is password().
    bool hasAccounts() const { return m_accounts; }
    static QByteArray password() { return "correct horse 9"; }
    QString user() const; ///< an ordinary account where there is one, else the current user

    quint16 port() const { return m_port; }
    QString file(const QString &name) const { return m_directory.filePath(name); }
    QString write(const QString &name, const QByteArray &content, int mode = 0644) const;
    QByteArray read(const QString &name) const;
    /// Everything sshd logged so far.
    QByteArray log() const;

    /// Makes a client key (made once per process and type) and lets it in.
    QString authorise(const QString &type, const QByteArray &passphrase = {});
    QByteArray hostKeyLine(const QString &type) const; ///< "ssh-ed25519 AAAA..."
    void
    addKnownHost(const QString &file, const QByteArray &keyLine, const QByteArray &marker = {});

    /// Knows the host key, logs in with an ed25519 key file, never looks at the real home.
    transport::SshOptions options();
    void stop();
    /// Run after sshd has ended.
    void atEnd(std::function<void()> action) { m_atEnd = std::move(action); }

private:
    TestSshd() = default;
    bool launch(const Settings &settings);

    QTemporaryDir m_directory;
    QProcess m_process;
    quint16 m_port = 0;
    bool m_accounts = false;
    std::function<void()> m_atEnd;
};

/// True when the program ended with 0.
bool succeeds(const QString &program, const QStringList &arguments, int milliseconds = 30000);
/// Runs a program to its end; empty output on failure.
QByteArray run(const QString &program, const QStringList &arguments, const QByteArray &input = {});

/// A port nobody listens on right now.
quint16 freePort();
