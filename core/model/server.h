#pragma once

#include <QString>

namespace model {

enum class LoginMethod { Agent, KeyFile, Password };
enum class SudoMethod { None, WithoutPassword, SameAsLogin, OtherPassword };

/// A server as a person describes it. What the store keeps; never a secret.
struct Server
{
    QString id; ///< ULID, empty until saved
    QString name;
    QString host;
    quint16 port = 22;
    QString user;
    LoginMethod login = LoginMethod::Agent;
    QString keyFile;
    SudoMethod sudo = SudoMethod::WithoutPassword;
    QString group;
    QString publicName; ///< confirmed once with the address shown; empty for none

    friend bool operator==(const Server &, const Server &) = default;
};

} // namespace model
