#include "core/base/error.h"

namespace base {

using namespace Qt::StringLiterals;

QString stageName(Stage stage)
{
    switch (stage) {
    case Stage::Name:
        return u"name"_s;
    case Stage::Tcp:
        return u"tcp"_s;
    case Stage::Banner:
        return u"banner"_s;
    case Stage::Kex:
        return u"kex"_s;
    case Stage::HostKey:
        return u"host-key"_s;
    case Stage::Authentication:
        return u"authentication"_s;
    case Stage::Shell:
        return u"shell"_s;
    case Stage::Sudo:
        return u"sudo"_s;
    case Stage::Collect:
        return u"collect"_s;
    case Stage::Parse:
        return u"parse"_s;
    case Stage::Plan:
        return u"plan"_s;
    case Stage::Precondition:
        return u"precondition"_s;
    case Stage::Write:
        return u"write"_s;
    case Stage::Validate:
        return u"validate"_s;
    case Stage::Activate:
        return u"activate"_s;
    case Stage::Probe:
        return u"probe"_s;
    case Stage::Confirm:
        return u"confirm"_s;
    case Stage::File:
        return u"file"_s;
    }
    return u"internal"_s;
}

QString kindName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::NameNotFound:
        return u"NameNotFound"_s;
    case ErrorKind::ConnectionRefused:
        return u"ConnectionRefused"_s;
    case ErrorKind::Unreachable:
        return u"Unreachable"_s;
    case ErrorKind::TimedOut:
        return u"TimedOut"_s;
    case ErrorKind::ConnectionLost:
        return u"ConnectionLost"_s;
    case ErrorKind::NotAnSshServer:
        return u"NotAnSshServer"_s;
    case ErrorKind::NoCommonAlgorithm:
        return u"NoCommonAlgorithm"_s;
    case ErrorKind::HostKeyUnknown:
        return u"HostKeyUnknown"_s;
    case ErrorKind::HostKeyChanged:
        return u"HostKeyChanged"_s;
    case ErrorKind::HostKeyRevoked:
        return u"HostKeyRevoked"_s;
    case ErrorKind::HostKeyMismatch:
        return u"HostKeyMismatch"_s;
    case ErrorKind::AuthenticationFailed:
        return u"AuthenticationFailed"_s;
    case ErrorKind::AuthenticationUnsupported:
        return u"AuthenticationUnsupported"_s;
    case ErrorKind::KeyFileUnreadable:
        return u"KeyFileUnreadable"_s;
    case ErrorKind::PassphraseNeeded:
        return u"PassphraseNeeded"_s;
    case ErrorKind::PasswordNeeded:
        return u"PasswordNeeded"_s;
    case ErrorKind::AgentUnavailable:
        return u"AgentUnavailable"_s;
    case ErrorKind::SudoPasswordNeeded:
        return u"SudoPasswordNeeded"_s;
    case ErrorKind::SudoPasswordWrong:
        return u"SudoPasswordWrong"_s;
    case ErrorKind::SudoRefused:
        return u"SudoRefused"_s;
    case ErrorKind::SudoUnsupported:
        return u"SudoUnsupported"_s;
    case ErrorKind::BadPassword:
        return u"BadPassword"_s;
    case ErrorKind::RemoteShell:
        return u"RemoteShell"_s;
    case ErrorKind::TooMuchOutput:
        return u"TooMuchOutput"_s;
    case ErrorKind::ProtocolViolation:
        return u"ProtocolViolation"_s;
    case ErrorKind::NothingCollected:
        return u"NothingCollected"_s;
    case ErrorKind::FileNotFound:
        return u"FileNotFound"_s;
    case ErrorKind::FileUnreadable:
        return u"FileUnreadable"_s;
    case ErrorKind::FileUnwritable:
        return u"FileUnwritable"_s;
    case ErrorKind::FileExists:
        return u"FileExists"_s;
    case ErrorKind::BadFormat:
        return u"BadFormat"_s;
    case ErrorKind::UnsupportedSchema:
        return u"UnsupportedSchema"_s;
    case ErrorKind::TooLarge:
        return u"TooLarge"_s;
    case ErrorKind::BadInput:
        return u"BadInput"_s;
    case ErrorKind::UnknownName:
        return u"UnknownName"_s;
    case ErrorKind::NotInThisVersion:
        return u"NotInThisVersion"_s;
    case ErrorKind::DatabaseDamaged:
        return u"DatabaseDamaged"_s;
    case ErrorKind::DatabaseNewer:
        return u"DatabaseNewer"_s;
    case ErrorKind::DatabaseBusy:
        return u"DatabaseBusy"_s;
    case ErrorKind::Cancelled:
        return u"Cancelled"_s;
    case ErrorKind::Internal:
        return u"Internal"_s;
    }
    return u"Internal"_s;
}

} // namespace base
