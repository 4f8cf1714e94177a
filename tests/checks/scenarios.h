#pragma once

#include "core/base/result.h"
#include "core/checks/check.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

/// What the tests of all checks share: the scenario files and the sources they must cover.
namespace scenarios {

/// tests/checks/<ID>/<name>.<verdict>.facts. Lines that begin with "## NAME:" say more of the
/// finding that must come out: reach, severity, says (part of the summary), subject. Each may be
/// repeated.
struct Scenario
{
    QString path;
    QString check; ///< "AUTH-01"
    QString name; ///< file name without ".facts"
    model::Verdict verdict = model::Verdict::Unknown;
    std::optional<QString> reach; ///< word of the format; "none" where there must be none
    std::optional<QString> severity;
    QStringList says;
    QStringList subjects;

    bool isLookalike() const { return name.startsWith(QStringLiteral("lookalike-")); }
};

/// Every scenario of the tree. Ends the test on a file name that says no verdict.
const std::vector<Scenario> &all();

/// Parsed and ready to be judged. A file that cannot be read says so and gives no deployment.
/// Read once, kept for the life of the test.
const facts::Facts &load(const Scenario &scenario);

/// A whole server by name, for what must hold of any: "stock", "hardened", "hostnginx" (visitors
/// come in by an nginx of the host), "two" (stock and hardened on one host), "demo" (a real
/// collection). Ends the test where it cannot be read.
facts::Snapshot server(const QString &name);
QStringList servers();

/// The hardened server's deployment under another name, on other ports, beside the stock one.
facts::Snapshot twoDeployments();

/// A marked text of the checks' sources, adjacent literals joined as the compiler does.
struct Literal
{
    QString file;
    QString context; ///< "Sentence", "Check"
    QString text;
};

std::vector<Literal> literals();

/// The source file of a check, by its id in it.
QString sourceOf(const QString &id);

} // namespace scenarios
