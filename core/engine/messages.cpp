#include "core/engine/messages.h"

#include "core/base/untrustedtext.h"

#include <QCoreApplication>

#include <iterator>
#include <optional>

namespace engine {

using base::ErrorKind;
using base::Stage;
using namespace Qt::StringLiterals;

namespace {

/// `%1` is the error's own `what`: a host, a file, a name. `bare` is the text for an error without
/// one.
struct Entry
{
    ErrorKind kind;
    std::optional<Stage> stage; ///< nullopt: at every stage that has no entry of its own
    const char *what;
    const char *bare;
    const char *next;
};

// clang-format off
constexpr Entry table[] = {
    // Connection
    {ErrorKind::NameNotFound, {}, QT_TRANSLATE_NOOP("Message", "No address is known for %1"),
     QT_TRANSLATE_NOOP("Message", "The host name has no address"),
     QT_TRANSLATE_NOOP("Message", "Check the spelling and this computer's name resolution")},
    {ErrorKind::ConnectionRefused, {}, QT_TRANSLATE_NOOP("Message", "%1 refuses the connection"),
     QT_TRANSLATE_NOOP("Message", "The server refuses the connection"),
     QT_TRANSLATE_NOOP("Message", "Check the port and that the SSH server runs")},
    {ErrorKind::Unreachable, {}, QT_TRANSLATE_NOOP("Message", "No route leads to %1"),
     QT_TRANSLATE_NOOP("Message", "No route leads to the server"),
     QT_TRANSLATE_NOOP("Message", "Check the network, the VPN and the address")},
    {ErrorKind::TimedOut, Stage::Name, QT_TRANSLATE_NOOP("Message", "Looking up %1 takes too long"),
     QT_TRANSLATE_NOOP("Message", "Looking up the host name takes too long"),
     QT_TRANSLATE_NOOP("Message", "Check this computer's name resolution")},
    {ErrorKind::TimedOut, Stage::Tcp, QT_TRANSLATE_NOOP("Message", "%1 does not answer"),
     QT_TRANSLATE_NOOP("Message", "The server does not answer"),
     QT_TRANSLATE_NOOP("Message", "Check the address, and that a firewall lets this computer in")},
    {ErrorKind::TimedOut, Stage::Collect, QT_TRANSLATE_NOOP("Message", "Reading %1 takes too long"),
     QT_TRANSLATE_NOOP("Message", "Reading the server takes too long"),
     QT_TRANSLATE_NOOP("Message", "Check the load of the server and run the audit again")},
    {ErrorKind::TimedOut, Stage::Sudo, QT_TRANSLATE_NOOP("Message", "sudo on %1 does not answer"),
     QT_TRANSLATE_NOOP("Message", "sudo on the server does not answer"),
     QT_TRANSLATE_NOOP("Message", "Run sudo there by hand and see what it waits for")},
    {ErrorKind::TimedOut, Stage::File, QT_TRANSLATE_NOOP("Message", "Another Flowkeep holds %1"),
     QT_TRANSLATE_NOOP("Message", "Another Flowkeep holds the file"),
     QT_TRANSLATE_NOOP("Message", "Wait until it is done, or end it, and try again")},
    {ErrorKind::TimedOut, {}, QT_TRANSLATE_NOOP("Message", "%1 stops answering"),
     QT_TRANSLATE_NOOP("Message", "The server stops answering"),
     QT_TRANSLATE_NOOP("Message", "Check the load of the server and try again")},
    {ErrorKind::ConnectionLost, Stage::Collect,
     QT_TRANSLATE_NOOP("Message", "The connection to %1 breaks while the server is read"),
     QT_TRANSLATE_NOOP("Message", "The connection breaks while the server is read"),
     QT_TRANSLATE_NOOP("Message", "Run the audit again; nothing changed on the server")},
    {ErrorKind::ConnectionLost, {}, QT_TRANSLATE_NOOP("Message", "%1 closes the connection"),
     QT_TRANSLATE_NOOP("Message", "The server closes the connection"),
     QT_TRANSLATE_NOOP("Message", "Wait a moment and try again; the server may limit or ban connections")},
    {ErrorKind::NotAnSshServer, {}, QT_TRANSLATE_NOOP("Message", "%1 is not an SSH server"),
     QT_TRANSLATE_NOOP("Message", "What answers is not an SSH server"),
     QT_TRANSLATE_NOOP("Message", "Check the port")},
    {ErrorKind::NoCommonAlgorithm, {},
     QT_TRANSLATE_NOOP("Message", "%1 offers no algorithm that this build can use"),
     QT_TRANSLATE_NOOP("Message", "The server offers no algorithm that this build can use"),
     QT_TRANSLATE_NOOP("Message", "Compare both offers in the details; update the older side")},

    // Host keys
    {ErrorKind::HostKeyUnknown, {}, QT_TRANSLATE_NOOP("Message", "The host key of %1 is not known"),
     QT_TRANSLATE_NOOP("Message", "The host key is not known"),
     QT_TRANSLATE_NOOP("Message", "Compare the fingerprint with the server's, then accept it")},
    {ErrorKind::HostKeyChanged, {}, QT_TRANSLATE_NOOP("Message", "The host key of %1 has changed"),
     QT_TRANSLATE_NOOP("Message", "The host key has changed"),
     QT_TRANSLATE_NOOP("Message", "Do not go on before somebody confirms that the server has a new key")},
    {ErrorKind::HostKeyRevoked, {}, QT_TRANSLATE_NOOP("Message", "The host key of %1 is revoked"),
     QT_TRANSLATE_NOOP("Message", "The host key is revoked"),
     QT_TRANSLATE_NOOP("Message", "Do not connect; ask who revoked it in known_hosts")},
    {ErrorKind::HostKeyMismatch, {},
     QT_TRANSLATE_NOOP("Message", "The host key of %1 is not the one with the given fingerprint"),
     QT_TRANSLATE_NOOP("Message", "The host key is not the one with the given fingerprint"),
     QT_TRANSLATE_NOOP("Message", "Check the fingerprint on the server's own console")},

    // Login
    {ErrorKind::AuthenticationFailed, {}, QT_TRANSLATE_NOOP("Message", "The server rejects the login of %1"),
     QT_TRANSLATE_NOOP("Message", "The server rejects the login"),
     QT_TRANSLATE_NOOP("Message", "Check user, key or password")},
    {ErrorKind::AuthenticationUnsupported, {},
     QT_TRANSLATE_NOOP("Message", "%1 wants a way of login that Flowkeep does not know"),
     QT_TRANSLATE_NOOP("Message", "The server wants a way of login that Flowkeep does not know"),
     QT_TRANSLATE_NOOP("Message", "Log in with a key, an agent or a password")},
    {ErrorKind::KeyFileUnreadable, {}, QT_TRANSLATE_NOOP("Message", "The key file %1 cannot be read"),
     QT_TRANSLATE_NOOP("Message", "The key file cannot be read"),
     QT_TRANSLATE_NOOP("Message", "Check the path, its permissions and its passphrase")},
    {ErrorKind::PassphraseNeeded, {}, QT_TRANSLATE_NOOP("Message", "The key file %1 has a passphrase"),
     QT_TRANSLATE_NOOP("Message", "The key file has a passphrase"),
     QT_TRANSLATE_NOOP("Message", "Enter it, or load the key into your agent")},
    {ErrorKind::PasswordNeeded, {}, QT_TRANSLATE_NOOP("Message", "The login of %1 needs a password"),
     QT_TRANSLATE_NOOP("Message", "The login needs a password"),
     QT_TRANSLATE_NOOP("Message", "Enter the password, or log in with a key")},
    {ErrorKind::AgentUnavailable, {}, QT_TRANSLATE_NOOP("Message", "No SSH agent answers for %1"),
     QT_TRANSLATE_NOOP("Message", "No SSH agent answers"),
     QT_TRANSLATE_NOOP("Message", "Start an agent and add the key, or name a key file")},

    // Becoming root
    {ErrorKind::SudoPasswordNeeded, {}, QT_TRANSLATE_NOOP("Message", "sudo asks %1 for a password"),
     QT_TRANSLATE_NOOP("Message", "sudo asks for a password"),
     QT_TRANSLATE_NOOP("Message", "Enter the sudo password")},
    {ErrorKind::SudoPasswordWrong, {}, QT_TRANSLATE_NOOP("Message", "sudo rejects the password of %1"),
     QT_TRANSLATE_NOOP("Message", "sudo rejects the password"),
     QT_TRANSLATE_NOOP("Message", "Check it before the next try; servers count wrong ones")},
    {ErrorKind::SudoRefused, {}, QT_TRANSLATE_NOOP("Message", "sudo does not let %1 run a shell"),
     QT_TRANSLATE_NOOP("Message", "sudo does not let this user run a shell"),
     QT_TRANSLATE_NOOP("Message", "Use a user that may run sh through sudo, or audit without root")},
    {ErrorKind::SudoUnsupported, {},
     QT_TRANSLATE_NOOP("Message", "The sudo of %1 asks in a way that Flowkeep does not know"),
     QT_TRANSLATE_NOOP("Message", "The server's sudo asks in a way that Flowkeep does not know"),
     QT_TRANSLATE_NOOP("Message", "Log in as root with a key, or allow sudo without a password")},
    {ErrorKind::BadPassword, {}, QT_TRANSLATE_NOOP("Message", "The password for %1 holds a line break or NUL"),
     QT_TRANSLATE_NOOP("Message", "The password holds a line break or NUL"),
     QT_TRANSLATE_NOOP("Message", "Enter it on one line; nothing was sent")},

    // Reading a server
    {ErrorKind::RemoteShell, {}, QT_TRANSLATE_NOOP("Message", "The login shell of %1 does not run commands"),
     QT_TRANSLATE_NOOP("Message", "The login shell does not run commands"),
     QT_TRANSLATE_NOOP("Message", "Use a user with an ordinary shell")},
    {ErrorKind::TooMuchOutput, {}, QT_TRANSLATE_NOOP("Message", "%1 sends more than can be an answer"),
     QT_TRANSLATE_NOOP("Message", "The server sends more than can be an answer"),
     QT_TRANSLATE_NOOP("Message", "Look at what the login scripts of this user print")},
    {ErrorKind::ProtocolViolation, {}, QT_TRANSLATE_NOOP("Message", "%1 breaks the protocol"),
     QT_TRANSLATE_NOOP("Message", "The server breaks the protocol"),
     QT_TRANSLATE_NOOP("Message", "Read the details; something between may alter the connection")},
    {ErrorKind::NothingCollected, Stage::Parse, QT_TRANSLATE_NOOP("Message", "%1 holds no collector output"),
     QT_TRANSLATE_NOOP("Message", "There is no collector output in it"),
     QT_TRANSLATE_NOOP("Message", "Store the whole output of the collector, run as root")},
    {ErrorKind::NothingCollected, {}, QT_TRANSLATE_NOOP("Message", "The collector brings nothing from %1"),
     QT_TRANSLATE_NOOP("Message", "The collector brings nothing"),
     QT_TRANSLATE_NOOP("Message", "Log in there by hand and see what the shell prints")},

    // Files and input
    {ErrorKind::FileNotFound, {}, QT_TRANSLATE_NOOP("Message", "There is no file %1"),
     QT_TRANSLATE_NOOP("Message", "The file is not there"),
     QT_TRANSLATE_NOOP("Message", "Check the path")},
    {ErrorKind::FileUnreadable, {}, QT_TRANSLATE_NOOP("Message", "%1 cannot be read"),
     QT_TRANSLATE_NOOP("Message", "The file cannot be read"),
     QT_TRANSLATE_NOOP("Message", "Check that it is a file and that you may read it")},
    {ErrorKind::FileUnwritable, {}, QT_TRANSLATE_NOOP("Message", "%1 cannot be written"),
     QT_TRANSLATE_NOOP("Message", "The file cannot be written"),
     QT_TRANSLATE_NOOP("Message", "Check the folder, its permissions and the free space")},
    {ErrorKind::FileExists, {}, QT_TRANSLATE_NOOP("Message", "%1 is there already"),
     QT_TRANSLATE_NOOP("Message", "The file is there already"),
     QT_TRANSLATE_NOOP("Message", "Choose another name, or overwrite it with --force")},
    {ErrorKind::BadFormat, {}, QT_TRANSLATE_NOOP("Message", "%1 is not what it has to be"),
     QT_TRANSLATE_NOOP("Message", "The content is not what it has to be"),
     QT_TRANSLATE_NOOP("Message", "Make it again with this version of Flowkeep")},
    {ErrorKind::UnsupportedSchema, {}, QT_TRANSLATE_NOOP("Message", "%1 has a format that this version does not know"),
     QT_TRANSLATE_NOOP("Message", "The format is not known to this version"),
     QT_TRANSLATE_NOOP("Message", "Use the version of Flowkeep that made it, or a newer one")},
    {ErrorKind::TooLarge, {}, QT_TRANSLATE_NOOP("Message", "%1 is larger than such a file can be"),
     QT_TRANSLATE_NOOP("Message", "The file is larger than it can be"),
     QT_TRANSLATE_NOOP("Message", "Check that it is the right file")},
    {ErrorKind::BadInput, {}, QT_TRANSLATE_NOOP("Message", "%1 cannot be used"),
     QT_TRANSLATE_NOOP("Message", "The input cannot be used"),
     QT_TRANSLATE_NOOP("Message", "See --help for what is wanted")},
    {ErrorKind::UnknownName, {}, QT_TRANSLATE_NOOP("Message", "Nothing is named %1"),
     QT_TRANSLATE_NOOP("Message", "Nothing has this name"),
     QT_TRANSLATE_NOOP("Message", "Check the spelling")},
    {ErrorKind::NotInThisVersion, {}, QT_TRANSLATE_NOOP("Message", "%1 is not in this version"),
     QT_TRANSLATE_NOOP("Message", "This is not in this version"),
     QT_TRANSLATE_NOOP("Message", "See --help for what is")},
    {ErrorKind::DatabaseDamaged, {}, QT_TRANSLATE_NOOP("Message", "The database %1 is damaged"),
     QT_TRANSLATE_NOOP("Message", "The database is damaged"),
     QT_TRANSLATE_NOOP("Message", "Restore the file from a backup, or move it away to start empty")},
    {ErrorKind::DatabaseNewer, {}, QT_TRANSLATE_NOOP("Message", "The database %1 was made by a newer version"),
     QT_TRANSLATE_NOOP("Message", "The database was made by a newer version"),
     QT_TRANSLATE_NOOP("Message", "Start the newer version")},
    {ErrorKind::DatabaseBusy, {}, QT_TRANSLATE_NOOP("Message", "The database %1 is in use"),
     QT_TRANSLATE_NOOP("Message", "The database is in use"),
     QT_TRANSLATE_NOOP("Message", "Wait until the other Flowkeep is done and try again")},

    // The person, or we ourselves
    {ErrorKind::Cancelled, {}, QT_TRANSLATE_NOOP("Message", "Cancelled: %1"),
     QT_TRANSLATE_NOOP("Message", "Cancelled"),
     QT_TRANSLATE_NOOP("Message", "Start again whenever you like")},
    {ErrorKind::Internal, {}, QT_TRANSLATE_NOOP("Message", "Flowkeep itself fails: %1"),
     QT_TRANSLATE_NOOP("Message", "Flowkeep itself fails"),
     QT_TRANSLATE_NOOP("Message", "Report it with the details")},
};
// clang-format on

const Entry &entryFor(const base::Error &error)
{
    const Entry *general = nullptr;
    for (const Entry &entry : table) {
        if (entry.kind != error.kind)
            continue;
        if (entry.stage == error.stage)
            return entry;
        if (!entry.stage)
            general = &entry;
    }
    // Every kind has a general entry; the test of the table walks them all.
    return general ? *general : table[std::size(table) - 1];
}

QString lowerFirst(const QString &text)
{
    return text.isEmpty() ? text : text.first(1).toLower() + text.sliced(1);
}

QString line(base::Stage stage, const QString &what, const QString &next)
{
    return base::UntrustedText(base::stageName(stage) + u": "_s + what + u"; "_s + lowerFirst(next))
        .terminal();
}

} // namespace

const char *const onlyAuthorityNote = QT_TRANSLATE_NOOP(
    "Message",
    "For this host known_hosts only has a certificate authority. Flowkeep cannot verify host "
    "certificates, so the key itself has to be compared.");

Message message(const base::Error &error, const std::function<QString(const char *)> &translate)
{
    const auto tr
        = [&](const char *text) { return translate ? translate(text) : QString::fromUtf8(text); };
    const Entry &entry = entryFor(error);
    if (error.what.isEmpty())
        return {tr(entry.bare), tr(entry.next)};
    return {tr(entry.what).arg(base::UntrustedText(error.what).display()), tr(entry.next)};
}

QString oneLine(const base::Error &error)
{
    const Message text = message(error);
    const bool startsWithName
        = !error.what.isEmpty() && QLatin1StringView(entryFor(error).what).startsWith("%1"_L1);
    return line(error.stage, startsWithName ? text.what : lowerFirst(text.what), text.next);
}

Message setAsideMessage(const QString &file, const std::function<QString(const char *)> &translate)
{
    const char *what = QT_TRANSLATE_NOOP("Message", "The damaged database is set aside as %1");
    const char *next = QT_TRANSLATE_NOOP("Message",
                                         "An empty one is in its place; restore a backup to see "
                                         "saved servers and audits again");
    const auto tr
        = [&](const char *text) { return translate ? translate(text) : QString::fromUtf8(text); };
    return {tr(what).arg(base::UntrustedText(file).display()), tr(next)};
}

QString setAsideLine(const QString &file)
{
    const Message text = setAsideMessage(file);
    return line(base::Stage::File, lowerFirst(text.what), text.next);
}

} // namespace engine
