#include "core/report/words.h"

#include <QLocale>

namespace report {

using namespace Qt::StringLiterals;

QString Words::translate(const char *context, const char *text, int number) const
{
    if (m_options.translate)
        return m_options.translate(context, text, number);
    return model::englishPlural(QString::fromUtf8(text), number);
}

QString Words::label(const char *text) const
{
    return translate("Report", text, -1);
}

QString Words::check(const char *text) const
{
    return translate("Check", text, -1);
}

QString Words::sentence(const model::Sentence &sentence) const
{
    return model::render(sentence, translator());
}

model::Translator Words::translator() const
{
    return [this](const char *text, int number) { return translate("Sentence", text, number); };
}

QString Words::verdict(const model::Finding &finding) const
{
    if (model::hasNoEffect(finding))
        return label(QT_TRANSLATE_NOOP("Report", "Fail: no effect"));
    return verdict(finding.verdict);
}

QString Words::verdict(model::Verdict verdict) const
{
    switch (verdict) {
    case model::Verdict::Pass:
        return label(QT_TRANSLATE_NOOP("Report", "Pass"));
    case model::Verdict::Fail:
        return label(QT_TRANSLATE_NOOP("Report", "Fail"));
    case model::Verdict::Warn:
        return label(QT_TRANSLATE_NOOP("Report", "Warning"));
    case model::Verdict::Unknown:
        return label(QT_TRANSLATE_NOOP("Report", "Unknown"));
    case model::Verdict::Manual:
        return label(QT_TRANSLATE_NOOP("Report", "Manual"));
    case model::Verdict::NotApplicable:
        break;
    }
    return label(QT_TRANSLATE_NOOP("Report", "Not applicable"));
}

QString Words::severity(model::Severity severity) const
{
    switch (severity) {
    case model::Severity::Critical:
        return label(QT_TRANSLATE_NOOP("Report", "Critical"));
    case model::Severity::High:
        return label(QT_TRANSLATE_NOOP("Report", "High"));
    case model::Severity::Medium:
        return label(QT_TRANSLATE_NOOP("Report", "Medium"));
    case model::Severity::Low:
        return label(QT_TRANSLATE_NOOP("Report", "Low"));
    case model::Severity::Info:
        break;
    }
    return label(QT_TRANSLATE_NOOP("Report", "Info"));
}

QString Words::area(model::Area area) const
{
    switch (area) {
    case model::Area::Inventory:
        return label(QT_TRANSLATE_NOOP("Report", "Inventory"));
    case model::Area::Tls:
        return label(QT_TRANSLATE_NOOP("Report", "TLS"));
    case model::Area::Headers:
        return label(QT_TRANSLATE_NOOP("Report", "Headers"));
    case model::Area::Authentication:
        return label(QT_TRANSLATE_NOOP("Report", "Authentication"));
    case model::Area::SingleSignOn:
        return label(QT_TRANSLATE_NOOP("Report", "Single sign-on"));
    case model::Area::Data:
        return label(QT_TRANSLATE_NOOP("Report", "Data"));
    case model::Area::Network:
        return label(QT_TRANSLATE_NOOP("Report", "Network"));
    case model::Area::Logging:
        return label(QT_TRANSLATE_NOOP("Report", "Logging"));
    case model::Area::Backup:
        return label(QT_TRANSLATE_NOOP("Report", "Backup"));
    case model::Area::Governance:
        break;
    }
    return label(QT_TRANSLATE_NOOP("Report", "Governance"));
}

QString Words::reach(model::Reach reach) const
{
    switch (reach) {
    case model::Reach::Absent:
        return label(QT_TRANSLATE_NOOP("Report", "Absent"));
    case model::Reach::Written:
        return label(QT_TRANSLATE_NOOP("Report", "Written"));
    case model::Reach::Delivered:
        return label(QT_TRANSLATE_NOOP("Report", "Delivered"));
    case model::Reach::Honoured:
        return label(QT_TRANSLATE_NOOP("Report", "Honoured"));
    case model::Reach::Proven:
        break;
    }
    return label(QT_TRANSLATE_NOOP("Report", "Proven"));
}

QString Words::privilege(model::Privilege privilege) const
{
    switch (privilege) {
    case model::Privilege::Root:
        return label(QT_TRANSLATE_NOOP("Report", "as root"));
    case model::Privilege::Sudo:
        return label(QT_TRANSLATE_NOOP("Report", "as root by sudo"));
    case model::Privilege::User:
        break;
    }
    return label(QT_TRANSLATE_NOOP("Report", "as an ordinary user: much stays unknown"));
}

QString Words::time(const QDateTime &time) const
{
    return QLocale(m_options.language).toString(time.toUTC(), u"d MMMM yyyy, HH:mm"_s) + u" UTC"_s;
}

} // namespace report
