#pragma once

#include <QByteArray>
#include <QString>

#include <optional>
#include <span>

namespace facts {

/// What a section of the collector is. The command's text does not travel: it is known from the
/// name.
struct SectionInfo
{
    const char *name; ///< without "@N"
    const char *command; ///< as it is shown in evidence
    bool perDeployment; ///< its ids carry "@N"
    const char *purpose; ///< one short phrase, for documentation
};

/// Every section, in the order of collection.
std::span<const SectionInfo> sectionTable();
const SectionInfo *sectionInfo(QByteArrayView name);

/// A section id taken apart and checked against the table.
struct SectionId
{
    const SectionInfo *info = nullptr;
    int deployment = 0; ///< 0 for host-wide sections
};

/// nullopt for an unknown name, a number outside 1..deploymentLimit, or a number too many or
/// missing.
std::optional<SectionId> parseSectionId(QByteArrayView id);

/// "env@2"; the plain name for deployment 0.
QString sectionId(QByteArrayView name, int deployment = 0);

} // namespace facts
