#pragma once

#include "core/base/secretbytes.h"
#include "core/engine/target.h"

#include <QString>
#include <QStringList>

#include <mutex>
#include <optional>
#include <stop_token>

namespace cli {

/// Questions to the person at the terminal, one at a time even when several servers are audited.
class Terminal
{
public:
    explicit Terminal(std::stop_token stop)
        : m_stop(std::move(stop))
    { }

    /// Standard input and standard error are a terminal: somebody can be asked.
    bool canAsk() const;
    /// Without echo. nullopt when the person cancels or ends the input.
    std::optional<base::SecretBytes> askSecret(const QString &question);
    /// Shows type and fingerprint, and nothing else until there is an answer; true for "yes" or the
    /// fingerprint itself.
    bool askHostKey(const QString &place, const engine::HostKeyOffer &offer);

    /// A line about what is going on, overwritten by the next; nothing where nobody looks.
    void showProgress(const QString &text);
    void clearProgress();
    /// One line on standard error, safe for a terminal.
    void note(const QString &text);

private:
    /// `lines` stand right above the question.
    std::optional<base::SecretBytes>
    readLine(const QStringList &lines, const QString &question, bool echo);

    std::stop_token m_stop;
    std::mutex m_mutex;
    bool m_progressShown = false;
};

/// One line of the standard input, as it is; for --password-stdin. Asks without echo on a terminal.
/// nullopt at its end or beyond 4096 bytes.
std::optional<base::SecretBytes> readSecretLine(const std::stop_token &stop);

/// Colours are wanted on this descriptor: a terminal, no NO_COLOR, not "dumb".
bool wantsColour(int descriptor);

} // namespace cli
