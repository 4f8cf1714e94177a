#pragma once

#include <QString>

#include <optional>

namespace model {

/// What a check says. Unknown never counts as pass.
enum class Verdict { Pass, Fail, Warn, Unknown, Manual, NotApplicable };

/// How far a setting got. Each level needs the one before it.
enum class Reach {
    Absent, ///< no file has it
    Written, ///< a file that the tool loads has it
    Delivered, ///< the running process has it
    Honoured, ///< this identified version, or every version we know, reads it and the value parses
    Proven, ///< behaviour seen in this audit
};

enum class Severity { Info, Low, Medium, High, Critical };

/// The tiles of the posture page; `Logging` holds LOG and MON.
enum class Area {
    Inventory,
    Tls,
    Headers,
    Authentication,
    SingleSignOn,
    Data,
    Network,
    Logging,
    Backup,
    Governance,
};

/// How much of the server the collector could see.
enum class Privilege { Root, Sudo, User };

/// Words of the JSON formats: "pass", "notApplicable", "single-sign-on", ... Not for screens.
QString word(Verdict verdict);
QString word(Reach reach);
QString word(Severity severity);
QString word(Area area);
QString word(Privilege privilege);

/// The inverse, for files and options; nullopt for any other word.
std::optional<Verdict> verdictFromWord(QStringView text);
std::optional<Severity> severityFromWord(QStringView text);
std::optional<Privilege> privilegeFromWord(QStringView text);

} // namespace model
