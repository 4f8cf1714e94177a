#include "app/cli/terminal.h"

#include "app/cli/files.h"
#include "core/base/file.h"
#include "core/base/untrustedtext.h"
#include "core/engine/messages.h"

#include <QtGlobal>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t longestLine = 4096;

/// Switches echo off for its lifetime.
class QuietInput
{
public:
    explicit QuietInput(bool quiet)
    {
        if (!quiet || ::tcgetattr(STDIN_FILENO, &m_before) != 0)
            return;
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        m_changed = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    ~QuietInput()
    {
        if (m_changed)
            ::tcsetattr(STDIN_FILENO, TCSANOW, &m_before);
    }
    QuietInput(const QuietInput &) = delete;
    QuietInput &operator=(const QuietInput &) = delete;

private:
    termios m_before{};
    bool m_changed = false;
};

/// Byte by byte, so that the next line stays for the next reader.
std::optional<base::SecretBytes> readLineFromInput(const std::stop_token &stop)
{
    std::array<char, longestLine> line{};
    std::size_t used = 0;
    std::optional<base::SecretBytes> result;
    while (used < line.size()) {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        const int ready = ::poll(&input, 1, 100);
        if (stop.stop_requested())
            break;
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        char c = 0;
        const ssize_t count = ::read(STDIN_FILENO, &c, 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0 && used == 0)
            break;
        if (count <= 0 || c == '\n') {
            result = base::SecretBytes(QByteArrayView(line.data(), static_cast<qsizetype>(used)));
            break;
        }
        line[used++] = c;
    }
    ::explicit_bzero(line.data(), line.size());
    return result;
}

void toStandardError(const QString &text)
{
    base::writeAll(STDERR_FILENO, text.toUtf8());
}

} // namespace

bool Terminal::canAsk() const
{
    return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

std::optional<base::SecretBytes>
Terminal::readLine(const QStringList &lines, const QString &question, bool echo)
{
    const std::lock_guard lock(m_mutex);
    if (m_progressShown)
        toStandardError(u"\r\x1b[K"_s);
    m_progressShown = false;
    for (const QString &line : lines)
        toStandardError(base::UntrustedText(line).terminal() + u'\n');
    // Quiet before anybody is asked, so that a quick answer does not show.
    const QuietInput quiet(!echo);
    toStandardError(base::UntrustedText(question).terminal() + u' ');
    std::optional<base::SecretBytes> line = readLineFromInput(m_stop);
    if (!echo || !line)
        toStandardError(u"\n"_s);
    return line;
}

std::optional<base::SecretBytes> Terminal::askSecret(const QString &question)
{
    return readLine({}, question, false);
}

bool Terminal::askHostKey(const QString &place, const engine::HostKeyOffer &offer)
{
    QStringList lines{u"The host key of "_s + place + u" is not known."_s,
                      u"  "_s + offer.type + u"  "_s + offer.fingerprint};
    if (offer.onlyAuthority)
        lines += QString::fromUtf8(engine::onlyAuthorityNote);
    lines += u"Compare it with what ssh-keygen -lf prints on the server's own console."_s;
    const std::optional<base::SecretBytes> answer = readLine(
        lines,
        u"Type yes to trust this key of "_s + place + u", or paste the fingerprint you expect:"_s,
        true);
    if (!answer)
        return false;
    const QByteArray text = answer->view().toByteArray().trimmed();
    return text == "yes" || text == offer.fingerprint.toUtf8();
}

void Terminal::showProgress(const QString &text)
{
    const std::lock_guard lock(m_mutex);
    if (::isatty(STDERR_FILENO) != 1 || qgetenv("TERM") == "dumb")
        return;
    toStandardError(u"\r\x1b[K"_s + base::UntrustedText(text).terminal(78));
    m_progressShown = true;
}

void Terminal::clearProgress()
{
    const std::lock_guard lock(m_mutex);
    if (m_progressShown)
        toStandardError(u"\r\x1b[K"_s);
    m_progressShown = false;
}

void Terminal::note(const QString &text)
{
    clearProgress();
    const std::lock_guard lock(m_mutex);
    toStandardError(base::UntrustedText(text).terminal() + u'\n');
}

std::optional<base::SecretBytes> readSecretLine(const std::stop_token &stop)
{
    const bool terminal = ::isatty(STDIN_FILENO) == 1;
    const QuietInput quiet(terminal);
    if (terminal)
        toStandardError(u"Password: "_s);
    std::optional<base::SecretBytes> line = readLineFromInput(stop);
    if (terminal)
        toStandardError(u"\n"_s);
    return line;
}

bool wantsColour(int descriptor)
{
    return ::isatty(descriptor) == 1 && qEnvironmentVariableIsEmpty("NO_COLOR")
        && qgetenv("TERM") != "dumb";
}

} // namespace cli
