#include "app/cli/arguments.h"

#include "app/cli/optiontable.h"

#include <algorithm>
#include <array>

namespace cli {

using base::ErrorKind;
using base::Stage;
using namespace Qt::StringLiterals;

namespace {

tl::unexpected<base::Error> wrong(const QString &what)
{
    return base::fail(ErrorKind::BadInput, Stage::Parse, what);
}

tl::unexpected<base::Error> later(const QString &what)
{
    return base::fail(ErrorKind::NotInThisVersion, Stage::Parse, what);
}

const Option *findOption(QStringView name)
{
    const auto table = optionTable();
    const auto option = std::ranges::find_if(table, [&](const Option &o) {
        return name == QLatin1StringView(o.name) || (o.alias && name == QLatin1StringView(o.alias));
    });
    return option == table.end() ? nullptr : &*option;
}

/// Options of later versions of commands that are here already.
bool isLaterOption(QStringView name)
{
    return name == "--jump"_L1 || name == "--framework"_L1;
}

struct Reader
{
    const QStringList &input;
    Arguments arguments{};
    const CommandRow *command = nullptr;
    std::vector<const Option *> given{};
    bool help = false;

    /// Reads the option at `index`, its value too, and leaves `index` on the last word used.
    base::Result<void> option(qsizetype &index);
    base::Result<void> word(const QString &text);
};

base::Result<void> Reader::option(qsizetype &index)
{
    const QString &text = input.at(index);
    const qsizetype equals = text.startsWith("--"_L1) ? text.indexOf(u'=') : -1;
    const QString name = equals < 0 ? text : text.first(equals);
    if (isLaterOption(name))
        return later(u"option "_s + name);
    const Option *option = findOption(name);
    if (!option)
        return wrong(u"option "_s + name);
    if (!option->value && equals >= 0)
        return wrong(u"a value for "_s + name);

    QString value;
    if (option->value) {
        if (equals < 0 && index + 1 >= input.size())
            return wrong(QString(name + u" without "_s + QString::fromLatin1(option->value)));
        value = equals < 0 ? input.at(++index) : text.sliced(equals + 1);
    }
    if (!option->set(arguments, value)) {
        QString wanted;
        if (option->wanted)
            wanted = u" ("_s + QString::fromLatin1(option->wanted) + u')';
        return wrong(u"“"_s + value + u"” for "_s + name + wanted);
    }
    help = help || QLatin1StringView(option->name) == "--help"_L1;
    given.push_back(option);
    return {};
}

base::Result<void> Reader::word(const QString &text)
{
    if (command) {
        arguments.words += text;
        return {};
    }
    command = findCommand(text);
    if (command) {
        arguments.command = command->command;
        return {};
    }
    if (isLaterCommand(text))
        return later(u"command "_s + text);
    return wrong(u"command “"_s + text + u"”"_s);
}

base::Result<void> checkReport(const Arguments &arguments)
{
    const auto sources = arguments.words.size() + qsizetype(!arguments.target.isEmpty())
        + qsizetype(!arguments.factsFile.isEmpty());
    if (sources != 1)
        return wrong(u"report without exactly one of AUDIT-ID, --target and --facts"_s);
    constexpr std::array laterFormats{"html"_L1, "csv"_L1, "sarif"_L1, "oscal"_L1};
    if (std::ranges::find(laterFormats, arguments.format) != laterFormats.end())
        return later(u"format "_s + arguments.format);
    if (arguments.format != "pdf"_L1 && arguments.format != "json"_L1)
        return wrong(arguments.format.isEmpty() ? u"report without --format pdf or json"_s
                                                : u"format “"_s + arguments.format + u"”"_s);
    if (arguments.output.isEmpty())
        return wrong(u"report without -o FILE"_s);
    return {};
}

/// What no single option can see.
base::Result<void> checkWhole(const CommandRow &command, Arguments &arguments)
{
    const auto count = arguments.words.size();
    if (count < command.least)
        return wrong(QString::fromLatin1(command.name) + u" without "_s
                     + QString::fromLatin1(command.usage));
    if (count > command.most)
        return wrong(u"“"_s + arguments.words.at(command.most) + u"”"_s);
    if (arguments.gate.warnsCount && !arguments.gate.failOn)
        arguments.gate.failOn = model::Severity::Info;
    switch (command.command) {
    case Command::Collect:
        if (arguments.output.isEmpty())
            return wrong(u"collect without -o FACTS.json"_s);
        return {};
    case Command::Evaluate:
        if ((count == 1) == !arguments.framesFile.isEmpty())
            return wrong(u"evaluate without exactly one of FACTS.json and --frames FILE"_s);
        return {};
    case Command::Report:
        return checkReport(arguments);
    default:
        return {};
    }
}

} // namespace

bool wantsJson(const QStringList &words)
{
    const auto end = std::ranges::find(words, u"--"_s);
    return std::find(words.begin(), end, u"--json"_s) != end;
}

base::Result<Arguments> parseArguments(const QStringList &words)
{
    Reader reader{words};
    bool onlyWords = false;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &text = words.at(i);
        if (!onlyWords && text == "--"_L1) {
            onlyWords = true;
            continue;
        }
        if (!reader.command && text == "--version"_L1) {
            reader.arguments.command = Command::Version;
            return reader.arguments;
        }
        if (!reader.command && text == "help"_L1) {
            reader.help = true;
            continue;
        }
        const bool isOption = !onlyWords && text.size() > 1 && text.startsWith(u'-');
        const base::Result<void> read = isOption ? reader.option(i) : reader.word(text);
        if (!read)
            return base::fail(read);
    }

    if (reader.help) {
        reader.arguments.command = Command::Help;
        reader.arguments.helpFor
            = reader.command ? QString::fromLatin1(reader.command->name) : QString();
        return reader.arguments;
    }
    if (!reader.command)
        return wrong(u"a call without a command"_s);
    for (const Option *option : reader.given) {
        if (!(option->commands & reader.command->bit))
            return wrong(u"option "_s + QString::fromLatin1(option->name) + u" of "_s
                         + QString::fromLatin1(reader.command->name));
    }
    if (const base::Result<void> whole = checkWhole(*reader.command, reader.arguments); !whole)
        return base::fail(whole);
    return reader.arguments;
}

} // namespace cli
