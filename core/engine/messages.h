#pragma once

#include "core/base/error.h"

#include <QString>

#include <functional>

namespace engine {

/// What failed, and the one thing to do next.
struct Message
{
    QString what;
    QString next;
};

/// For a host key that is unknown although known_hosts has an authority for the host. Context
/// "Message".
extern const char *const onlyAuthorityNote;

/// One table for window and command line; a test walks every kind. `translate` is given the source
/// text (context "Message"); without one the answer is English.
Message message(const base::Error &error,
                const std::function<QString(const char *)> &translate = {});

/// "STAGE: what failed; what to do", one line, safe for a terminal.
QString oneLine(const base::Error &error);

/// No failure: a damaged database is now under this name, and an empty one in its place.
Message setAsideMessage(const QString &file,
                        const std::function<QString(const char *)> &translate = {});
/// The same as `oneLine` says failures.
QString setAsideLine(const QString &file);

} // namespace engine
