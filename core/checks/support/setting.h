#pragma once

#include "core/checks/check.h"

#include <QByteArray>

#include <optional>
#include <vector>

/// How far one variable of the sign-in server got: file, rendered compose, running container, and
/// whether this version reads it.
namespace checks {

/// Which line of the sign-in server runs; Unknown where its migrations could not be read.
knowledge::GotrueLine gotrueLine(const facts::Fact<facts::GotrueSchema> &schema);

/// Running containers of a compose service. The list of containers must be known.
std::vector<const facts::Container *> running(const facts::Deployment &deployment,
                                              QByteArrayView service);

/// Running sign-in servers: by the compose service or, under whatever name, by the image. The list
/// of containers must be known.
std::vector<const facts::Container *> signInServers(const facts::Deployment &deployment);

struct Setting
{
    QByteArray key;
    QByteArray service;
    const facts::EnvEntry *inFile = nullptr; ///< `.env`
    const facts::EnvEntry *inCompose = nullptr; ///< rendered for the service
    const facts::EnvEntry *inProcess = nullptr; ///< the running container's
    std::optional<bool> read; ///< by this version; nullopt: not known
    bool lineKnown = false; ///< the version was identified
};

/// Follows `key` of GoTrue into `container`, which may be nullptr.
Setting
followGotrue(const Context &context, const facts::Container *container, const QByteArray &key);
/// The same, once for each time that the container's environment has the key: whose word counts is
/// up to whatever starts the process. At least one.
std::vector<Setting>
followAll(const Context &context, const facts::Container &container, const QByteArray &key);

/// What became of a delivered value.
enum class Obeyed {
    Yes, ///< it parses, and nothing says otherwise
    Unreadable, ///< it does not parse
    Contradicted, ///< behaviour was seen, and it was another
};

/// The five stops of the reach bar. `proven` is the place where behaviour was seen that the setting
/// asks for, empty for none.
std::vector<model::ReachStep> reachChain(const Context &context,
                                         const Setting &setting,
                                         Obeyed obeyed,
                                         const QString &proven = {});

/// What a delivered value comes to nothing by: this version does not read the key (fail), or is not
/// known to (warn). nullopt where it does.
std::optional<Evaluation> notHonoured(const Setting &setting);

/// The last stop that was reached.
model::Reach reachOf(const std::vector<model::ReachStep> &chain);

/// Evidence for where the setting was looked for and what was there: file, rendering and process.
std::vector<model::Evidence> settingEvidence(const Context &context, const Setting &setting);

} // namespace checks
