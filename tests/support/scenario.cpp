#include "tests/support/scenario.h"

#include "tests/support/factsbuilder.h"
#include "tests/support/outsideedit.h"
#include "tests/support/sectionedit.h"

#include "core/facts/sectiontable.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace support {

using namespace Qt::StringLiterals;
using facts::Section;

namespace {

const QString baseFolder = QStringLiteral(FLOWKEEP_SOURCE_DIR "/tests/support/base/");

base::Result<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return base::fail(base::ErrorKind::FileNotFound, base::Stage::File, path,
                          file.errorString());
    return file.readAll();
}

/// A block "[...]" with the lines under it.
struct Block
{
    QStringList head;
    int line = 0;
    QList<QByteArray> lines;
};

struct Outline
{
    QString base;
    bool ended = true;
    QList<Block> blocks;
    QString problem;
    int problemLine = 0;
};

void readSetting(const QByteArray &line, Outline &outline)
{
    if (line.startsWith("base:"))
        outline.base = QString::fromUtf8(line.sliced(5).trimmed());
    else if (line == "ended: no")
        outline.ended = false;
    else
        outline.problem = u"expected base:, ended: or a block, not "_s + QString::fromUtf8(line);
}

/// Blank lines at the end of a block belong to the file, not to the section.
void trimEnd(Block &block)
{
    while (!block.lines.isEmpty() && block.lines.last().trimmed().isEmpty())
        block.lines.removeLast();
}

Outline readOutline(const QByteArray &text)
{
    Outline outline;
    int number = 0;
    for (const QByteArray &line : text.split('\n')) {
        ++number;
        const QByteArray trimmed = line.trimmed();
        // A comment of the scenario has two marks, so that a section may hold lines with one.
        if (trimmed.startsWith("##"))
            continue;
        if (line.startsWith('[') && trimmed.endsWith(']') && !line.startsWith("[{")) {
            const QString head = QString::fromUtf8(trimmed.sliced(1, trimmed.size() - 2));
            outline.blocks.append({head.split(u' ', Qt::SkipEmptyParts), number, {}});
        } else if (!outline.blocks.isEmpty()) {
            outline.blocks.last().lines.append(line);
        } else if (!trimmed.isEmpty()) {
            readSetting(trimmed, outline);
        }
        if (!outline.problem.isEmpty() && outline.problemLine == 0)
            outline.problemLine = number;
    }
    std::for_each(outline.blocks.begin(), outline.blocks.end(), trimEnd);
    return outline;
}

/// Outside blocks work on the JSON of facts files.
std::optional<QString> applyOutside(const Block &block, SnapshotBuilder &builder)
{
    QJsonObject file = QJsonDocument::fromJson(facts::toJson(builder.build())).object();
    QJsonArray outside = file[u"outside"_s].toArray();
    const QString verb = block.head.value(1);
    if (verb == u"none"_s) {
        outside = {};
        file[u"outsideAsked"_s] = false;
    } else if (verb == u"edit"_s) {
        for (const QByteArray &line : block.lines) {
            if (line.trimmed().isEmpty())
                continue;
            if (std::optional<QString> problem = editOutside(line, outside))
                return problem;
        }
    } else if (verb.isEmpty() || verb == u"add"_s) {
        const QJsonDocument added = QJsonDocument::fromJson(block.lines.join('\n'));
        if (!added.isArray())
            return u"expected a JSON array of observations"_s;
        if (verb.isEmpty())
            outside = {};
        for (const QJsonValue &observation : added.array())
            outside.append(observation);
        file[u"outsideAsked"_s] = true;
    } else {
        return u"[outside], [outside add], [outside edit] or [outside none]"_s;
    }
    file[u"outside"_s] = outside;
    const auto read = facts::fromJson(QJsonDocument(file).toJson());
    const std::size_t kept = read ? read->outside.tls.size() + read->outside.http.size()
            + read->outside.ports.size() + read->outside.refused.size()
                                  : 0;
    if (!read || kept != static_cast<std::size_t>(outside.size()))
        return u"a malformed observation"_s;
    builder.outside() = read->outside;
    return std::nullopt;
}

std::optional<QString> applySection(const Block &block, SnapshotBuilder &builder)
{
    const QString id = block.head.value(0);
    const QString verb = block.head.value(1, u"ok"_s);
    if (!facts::parseSectionId(id.toUtf8()))
        return u"no such section: "_s + id;
    if (verb == u"absent"_s) {
        builder.without(id);
        return std::nullopt;
    }
    if (verb == u"edit"_s) {
        const auto &sections = builder.snapshot().sections;
        const auto found = std::find_if(sections.begin(), sections.end(),
                                        [&](const Section &section) { return section.id == id; });
        if (found == sections.end())
            return u"nothing to edit in "_s + id;
        QByteArray text = found->data;
        const QByteArray record = block.head.value(2).toUtf8();
        for (const QByteArray &line : block.lines) {
            if (line.trimmed().isEmpty())
                continue;
            if (std::optional<QString> problem = editSection(id, record, line, text))
                return problem;
        }
        // Already as on the wire; the conversion leaves lines with a TAB alone, and one field has
        // none.
        builder.section(id, text);
        return std::nullopt;
    }
    const std::optional<Section::Status> status = facts::statusFromWord(verb);
    if (!status)
        return u"no such status: "_s + verb;
    QByteArray text = block.lines.join('\n');
    if (!text.isEmpty())
        text += '\n';
    builder.section(id, text, *status);
    return std::nullopt;
}

base::Result<facts::Snapshot> read(const QString &path, const QByteArray &text)
{
    const auto bad = [&](int line, const QString &what) {
        return base::fail(base::ErrorKind::BadFormat, base::Stage::File, path,
                          u"%1:%2: %3"_s.arg(path).arg(line).arg(what));
    };
    const Outline outline = readOutline(text);
    if (!outline.problem.isEmpty())
        return bad(outline.problemLine, outline.problem);
    SnapshotBuilder builder;
    if (outline.base.isEmpty())
        return bad(1, u"a scenario begins with \"base: NAME\" or \"base: none\""_s);
    if (outline.base != u"none"_s) {
        const base::Result<facts::Snapshot> start = loadBase(outline.base);
        if (!start)
            return base::fail(start);
        builder = SnapshotBuilder(*start);
    }
    for (const Block &block : outline.blocks) {
        const bool outside = block.head.value(0) == u"outside"_s;
        const std::optional<QString> problem
            = outside ? applyOutside(block, builder) : applySection(block, builder);
        if (problem)
            return bad(block.line, *problem);
    }
    if (!outline.ended)
        builder.cutStream();
    return builder.build();
}

} // namespace

base::Result<facts::Snapshot> loadScenario(const QString &path)
{
    const base::Result<QByteArray> text = readFile(path);
    if (!text)
        return base::fail(text);
    return read(path, *text);
}

base::Result<facts::Snapshot> loadBase(const QString &name)
{
    const QString collected = baseFolder + name + u".facts.json"_s;
    if (!QFile::exists(collected))
        return loadScenario(baseFolder + name + u".facts"_s);
    const base::Result<QByteArray> json = readFile(collected);
    if (!json)
        return base::fail(json);
    return facts::fromJson(*json);
}

} // namespace support
