#include "tests/checks/scenarios.h"

#include "tests/support/factsbuilder.h"
#include "tests/support/scenario.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>
#include <map>

namespace scenarios {

using namespace Qt::StringLiterals;

namespace {

const QString root = QStringLiteral(FLOWKEEP_SOURCE_DIR "/");

QString textOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return QString::fromUtf8(file.readAll());
}

std::optional<model::Verdict> verdictOf(const QString &word)
{
    return model::verdictFromWord(word == "na"_L1 ? u"notApplicable"_s : word);
}

Scenario scenarioOf(const QFileInfo &file)
{
    Scenario out;
    out.path = file.filePath();
    out.check = file.dir().dirName();
    out.name = file.fileName().chopped(QStringLiteral(".facts").size());
    const std::optional<model::Verdict> verdict = verdictOf(out.name.section(u'.', -1));
    if (!verdict)
        qFatal("%s says no verdict", qPrintable(out.path));
    out.verdict = *verdict;
    static const QRegularExpression note(u"^## (reach|severity|says|subject): (.*)$"_s,
                                         QRegularExpression::MultilineOption);
    auto found = note.globalMatch(textOf(out.path));
    while (found.hasNext()) {
        const QRegularExpressionMatch match = found.next();
        const QString value = match.captured(2).trimmed();
        if (match.captured(1) == "reach"_L1)
            out.reach = value;
        else if (match.captured(1) == "severity"_L1)
            out.severity = value;
        else if (match.captured(1) == "says"_L1)
            out.says.append(value);
        else
            out.subjects.append(value);
    }
    return out;
}

std::vector<Scenario> readAll()
{
    std::vector<Scenario> out;
    const QDir folder(root + u"tests/checks"_s);
    for (const QFileInfo &check :
         folder.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        const QDir files(check.filePath());
        for (const QFileInfo &file : files.entryInfoList({u"*.facts"_s}, QDir::Files, QDir::Name))
            out.push_back(scenarioOf(file));
    }
    return out;
}

QStringList sources()
{
    QStringList out;
    QDirIterator files(root + u"core/checks"_s, {u"*.cpp"_s}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext())
        out.append(files.next());
    out.sort();
    return out;
}

QString unescaped(QString text)
{
    text.replace(u"\\n"_s, u"\n"_s);
    text.replace(u"\\\""_s, u"\""_s);
    text.replace(u"\\\\"_s, u"\\"_s);
    return text;
}

} // namespace

const std::vector<Scenario> &all()
{
    static const std::vector<Scenario> scenarios = readAll();
    return scenarios;
}

namespace {

facts::Facts read(const Scenario &scenario)
{
    base::Result<facts::Snapshot> snapshot = support::loadScenario(scenario.path);
    if (!snapshot) {
        qWarning("%s", qPrintable(snapshot.error().detail));
        return {};
    }
    return facts::parse(std::move(*snapshot));
}

} // namespace

const facts::Facts &load(const Scenario &scenario)
{
    static std::map<QString, facts::Facts> known;
    const auto found = known.find(scenario.path);
    return found != known.end() ? found->second
                                : known.emplace(scenario.path, read(scenario)).first->second;
}

namespace {

QByteArray sectionText(const facts::Snapshot &snapshot, const QString &id)
{
    const auto found = std::ranges::find(snapshot.sections, id, &facts::Section::id);
    return found == snapshot.sections.end() ? QByteArray() : found->data;
}

} // namespace

QStringList servers()
{
    return {u"stock"_s, u"hardened"_s, u"hostnginx"_s, u"two"_s, u"demo"_s};
}

facts::Snapshot server(const QString &name)
{
    if (name == u"two"_s)
        return twoDeployments();
    const base::Result<facts::Snapshot> snapshot = name == u"demo"_s
        ? facts::fromJson(textOf(root + u"resources/demo/facts.json"_s).toUtf8())
        : support::loadBase(name);
    if (!snapshot)
        qFatal("%s: %s", qPrintable(name), qPrintable(snapshot.error().detail));
    return *snapshot;
}

facts::Snapshot twoDeployments()
{
    const facts::Snapshot stock = server(u"stock"_s);
    const facts::Snapshot hardened = server(u"hardened"_s);
    const auto renamed = [](QByteArray text) {
        text.replace("appflowy-cloud", "wiki");
        text.replace("/opt/AppFlowy-Cloud", "/srv/wiki");
        text.replace("docs.example.org", "wiki.example.org");
        text.replace("port\t443/tcp\t0.0.0.0\t443", "port\t443/tcp\t0.0.0.0\t8443");
        text.replace("port\t443/tcp\t::\t443", "port\t443/tcp\t::\t8443");
        text.replace("port\t80/tcp\t0.0.0.0\t80", "port\t80/tcp\t0.0.0.0\t8080");
        text.replace("port\t80/tcp\t::\t80", "port\t80/tcp\t::\t8080");
        text.replace("want\t443/tcp\t\t443", "want\t443/tcp\t\t8443");
        text.replace("want\t80/tcp\t\t80", "want\t80/tcp\t\t8080");
        text.replace("port\t443/tcp\t\t443", "port\t443/tcp\t\t8443");
        text.replace("port\t80/tcp\t\t80", "port\t80/tcp\t\t8080");
        return text;
    };
    support::SnapshotBuilder builder(stock);
    builder.section(u"containers"_s,
                    sectionText(stock, u"containers"_s) + '\n'
                        + renamed(sectionText(hardened, u"containers"_s)));
    builder.section(u"deployments"_s,
                    sectionText(stock, u"deployments"_s)
                        + renamed(sectionText(hardened, u"deployments"_s)).replace(0, 1, "2"));
    for (const char *name : {"env", "rendered", "nginx", "gotrue-schema", "gotrue-settings",
                             "password-probe", "db-role", "whitelist"}) {
        const QString id = QString::fromLatin1(name);
        builder.section(id + u"@2"_s, renamed(sectionText(hardened, id + u"@1"_s)));
    }
    model::Outside &outside = builder.outside();
    for (model::TlsObservation seen : hardened.outside.tls) {
        seen.serverName = u"wiki.example.org"_s;
        seen.port = 8443;
        outside.tls.push_back(seen);
    }
    for (model::HttpObservation seen : hardened.outside.http) {
        seen.host
            = seen.scheme == "https"_L1 ? u"wiki.example.org:8443"_s : u"wiki.example.org:8080"_s;
        seen.port = seen.scheme == "https"_L1 ? 8443 : 8080;
        seen.location = base::UntrustedText(renamed(seen.location.bytes()));
        outside.http.push_back(seen);
    }
    return builder.build();
}

std::vector<Literal> literals()
{
    static const QRegularExpression marked(
        uR"__(QT_TRANSLATE_NOOP\(\s*"(\w+)",\s*((?:"(?:[^"\\]|\\.)*"\s*)+))__"_s);
    static const QRegularExpression piece(uR"__("((?:[^"\\]|\\.)*)")__"_s);
    std::vector<Literal> out;
    for (const QString &file : sources()) {
        const QString source = textOf(file);
        auto found = marked.globalMatch(source);
        while (found.hasNext()) {
            const QRegularExpressionMatch match = found.next();
            QString text;
            auto pieces = piece.globalMatch(match.captured(2));
            while (pieces.hasNext())
                text += unescaped(pieces.next().captured(1));
            out.push_back({QDir(root).relativeFilePath(file), match.captured(1), text});
        }
    }
    return out;
}

QString sourceOf(const QString &id)
{
    for (const QString &file : sources()) {
        if (textOf(file).contains(u".id = u\"%1\"_s"_s.arg(id)))
            return textOf(file);
    }
    return {};
}

} // namespace scenarios
