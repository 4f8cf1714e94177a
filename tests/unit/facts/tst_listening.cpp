#include "core/facts/hostsections.h"

#include <QProcess>
#include <QTest>

#include <array>

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

/// A process that waits for connections under a name of its own choice.
class Listener
{
public:
    explicit Listener(const char *name)
    {
        std::array<int, 2> ready{};
        if (::pipe(ready.data()) != 0 || ::pipe(m_hold.data()) != 0)
            qFatal("pipe");
        m_pid = ::fork();
        if (m_pid == 0)
            wait(name, ready);
        ::close(ready[1]);
        ::close(m_hold[0]);
        if (::read(ready[0], &m_port, sizeof m_port) != sizeof m_port)
            qFatal("the listener did not start");
        ::close(ready[0]);
    }
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;
    ~Listener()
    {
        ::close(m_hold[1]);
        ::waitpid(m_pid, nullptr, 0);
    }

    quint16 port() const { return m_port; }

private:
    [[noreturn]] void wait(const char *name, const std::array<int, 2> &ready) const
    {
        ::close(m_hold[1]);
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto *where = reinterpret_cast<sockaddr *>(&address);
        if (::bind(fd, where, size) != 0 || ::listen(fd, 1) != 0
            || ::getsockname(fd, where, &size) != 0 || ::prctl(PR_SET_NAME, name) != 0)
            ::_exit(1);
        const quint16 port = ntohs(address.sin_port);
        char byte = 0;
        if (::write(ready[1], &port, sizeof port) != sizeof port)
            ::_exit(1);
        ::_exit(::read(m_hold[0], &byte, 1) == 0 ? 0 : 1);
    }

    pid_t m_pid = -1;
    quint16 m_port = 0;
    std::array<int, 2> m_hold{};
};

} // namespace

class TestListening : public QObject
{
    Q_OBJECT

private slots:
    void aProcessNameForgesNothing_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("plain") << "sshd"_ba;
        QTest::newRow("line end") << "a\nb"_ba;
        QTest::newRow("only line ends") << "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"_ba;
        QTest::newRow("a short socket") << "\nu U 0 0 *:1 x"_ba;
        QTest::newRow("a short state") << "\nudp U 0 0 *:1 "_ba;
        QTest::newRow("as much as fits") << "\ntcp LISTEN 0 0"_ba;
        QTest::newRow("as much as fits, udp") << "\nudp UNCONN 0 0"_ba;
        QTest::newRow("an early end") << "\",pid=1,fd=1))\n"_ba;
        QTest::newRow("another opening") << "\nusers:((\"sshd\""_ba;
    }
    void aProcessNameForgesNothing()
    {
        QFETCH(const QByteArray, name);
        const Listener listener(name.constData());
        QProcess ss;
        ss.start(u"ss"_s,
                 {u"-H"_s, u"-l"_s, u"-n"_s, u"-t"_s, u"-u"_s, u"-p"_s, u"sport"_s, u"="_s,
                  u":%1"_s.arg(listener.port())});
        QVERIFY2(ss.waitForFinished(), "ss of iproute2 is needed");
        const QByteArray output = ss.readAllStandardOutput();
        const auto sockets = facts::parseListening(output);
        QVERIFY2(sockets, output.constData());
        QCOMPARE(sockets->size(), std::size_t(1));
        QCOMPARE(sockets->front().protocol, "tcp"_ba);
        QCOMPARE(sockets->front().port, listener.port());
        QVERIFY(sockets->front().address.isLoopback());
    }

    void nothingIsDroppedSilently_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no socket") << "ss: command failed\n"_ba;
        QTest::newRow("behind a socket without processes")
            << "tcp LISTEN 0 5 0.0.0.0:1 0.0.0.0:*\nsomething else\n"_ba;
        QTest::newRow("a socket that cannot be read")
            << "udp UNCONN 0 0 0.0.0.0:1 0.0.0.0:* users:((\"a\",pid=1,fd=1))\n"
               "udp UNCONN 0 0 nowhere 0.0.0.0:*\n"_ba;
    }
    void nothingIsDroppedSilently()
    {
        QFETCH(const QByteArray, text);
        QVERIFY(!facts::parseListening(text));
    }
};

QTEST_GUILESS_MAIN(TestListening)
#include "tst_listening.moc"
