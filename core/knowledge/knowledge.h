#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QDate>
#include <QString>

#include <optional>
#include <vector>

/// What we know of the world, as dated data with sources (resources/knowledge/*.json).
namespace knowledge {

/// One key of the security guide and what really happens with it.
struct GuideKey
{
    QByteArray key;
    int guideLine = 0;
    QByteArray
        component; ///< the service that reads it ("gotrue", "minio", ...); empty = nothing does
    QString realMechanism; ///< what to use instead, names as written in files
    bool deliveredByVendor = false; ///< the vendor's compose file passes it on
    QString danger; ///< why the guide's value must not be applied as written; empty where harmless
};

/// Lines of AppFlowy's sign-in server that can be told apart.
enum class GotrueLine { Unknown, OldFork, NewFork, Upstream };

/// A name that GoTrue reads.
struct GotrueKey
{
    QByteArray key;
    QByteArray since; ///< first upstream release that reads it; "2.13" = that or older, "fork" =
                      ///< forks only
    bool oldFork = false; ///< read by the old fork's base (2.159)
    bool newFork = false; ///< read by the new fork's base (2.182)
    QString type; ///< int, bool, duration, string, list, ...
    QByteArray
        defaultValue; ///< built-in default, as GoTrue would parse it; empty where there is none
};

struct FactorySecret
{
    QByteArray key; ///< the variable it ships in
    QByteArray value;
    QString source;
};

struct PublicKey
{
    QByteArray spkiSha256; ///< hex
    QString title;
};

/// Where a statement of the data comes from.
struct DataSource
{
    QString title;
    QString url;
    QDate date; ///< when it was last read
};

class Knowledge
{
public:
    /// The data compiled into the program.
    static const Knowledge &builtIn();
    /// Each argument is one whole JSON file. Fails with BadFormat on anything that is not as
    /// expected: the data ship with the program.
    static base::Result<Knowledge> fromJson(const QByteArray &guideKeys,
                                            const QByteArray &gotrueKeys,
                                            const QByteArray &secrets,
                                            const QByteArray &publicKeys);

    const std::vector<GuideKey> &guideKeys() const { return m_guideKeys; }
    const std::vector<GotrueKey> &gotrueKeys() const { return m_gotrueKeys; }
    const std::vector<FactorySecret> &factorySecrets() const { return m_secrets; }
    const std::vector<PublicKey> &publicKeys() const { return m_publicKeys; }
    const std::vector<DataSource> &sources() const { return m_sources; }
    const GuideKey *guideKey(QByteArrayView key) const;
    const GotrueKey *gotrueKey(QByteArrayView key) const;

    /// Reads it: true or false for an identified line; for an unknown line true only when every
    /// line we know reads it, false when none does, nullopt otherwise. Upstream has no version
    /// here, so that there only the oldest keys are certain.
    std::optional<bool> gotrueReads(QByteArrayView key, GotrueLine line) const;

    QDate reviewed() const { return m_reviewed; } ///< oldest review date of the data

private:
    std::vector<GuideKey> m_guideKeys;
    std::vector<GotrueKey> m_gotrueKeys; ///< sorted by key
    std::vector<FactorySecret> m_secrets;
    std::vector<PublicKey> m_publicKeys;
    std::vector<DataSource> m_sources;
    QDate m_reviewed;
};

} // namespace knowledge
