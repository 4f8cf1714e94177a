#include "core/transport/resolve.h"
#include "core/transport/sshhost.h"
#include "helpers.h"
#include "suites.h"
#include "testsshd.h"

#include <QElapsedTimer>
#include <QTest>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <condition_variable>

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Stage;
using std::chrono::milliseconds;
using transport::SshHost;
using transport::SshOptions;

namespace {

SshOptions optionsFor(quint16 port)
{
    SshOptions options;
    options.host = u"127.0.0.1"_s;
    options.port = port;
    options.login.user = u"nobody"_s;
    options.login.useAgent = false;
    options.login.useDefaultKeyFiles = false;
    return options;
}

void drain(int socket)
{
    std::array<char, 4096> buffer;
    while (::recv(socket, buffer.data(), buffer.size(), 0) > 0) { }
}

bool say(int socket, const QByteArray &bytes)
{
    return ::send(socket, bytes.constData(), static_cast<size_t>(bytes.size()), MSG_NOSIGNAL)
        == bytes.size();
}

base::Error errorOf(SshOptions options, milliseconds span)
{
    SshHost host(std::move(options));
    const auto connected = host.connect(patience(span));
    return connected ? base::Error{} : connected.error();
}

/// A port whose queue is full: connecting waits.
class DeafPort
{
public:
    DeafPort()
        : m_listener(::socket(AF_INET, SOCK_STREAM, 0))
    {
        m_address.sin_family = AF_INET;
        m_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof(m_address);
        auto *raw = static_cast<sockaddr *>(static_cast<void *>(&m_address));
        if (::bind(m_listener, raw, length) != 0 || ::listen(m_listener, 0) != 0
            || ::getsockname(m_listener, raw, &length) != 0)
            qFatal("no loopback socket");
        for (int i = 0; i < 4; ++i) {
            m_fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            ::connect(m_fillers.back(), raw, sizeof(m_address));
        }
    }
    ~DeafPort()
    {
        for (const int filler : m_fillers)
            ::close(filler);
        ::close(m_listener);
    }
    quint16 port() const { return ntohs(m_address.sin_port); }

private:
    int m_listener;
    sockaddr_in m_address{};
    std::vector<int> m_fillers;
};

constexpr milliseconds quick{500};

} // namespace

class TroubleTests : public QObject
{
    Q_OBJECT

private slots:
    void nothingListens();
    void nameIsNotFound();
    void secondAddressIsTried();
    void serverClosesAtOnce();
    void otherProtocol();
    void oldProtocol();
    void silentServer();
    void tarpit();
    void bannerFlood();
    void stallsInKeyExchange();
    void garbageAfterBanner();
    void cutMidScript();
    void cutUpload();
    void deadPeerIsNoticed();
    void deadlineEndsAScript();
    void cancelName();
    void cancelTcp();
    void cancelBanner();
    void cancelLogin();
    void cancelScript();
    void cancelFlood();
};

void TroubleTests::nothingListens()
{
    const base::Error error = errorOf(optionsFor(freePort()), milliseconds(5000));
    QCOMPARE(error.kind, ErrorKind::ConnectionRefused);
    QCOMPARE(error.stage, Stage::Tcp);
}

void TroubleTests::nameIsNotFound()
{
    SshOptions options = optionsFor(22);
    options.host = u"no-such-host.invalid"_s;
    options.lookup
        = [](const QByteArray &, quint16) { return transport::LookupAnswer{EAI_NONAME, {}}; };
    const base::Error error = errorOf(std::move(options), milliseconds(5000));
    QCOMPARE(error.kind, ErrorKind::NameNotFound);
    QCOMPARE(error.stage, Stage::Name);
}

/// The first address does not answer; the second does, a quarter of a second later.
void TroubleTests::secondAddressIsTried()
{
    const DeafPort deaf;
    RawServer server([](int socket) {
        say(socket, "SSH-2.0-x\r\n");
        ::shutdown(socket, SHUT_RDWR);
    });
    SshOptions options = optionsFor(22);
    options.host = u"two.example"_s;
    options.lookup = [&](const QByteArray &, quint16) {
        transport::LookupAnswer answer = transport::systemLookup("127.0.0.1", deaf.port());
        const auto second = transport::systemLookup("127.0.0.1", server.port());
        answer.addresses.push_back(second.addresses.front());
        return answer;
    };
    QElapsedTimer timer;
    timer.start();
    const base::Error error = errorOf(std::move(options), milliseconds(5000));
    QCOMPARE(error.stage, Stage::Kex); // so it came through
    QVERIFY(timer.elapsed() < 2000);
}

void TroubleTests::serverClosesAtOnce()
{
    RawServer server([](int socket) { ::shutdown(socket, SHUT_RDWR); });
    const base::Error error = errorOf(optionsFor(server.port()), milliseconds(5000));
    QCOMPARE(error.kind, ErrorKind::ConnectionLost);
    QCOMPARE(error.stage, Stage::Banner);
}

void TroubleTests::otherProtocol()
{
    RawServer server([](int socket) {
        say(socket, "HTTP/1.1 400 Bad\033[31m Request\r\n\r\n");
        ::shutdown(socket, SHUT_WR);
        drain(socket);
    });
    const base::Error error = errorOf(optionsFor(server.port()), milliseconds(5000));
    QCOMPARE(error.kind, ErrorKind::NotAnSshServer);
    QVERIFY(error.detail.contains(u"HTTP/1.1 400"_s));
    QVERIFY(!error.detail.contains(u'\033'));
}

void TroubleTests::oldProtocol()
{
    RawServer server([](int socket) {
        say(socket, "SSH-1.5-ancient\r\n");
        ::shutdown(socket, SHUT_WR);
        drain(socket);
    });
    const base::Error error = errorOf(optionsFor(server.port()), milliseconds(5000));
    QCOMPARE(error.kind, ErrorKind::NotAnSshServer);
}

void TroubleTests::silentServer()
{
    RawServer server(drain);
    QElapsedTimer timer;
    timer.start();
    const base::Error error = errorOf(optionsFor(server.port()), milliseconds(800));
    QCOMPARE(error.kind, ErrorKind::TimedOut);
    QCOMPARE(error.stage, Stage::Banner);
    QVERIFY(timer.elapsed() >= 790 && timer.elapsed() < 1500);
}

/// Endless lines before the identification, slowly.
void TroubleTests::tarpit()
{
    RawServer server([](int socket) {
        while (say(socket, "please wait\r\n"))
            std::this_thread::sleep_for(milliseconds(20));
    });
    const base::Error error = errorOf(optionsFor(server.port()), milliseconds(800));
    QCOMPARE(error.kind, ErrorKind::TimedOut);
    QCOMPARE(error.stage, Stage::Banner);
}

/// And as fast as they go: libssh2 alone would read them for ever.
void TroubleTests::bannerFlood()
{
    for (const QByteArray &line : {QByteArray(1000, 'x').append("\r\n"), "\n"_ba}) {
        RawServer server([line](int socket) {
            const QByteArray many = line.repeated(64);
            while (say(socket, many)) { }
        });
        QElapsedTimer timer;
        timer.start();
        const base::Error error = errorOf(optionsFor(server.port()), milliseconds(20000));
        QCOMPARE(error.kind, ErrorKind::NotAnSshServer);
        QVERIFY(timer.elapsed() < 5000);
    }
}

void TroubleTests::stallsInKeyExchange()
{
    RawServer server([](int socket) {
        say(socket, "SSH-2.0-x\r\n");
        drain(socket);
    });
    const base::Error error = errorOf(optionsFor(server.port()), milliseconds(800));
    QCOMPARE(error.kind, ErrorKind::TimedOut);
    QCOMPARE(error.stage, Stage::Kex);
}

void TroubleTests::garbageAfterBanner()
{
    RawServer server([](int socket) {
        say(socket, "SSH-2.0-x\r\n" + QByteArray(5000, '\xff'));
        drain(socket);
    });
    const base::Error error = errorOf(optionsFor(server.port()), milliseconds(5000));
    QCOMPARE(error.kind, ErrorKind::ProtocolViolation);
    QCOMPARE(error.stage, Stage::Kex);
}

void TroubleTests::cutMidScript()
{
    const auto sshd = TestSshd::start();
    QVERIFY2(sshd, qPrintable(TestSshd::why()));
    Proxy proxy(sshd->port());
    SshOptions options = sshd->options();
    options.port = proxy.port();
    options.hostKeys.acceptNew = true;
    SshHost host(std::move(options));
    const auto connected = host.connect(patience());
    QVERIFY2(connected, qPrintable(told(connected)));
    QByteArray output;
    const auto ran = host.runScript(
        "echo begun; sleep 20; echo ended\n", transport::RunAs::RootOrUser,
        [&](QByteArrayView bytes) {
            output += bytes;
            proxy.cut();
            return true;
        },
        patience());
    QCOMPARE(output, "begun\n");
    COMPARE_KIND(ran, ErrorKind::ConnectionLost);
    QVERIFY(!host.isConnected());
}

/// The server gets only a part of a script that is one function called on its last line.
void TroubleTests::cutUpload()
{
    const auto sshd = TestSshd::start();
    QVERIFY2(sshd, qPrintable(TestSshd::why()));
    const QString mark = sshd->file(u"home/mark"_s);
    QByteArray script = "main() {\n";
    while (script.size() < 300000)
        script += ": 'nothing at all but something to send'\n";
    script += "touch " + mark.toUtf8() + "\n}\nmain\n";
    for (const bool cut : {true, false}) {
        Proxy proxy(sshd->port());
        SshOptions options = sshd->options();
        options.port = proxy.port();
        options.hostKeys.acceptNew = true;
        SshHost host(std::move(options));
        QVERIFY(host.connect(patience()));
        if (cut)
            proxy.cutAfter(proxy.sent() + 150000);
        const Ran ran = runScript(host, script, transport::RunAs::RootOrUser);
        if (cut)
            COMPARE_KIND(ran.result, ErrorKind::ConnectionLost);
        QTest::qWait(300);
        QCOMPARE(QFile::exists(mark), !cut);
    }
}

/// The peer is gone without a word: keep-alives find out.
void TroubleTests::deadPeerIsNoticed()
{
    const auto sshd = TestSshd::start();
    QVERIFY2(sshd, qPrintable(TestSshd::why()));
    Proxy proxy(sshd->port());
    SshOptions options = sshd->options();
    options.port = proxy.port();
    options.hostKeys.acceptNew = true;
    options.keepAlive = std::chrono::seconds(2);
    SshHost host(std::move(options));
    QVERIFY(host.connect(patience()));
    // Alive but quiet for longer than the limit: no false alarm.
    QCOMPARE(runScript(host, "sleep 7; echo here\n", transport::RunAs::RootOrUser).output,
             "here\n");
    QElapsedTimer timer;
    timer.start();
    const auto ran = host.runScript(
        "echo begun; sleep 30\n", transport::RunAs::RootOrUser,
        [&](QByteArrayView) {
            proxy.freeze();
            return true;
        },
        patience());
    COMPARE_KIND(ran, ErrorKind::ConnectionLost);
    QVERIFY(timer.elapsed() < 12000);
}

void TroubleTests::deadlineEndsAScript()
{
    const auto sshd = TestSshd::start();
    QVERIFY2(sshd, qPrintable(TestSshd::why()));
    SshHost host(sshd->options());
    QVERIFY(host.connect(patience()));
    QElapsedTimer timer;
    timer.start();
    const auto ran = host.runScript(
        "sleep 20\n", transport::RunAs::RootOrUser, [](QByteArrayView) { return true; },
        patience(milliseconds(600)));
    COMPARE_KIND(ran, ErrorKind::TimedOut);
    QVERIFY(timer.elapsed() < 1200);
}

void TroubleTests::cancelName()
{
    SshOptions options = optionsFor(22);
    options.host = u"slow.example"_s;
    options.lookup = [](const QByteArray &, quint16) {
        std::this_thread::sleep_for(std::chrono::seconds(3));
        return transport::LookupAnswer{EAI_AGAIN, {}};
    };
    SshHost host(std::move(options));
    base::Error error;
    const auto latency = cancelLatency(milliseconds(200), [&](const base::Interrupt &interrupt) {
        error = host.connect(interrupt).error();
    });
    QCOMPARE(error.kind, ErrorKind::Cancelled);
    QCOMPARE(error.stage, Stage::Name);
    qInfo("cancel in name: %lld ms", static_cast<long long>(latency.count()));
    QVERIFY(latency <= quick);
}

void TroubleTests::cancelTcp()
{
    const DeafPort deaf;
    SshHost host(optionsFor(deaf.port()));
    base::Error error;
    const auto latency = cancelLatency(milliseconds(200), [&](const base::Interrupt &interrupt) {
        error = host.connect(interrupt).error();
    });
    QCOMPARE(error.kind, ErrorKind::Cancelled);
    QCOMPARE(error.stage, Stage::Tcp);
    qInfo("cancel in tcp: %lld ms", static_cast<long long>(latency.count()));
    QVERIFY(latency <= quick);
}

void TroubleTests::cancelBanner()
{
    RawServer server(drain);
    SshHost host(optionsFor(server.port()));
    base::Error error;
    const auto latency = cancelLatency(milliseconds(200), [&](const base::Interrupt &interrupt) {
        error = host.connect(interrupt).error();
    });
    QCOMPARE(error.kind, ErrorKind::Cancelled);
    QCOMPARE(error.stage, Stage::Banner);
    qInfo("cancel in banner: %lld ms", static_cast<long long>(latency.count()));
    QVERIFY(latency <= quick);
}

/// An agent that never answers, as when it waits for a touch.
void TroubleTests::cancelLogin()
{
    const auto sshd = TestSshd::start();
    QVERIFY2(sshd, qPrintable(TestSshd::why()));
    SshOptions options = sshd->options();
    options.login.keyFiles = {};
    options.login.useAgent = true;
    options.login.agentSocket = sshd->file(u"silent-agent"_s);
    const int agent = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, options.login.agentSocket.toUtf8().constData(),
             sizeof(address.sun_path));
    QCOMPARE(::bind(agent, static_cast<sockaddr *>(static_cast<void *>(&address)), sizeof(address)),
             0);
    QCOMPARE(::listen(agent, 1), 0);
    SshHost host(std::move(options));
    base::Error error;
    const auto latency = cancelLatency(milliseconds(700), [&](const base::Interrupt &interrupt) {
        error = host.connect(interrupt).error();
    });
    ::close(agent);
    QCOMPARE(error.kind, ErrorKind::Cancelled);
    QCOMPARE(error.stage, Stage::Authentication);
    qInfo("cancel in login: %lld ms", static_cast<long long>(latency.count()));
    QVERIFY(latency <= quick);
}

void TroubleTests::cancelScript()
{
    const auto sshd = TestSshd::start();
    QVERIFY2(sshd, qPrintable(TestSshd::why()));
    SshHost host(sshd->options());
    QVERIFY(host.connect(patience()));
    base::Error error;
    const auto latency = cancelLatency(milliseconds(500), [&](const base::Interrupt &interrupt) {
        error = host.runScript(
                        "sleep 20\n", transport::RunAs::RootOrUser,
                        [](QByteArrayView) { return true; }, interrupt)
                    .error();
    });
    QCOMPARE(error.kind, ErrorKind::Cancelled);
    qInfo("cancel in script: %lld ms", static_cast<long long>(latency.count()));
    QVERIFY(latency <= quick);
    QVERIFY(!host.isConnected());
}

void TroubleTests::cancelFlood()
{
    const auto sshd = TestSshd::start();
    QVERIFY2(sshd, qPrintable(TestSshd::why()));
    SshHost host(sshd->options());
    QVERIFY(host.connect(patience()));
    base::Error error;
    const auto latency = cancelLatency(milliseconds(200), [&](const base::Interrupt &interrupt) {
        error = host.runScript(
                        "yes\n", transport::RunAs::RootOrUser, [](QByteArrayView) { return true; },
                        interrupt)
                    .error();
    });
    QVERIFY2(error.kind == ErrorKind::Cancelled || error.kind == ErrorKind::ProtocolViolation,
             qPrintable(told(error)));
    qInfo("cancel in a flood: %lld ms", static_cast<long long>(latency.count()));
    QVERIFY(latency <= quick);
}

int runTroubleTests(const QStringList &arguments)
{
    TroubleTests tests;
    return QTest::qExec(&tests, arguments);
}

#include "tst_trouble.moc"
