#include "app/cli/optiontable.h"

namespace cli {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *statuses
    = "Exit status:\n"
      "    0  done\n"
      "    1  a fail at or above --fail-on\n"
      "    2  usage, input or local file\n"
      "    3  could not connect, host key, login\n"
      "    7  inconclusive: coverage too small, or a check at or above --fail-on is unknown\n"
      "  130  cancelled\n";

constexpr const char *targets
    = "A TARGET is the name of a saved server, user@host[:port] (IPv6 in brackets), a host name, "
      "or\n"
      "demo. Passwords are asked for on the terminal or come by standard input, never by option.\n";

QString groupTitle(OptionGroup group)
{
    switch (group) {
    case OptionGroup::General:
        return u"General:"_s;
    case OptionGroup::Judging:
        return u"Options:"_s;
    case OptionGroup::Files:
        return u"Files:"_s;
    case OptionGroup::Connection:
        return u"Connection:"_s;
    case OptionGroup::Probing:
        return u"Looking from outside:"_s;
    }
    return {};
}

QString optionLine(const Option &option)
{
    QString left = u"  "_s;
    if (option.alias)
        left += QLatin1StringView(option.alias) + u", "_s;
    left += QLatin1StringView(option.name);
    if (option.value)
        left += u' ' + QString::fromLatin1(option.value);
    left = left.leftJustified(34);
    if (left.size() > 34)
        left += u'\n' + QString(34, u' ');
    return left + QString::fromLatin1(option.help) + u'\n';
}

QString optionLines(unsigned bit, OptionGroup group)
{
    QString lines;
    for (const Option &option : optionTable()) {
        if (option.group == group && (option.commands & bit))
            lines += optionLine(option);
    }
    return lines.isEmpty() ? lines : u'\n' + groupTitle(group) + u'\n' + lines;
}

QString overview()
{
    QString text
        = u"Usage: flowkeep-cli [--config-dir DIR] [--json] COMMAND ...\n\n"
          "Audits self-hosted AppFlowy servers over SSH. An audit only reads.\n\nCommands:\n"_s;
    for (const CommandRow &row : commandTable())
        text += u"  "_s + QString::fromLatin1(row.name).leftJustified(12)
            + QString::fromLatin1(row.summary) + u'\n';
    text += u"\nflowkeep-cli COMMAND --help tells the options of a command.\n"_s;
    text += optionLines(Everywhere, OptionGroup::General);
    text += u"  --version                       show the version and exit\n\n"_s;
    return text + QString::fromLatin1(targets) + u'\n' + QString::fromLatin1(statuses);
}

} // namespace

QString helpText(const QString &command)
{
    const CommandRow *row = findCommand(command);
    if (!row)
        return overview();
    QString text = u"Usage: flowkeep-cli "_s + QString::fromLatin1(row->name);
    if (*row->usage)
        text += u' ' + QString::fromLatin1(row->usage);
    text += u" [OPTIONS]\n\n"_s + QString::fromLatin1(row->details) + u'\n';
    for (const OptionGroup group :
         {OptionGroup::Judging, OptionGroup::Files, OptionGroup::Connection, OptionGroup::Probing,
          OptionGroup::General})
        text += optionLines(row->bit, group);
    if (row->bit & (InAudit | InCollect | InReport))
        text += u'\n' + QString::fromLatin1(targets);
    return text + u'\n' + QString::fromLatin1(statuses);
}

} // namespace cli
