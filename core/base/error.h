#pragma once

#include <QString>

namespace base {

/// Where in the way from the desktop to the server something failed; the words of the command line
/// (`flowkeep-cli: STAGE: what; what to do`) and of the window's stage bar.
enum class Stage {
    Name,
    Tcp,
    Banner,
    Kex,
    HostKey,
    Authentication,
    Shell,
    Sudo,
    Collect,
    Parse,
    Plan,
    Precondition,
    Write,
    Validate,
    Activate,
    Probe,
    Confirm,
    File,
};

/// What failed, for code that must branch on it. Every kind has one text in core/engine/messages.
enum class ErrorKind {
    // connection
    NameNotFound,
    ConnectionRefused,
    Unreachable,
    TimedOut,
    ConnectionLost,
    NotAnSshServer,
    NoCommonAlgorithm,
    HostKeyUnknown,
    HostKeyChanged,
    HostKeyRevoked,
    HostKeyMismatch,
    AuthenticationFailed,
    AuthenticationUnsupported,
    KeyFileUnreadable,
    PassphraseNeeded,
    PasswordNeeded,
    AgentUnavailable,
    // becoming root
    SudoPasswordNeeded,
    SudoPasswordWrong,
    SudoRefused,
    SudoUnsupported,
    BadPassword,
    // reading a server
    RemoteShell,
    TooMuchOutput,
    ProtocolViolation,
    NothingCollected,
    // files and input
    FileNotFound,
    FileUnreadable,
    FileUnwritable,
    FileExists,
    BadFormat,
    UnsupportedSchema,
    TooLarge,
    BadInput,
    UnknownName,
    NotInThisVersion,
    DatabaseDamaged,
    DatabaseNewer,
    DatabaseBusy,
    // the person or we ourselves
    Cancelled,
    Internal,
};

/// One failure. `what` names the thing that failed (a host, a file, a key) and is shown to people;
/// `detail` is for the log and the "Details" of a dialog. Neither ever holds a secret.
struct Error
{
    ErrorKind kind = ErrorKind::Internal;
    Stage stage = Stage::File;
    QString what;
    QString detail;
};

/// The word used on the command line, e.g. "host-key".
QString stageName(Stage stage);

/// A stable word for logs, JSON and tests, e.g. "HostKeyChanged".
QString kindName(ErrorKind kind);

} // namespace base
