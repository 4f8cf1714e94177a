#include "tests/checks/scenarios.h"

#include "tests/support/scenario.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

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
