#include "tests/support/sectionedit.h"

#include "tests/support/factsbuilder.h"

#include <QList>

#include <algorithm>

namespace support {

using namespace Qt::StringLiterals;

namespace {

using Lines = QList<QByteArray>;

/// Where the record's lines stand: [begin, end). The whole text where no record is named.
struct Range
{
    qsizetype begin = 0;
    qsizetype end = 0;
};

std::optional<Range> rangeOf(const Lines &lines, const QByteArray &record)
{
    if (record.isEmpty())
        return Range{0, lines.size()};
    const auto isHead = [](const QByteArray &line) {
        return line.startsWith("container\t") || line.startsWith("service\t");
    };
    for (qsizetype begin = 0; begin < lines.size(); ++begin) {
        const bool rendered = lines[begin].startsWith("service\t");
        if (!rendered && !lines[begin].startsWith("container\t"))
            continue;
        qsizetype end = begin + 1;
        // Inside a container "service" is a field, not the head of a record.
        while (end < lines.size()
               && !(rendered ? isHead(lines[end]) : lines[end].startsWith("container\t")))
            ++end;
        const Lines own = lines.sliced(begin, end - begin);
        if (own.contains("service\t" + record) || own.contains("name\t" + record))
            return Range{begin, end};
    }
    return std::nullopt;
}

bool fits(const QByteArray &line, const Lines &pattern)
{
    const Lines fields = line.split('\t');
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        if (i >= fields.size() || (pattern[i] != "*" && pattern[i] != fields[i]))
            return false;
    }
    return true;
}

/// The fields by which `set` finds the line it replaces.
Lines keyOf(const QString &id, const Lines &fields)
{
    if (id.startsWith(u"env@") && fields.first() == "env")
        return {"env", "*", fields.value(2)};
    if (fields.first() == "env" || fields.first() == "ienv")
        return fields.first(std::min<qsizetype>(2, fields.size()));
    return fields.first(1);
}

} // namespace

std::optional<QString>
editSection(const QString &id, const QByteArray &record, const QByteArray &line, QByteArray &text)
{
    const QByteArray trimmed = line.trimmed();
    const qsizetype blank = std::max<qsizetype>(0, trimmed.indexOf(' '));
    const QByteArray verb = trimmed.first(blank);
    const QByteArray rest = trimmed.sliced(blank).trimmed();
    if (verb == "replace") {
        const qsizetype arrow = rest.indexOf(" => ");
        const auto lineEnds = [](QByteArray part) { return part.replace("\\n", "\n"); };
        if (arrow < 0 || !text.contains(lineEnds(rest.first(arrow))))
            return u"nothing to replace: "_s + QString::fromUtf8(rest);
        text.replace(lineEnds(rest.first(arrow)), lineEnds(rest.sliced(arrow + 4)));
        return std::nullopt;
    }
    Lines lines = text.split('\n');
    const bool finalNewline = !lines.isEmpty() && lines.last().isEmpty();
    if (finalNewline)
        lines.removeLast();
    const std::optional<Range> range = rangeOf(lines, record);
    if (!range)
        return u"no record "_s + QString::fromUtf8(record);
    const QByteArray wire = wireText(id, rest);
    const Lines fields = wire.split('\t');
    qsizetype at = range->end;
    if (verb == "set" || verb == "drop") {
        const Lines pattern = verb == "set" ? keyOf(id, fields) : fields;
        bool found = false;
        for (qsizetype i = range->end - 1; i >= range->begin; --i) {
            if (fits(lines[i], pattern)) {
                lines.removeAt(i);
                at = i;
                found = true;
            }
        }
        if (!found && verb == "drop")
            return u"nothing to drop: "_s + QString::fromUtf8(rest);
        at = found ? at : range->end;
    } else if (verb != "add") {
        return u"no such verb: "_s + QString::fromUtf8(trimmed);
    }
    if (verb != "drop")
        lines.insert(at, wire);
    text = lines.join('\n') + '\n';
    return std::nullopt;
}

} // namespace support
