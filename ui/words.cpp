#include "ui/words.h"

#include "core/model/labels.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>
#include <utility>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

/// tr() for functions that belong to no class.
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(Words)
};

QString translatedMessage(const char *text)
{
    return QCoreApplication::translate("Message", text);
}

QString translated(const auto &value)
{
    return QCoreApplication::translate("Label", model::label(value));
}

} // namespace

model::Translator sentenceTranslator()
{
    return [](const char *text, int number) {
        return QCoreApplication::translate("Sentence", text, nullptr, number);
    };
}

QString plain(const QString &text)
{
    return base::UntrustedText(text).display();
}

QString say(const model::Sentence &sentence)
{
    return model::render(sentence, sentenceTranslator());
}

QString checkText(const char *source)
{
    return QCoreApplication::translate("Check", source);
}

engine::Message messageOf(const base::Error &error)
{
    return engine::message(error, translatedMessage);
}

engine::Message setAsideMessage(const QString &file)
{
    return engine::setAsideMessage(file, translatedMessage);
}

QString verdictWord(model::Verdict verdict)
{
    if (verdict == model::Verdict::NotApplicable)
        return Words::tr("N/A"); // the chip is narrow
    return translated(verdict);
}

QString verdictPhrase(const model::Finding &finding)
{
    return model::hasNoEffect(finding) ? translated(finding) : verdictWord(finding.verdict);
}

QString severityWord(model::Severity severity)
{
    return translated(severity);
}

QString reachWord(model::Reach reach)
{
    return translated(reach);
}

QString reachWordSmall(model::Reach reach)
{
    switch (reach) {
    case model::Reach::Absent:
        return Words::tr("absent");
    case model::Reach::Written:
        return Words::tr("written");
    case model::Reach::Delivered:
        return Words::tr("delivered");
    case model::Reach::Honoured:
        return Words::tr("honoured");
    case model::Reach::Proven:
        return Words::tr("proven");
    }
    return {};
}

QString areaWord(model::Area area)
{
    return translated(area);
}

QString stageWord(base::Stage stage)
{
    switch (stage) {
    case base::Stage::Name:
        return Words::tr("Name");
    case base::Stage::Tcp:
        return Words::tr("TCP");
    case base::Stage::Banner:
        return Words::tr("Banner");
    case base::Stage::Kex:
        return Words::tr("Key exchange");
    case base::Stage::HostKey:
        return Words::tr("Host key");
    case base::Stage::Authentication:
        return Words::tr("Sign-in");
    case base::Stage::Shell:
        return Words::tr("Shell");
    case base::Stage::Sudo:
        return Words::tr("sudo");
    default:
        return base::stageName(stage);
    }
}

QString sectionWord(const QString &id)
{
    static const std::array known{
        std::pair{"meta", QT_TRANSLATE_NOOP("Words", "Server and clock")},
        std::pair{"os", QT_TRANSLATE_NOOP("Words", "Operating system")},
        std::pair{"docker", QT_TRANSLATE_NOOP("Words", "Docker")},
        std::pair{"deployments", QT_TRANSLATE_NOOP("Words", "Deployments")},
        std::pair{"containers", QT_TRANSLATE_NOOP("Words", "Containers")},
        std::pair{"networks", QT_TRANSLATE_NOOP("Words", "Docker networks")},
        std::pair{"listening", QT_TRANSLATE_NOOP("Words", "Listening ports")},
        std::pair{"addresses", QT_TRANSLATE_NOOP("Words", "Addresses")},
        std::pair{"nft", QT_TRANSLATE_NOOP("Words", "Kernel rules (nftables)")},
        std::pair{"iptables", QT_TRANSLATE_NOOP("Words", "Kernel rules (iptables)")},
        std::pair{"ip6tables", QT_TRANSLATE_NOOP("Words", "Kernel rules (ip6tables)")},
        std::pair{"iptables-legacy", QT_TRANSLATE_NOOP("Words", "Kernel rules (legacy, IPv4)")},
        std::pair{"ip6tables-legacy", QT_TRANSLATE_NOOP("Words", "Kernel rules (legacy, IPv6)")},
        std::pair{"ufw", QT_TRANSLATE_NOOP("Words", "ufw")},
        std::pair{"nginx-host", QT_TRANSLATE_NOOP("Words", "nginx of the host")},
        std::pair{"env", QT_TRANSLATE_NOOP("Words", "Environment file")},
        std::pair{"rendered", QT_TRANSLATE_NOOP("Words", "Rendered compose file")},
        std::pair{"nginx", QT_TRANSLATE_NOOP("Words", "nginx of the deployment")},
        std::pair{"gotrue-schema", QT_TRANSLATE_NOOP("Words", "GoTrue: version of its tables")},
        std::pair{"gotrue-settings", QT_TRANSLATE_NOOP("Words", "GoTrue: public settings")},
        std::pair{"password-probe", QT_TRANSLATE_NOOP("Words", "GoTrue: shortest password")},
        std::pair{"db-role", QT_TRANSLATE_NOOP("Words", "Database roles")},
        std::pair{"whitelist", QT_TRANSLATE_NOOP("Words", "List of allowed addresses")},
    };
    const QString name = id.section(u'@', 0, 0);
    const QString number = id.section(u'@', 1);
    for (const auto &[each, text] : known) {
        if (name != QLatin1StringView(each))
            continue;
        const QString word = QCoreApplication::translate("Words", text);
        return number.isEmpty() ? word : Words::tr("%1, deployment %2").arg(word, number);
    }
    return base::UntrustedText(id).display();
}

QString countsPhrase(const model::Score &counts)
{
    QStringList parts;
    const auto add = [&parts](int count, const QString &text) {
        if (count > 0)
            parts << text;
    };
    add(counts.fail, Words::tr("%n fail", nullptr, counts.fail));
    add(counts.warn, Words::tr("%n warning(s)", nullptr, counts.warn));
    add(counts.unknown, Words::tr("%n unknown", nullptr, counts.unknown));
    add(counts.manual, Words::tr("%n manual", nullptr, counts.manual));
    add(counts.pass, Words::tr("%n pass", nullptr, counts.pass));
    add(counts.notApplicable, Words::tr("%n n/a", nullptr, counts.notApplicable));
    return parts.join(u", "_s);
}

QString age(const QDateTime &then, const QDateTime &now)
{
    const qint64 seconds = then.secsTo(now);
    if (seconds < 60)
        return Words::tr("now");
    if (seconds < 3600)
        return Words::tr("%n min", nullptr, static_cast<int>(seconds / 60));
    if (seconds < 86400)
        return Words::tr("%n h", nullptr, static_cast<int>(seconds / 3600));
    return Words::tr("%n d", nullptr, static_cast<int>(qMin<qint64>(seconds / 86400, 99999)));
}

QString plainToolTip(const QString &text)
{
    if (text.isEmpty())
        return {};
    return u"<span>"_s + text.toHtmlEscaped().replace(u'\n', u"<br>"_s) + u"</span>"_s;
}

QString EnglishPlurals::translate(const char *, const char *source, const char *, int n) const
{
    if (n < 0)
        return {};
    const QString text = QString::fromUtf8(source);
    return text.contains(u"(s)"_s) ? model::englishPlural(text, n) : QString();
}

} // namespace ui
