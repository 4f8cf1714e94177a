#include "core/transport/shell.h"

#include "core/base/untrustedtext.h"
#include "core/transport/channel.h"

#include <algorithm>
#include <cstring>

namespace transport {

using namespace Qt::StringLiterals;
using base::Deadline;
using base::ErrorKind;
using base::Stage;
using std::chrono::seconds;

namespace {

constexpr qsizetype maximumErrors = 64 * 1024;
constexpr qsizetype maximumNoise = 64 * 1024;
constexpr qint64 maximumReceived = 64 * 1024 * 1024; // with the protocol's own overhead
constexpr seconds startPatience{45}; // directory services and fail delays are slow
constexpr seconds promptPatience{5}; // an unfinished line is a question once nothing follows
// Ends the shell, whose input stays open: that it closes tells the server that nobody listens any
// more.
constexpr QByteArrayView lastLine("\nexit\n");

class ShellRun
{
public:
    ShellRun(const ShellStart &start, const QByteArray &script, const OutputSink &sink)
        : m_start(start)
        , m_script(script + lastLine)
        , m_sink(sink)
        , m_ready(start.ready + '\n')
    {
        if (m_start.prompt.isEmpty())
            m_first = "echo " + m_ready + m_script;
    }

    base::Result<ShellOutcome> run(Session &session, Stage stage, const Waiter &waiter);

private:
    bool takeOutput(QByteArrayView bytes);
    bool takeErrors(QByteArrayView bytes);
    bool answerPrompt();
    Deadline patience() const;
    base::Result<ShellOutcome> stopped(Session &session, Stage stage);

    const ShellStart &m_start;
    const QByteArray m_script;
    const OutputSink &m_sink;
    const QByteArray m_ready;
    QByteArray m_first; // the ready line and the script
    base::SecretBytes m_passwordLine;
    ExecChannel *m_channel = nullptr;
    ShellOutcome m_outcome;
    bool m_tooMuch = false;
    bool m_sinkRefused = false;
    bool m_passwordSent = false;
    qsizetype m_promptFrom = 0;
    const Deadline m_startBy = Deadline::after(startPatience);
    Deadline m_promptBy = Deadline::never();
};

bool ShellRun::takeOutput(QByteArrayView bytes)
{
    if (m_outcome.started) {
        m_sinkRefused = !m_sink(bytes);
        return !m_sinkRefused;
    }
    m_outcome.noise += bytes;
    const qsizetype at = m_outcome.noise.indexOf(m_ready);
    if (at < 0) {
        m_tooMuch = m_outcome.noise.size() > maximumNoise;
        return !m_tooMuch;
    }
    const QByteArray rest = m_outcome.noise.mid(at + m_ready.size());
    m_outcome.noise.truncate(at);
    m_outcome.started = true;
    m_outcome.errors.clear(); // what follows is the script's
    if (!m_start.prompt.isEmpty())
        m_channel->setInput(m_script, false);
    if (rest.isEmpty())
        return true;
    m_sinkRefused = !m_sink(rest);
    return !m_sinkRefused;
}

bool ShellRun::takeErrors(QByteArrayView bytes)
{
    const qsizetype room = maximumErrors - m_outcome.errors.size();
    m_outcome.errors += bytes.first(qMin(room, bytes.size()));
    if (m_outcome.started)
        return true;
    m_tooMuch = bytes.size() > room;
    if (m_tooMuch)
        return false;
    if (!m_start.prompt.isEmpty() && !answerPrompt())
        return false;
    const bool unfinished
        = !m_start.prompt.isEmpty() && !m_passwordSent && !m_outcome.errors.endsWith('\n');
    m_promptBy = unfinished ? Deadline::after(promptPatience) : Deadline::never();
    return true;
}

/// False when sudo asks a second time: the password was wrong, and another try would count against
/// the account.
bool ShellRun::answerPrompt()
{
    const qsizetype at = m_outcome.errors.indexOf(m_start.prompt, m_promptFrom);
    if (at < 0)
        return true;
    m_promptFrom = at + m_start.prompt.size();
    if (m_passwordSent) {
        m_outcome.wrongPassword = true;
        return false;
    }
    m_passwordSent = true;
    m_passwordLine = m_start.password->asLine();
    m_channel->setInput(m_passwordLine.view(), false);
    return answerPrompt();
}

Deadline ShellRun::patience() const
{
    return m_outcome.started ? Deadline::never() : m_startBy.soonerOf(m_promptBy);
}

/// The command was ended from here.
base::Result<ShellOutcome> ShellRun::stopped(Session &session, Stage stage)
{
    if (m_tooMuch)
        return base::fail(ErrorKind::TooMuchOutput, stage, session.host(),
                          base::UntrustedText(m_outcome.noise + m_outcome.errors).display(300));
    if (m_sinkRefused)
        return base::fail(ErrorKind::TooMuchOutput, Stage::Collect, session.host());
    return std::move(m_outcome);
}

base::Result<ShellOutcome> ShellRun::run(Session &session, Stage stage, const Waiter &waiter)
{
    session.expectAtMost(maximumReceived);
    auto channel = ExecChannel::open(session, m_start.command, waiter, stage);
    if (!channel)
        return base::fail(channel);
    m_channel = channel->get();
    if (!m_first.isEmpty())
        m_channel->setInput(m_first, false);
    const ChannelSinks sinks{[this](QByteArrayView bytes) { return takeOutput(bytes); },
                             [this](QByteArrayView bytes) { return takeErrors(bytes); }};
    for (;;) {
        const Stage now = m_outcome.started ? Stage::Collect : stage;
        const auto pumped = m_channel->pump(waiter, now, sinks, patience());
        if (!pumped)
            return base::fail(pumped);
        if (*pumped == ExecChannel::Pumped::Ended)
            break;
        if (*pumped == ExecChannel::Pumped::Moved)
            continue;
        m_channel->abandon(waiter);
        if (*pumped == ExecChannel::Pumped::Refused)
            return stopped(session, stage);
        m_outcome.foreignPrompt = m_promptBy.expired();
        if (m_outcome.foreignPrompt)
            return std::move(m_outcome);
        return base::fail(ErrorKind::TimedOut, stage, session.host());
    }
    const auto status = m_channel->finish(waiter, m_outcome.started ? Stage::Collect : stage);
    if (!status)
        return base::fail(status);
    m_outcome.exitStatus = *status;
    return std::move(m_outcome);
}

} // namespace

base::Result<ShellOutcome> runShell(Session &session,
                                    const ShellStart &start,
                                    const QByteArray &script,
                                    const OutputSink &sink,
                                    Stage stage,
                                    const Waiter &waiter)
{
    return ShellRun(start, script, sink).run(session, stage, waiter);
}

} // namespace transport
