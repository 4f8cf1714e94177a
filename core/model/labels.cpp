#include "core/model/labels.h"

namespace model {

const char *label(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass:
        return QT_TRANSLATE_NOOP("Label", "Pass");
    case Verdict::Fail:
        return QT_TRANSLATE_NOOP("Label", "Fail");
    case Verdict::Warn:
        return QT_TRANSLATE_NOOP("Label", "Warning");
    case Verdict::Unknown:
        return QT_TRANSLATE_NOOP("Label", "Unknown");
    case Verdict::Manual:
        return QT_TRANSLATE_NOOP("Label", "Manual");
    case Verdict::NotApplicable:
        return QT_TRANSLATE_NOOP("Label", "Not applicable");
    }
    return "";
}

const char *label(const Finding &finding)
{
    if (hasNoEffect(finding))
        return QT_TRANSLATE_NOOP("Label", "Fail: no effect");
    return label(finding.verdict);
}

const char *label(Severity severity)
{
    switch (severity) {
    case Severity::Info:
        return QT_TRANSLATE_NOOP("Label", "Info");
    case Severity::Low:
        return QT_TRANSLATE_NOOP("Label", "Low");
    case Severity::Medium:
        return QT_TRANSLATE_NOOP("Label", "Medium");
    case Severity::High:
        return QT_TRANSLATE_NOOP("Label", "High");
    case Severity::Critical:
        return QT_TRANSLATE_NOOP("Label", "Critical");
    }
    return "";
}

const char *label(Area area)
{
    switch (area) {
    case Area::Inventory:
        return QT_TRANSLATE_NOOP("Label", "Inventory");
    case Area::Tls:
        return QT_TRANSLATE_NOOP("Label", "TLS");
    case Area::Headers:
        return QT_TRANSLATE_NOOP("Label", "Headers");
    case Area::Authentication:
        return QT_TRANSLATE_NOOP("Label", "Authentication");
    case Area::SingleSignOn:
        return QT_TRANSLATE_NOOP("Label", "Single sign-on");
    case Area::Data:
        return QT_TRANSLATE_NOOP("Label", "Data");
    case Area::Network:
        return QT_TRANSLATE_NOOP("Label", "Network");
    case Area::Logging:
        return QT_TRANSLATE_NOOP("Label", "Logging");
    case Area::Backup:
        return QT_TRANSLATE_NOOP("Label", "Backup");
    case Area::Governance:
        return QT_TRANSLATE_NOOP("Label", "Governance");
    }
    return "";
}

const char *label(Reach reach)
{
    switch (reach) {
    case Reach::Absent:
        return QT_TRANSLATE_NOOP("Label", "Absent");
    case Reach::Written:
        return QT_TRANSLATE_NOOP("Label", "Written");
    case Reach::Delivered:
        return QT_TRANSLATE_NOOP("Label", "Delivered");
    case Reach::Honoured:
        return QT_TRANSLATE_NOOP("Label", "Honoured");
    case Reach::Proven:
        return QT_TRANSLATE_NOOP("Label", "Proven");
    }
    return "";
}

int attentionRank(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Fail:
        return 0;
    case Verdict::Warn:
        return 1;
    case Verdict::Unknown:
        return 2;
    case Verdict::Manual:
        return 3;
    case Verdict::Pass:
        return 4;
    case Verdict::NotApplicable:
        break;
    }
    return 5;
}

} // namespace model
