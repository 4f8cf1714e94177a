#include "core/facts/signinsections.h"

#include "core/facts/json.h"
#include "core/facts/records.h"

#include <QJsonArray>

#include <algorithm>

namespace facts {

using namespace Qt::StringLiterals;

namespace {

const Record *lineOf(const std::vector<Record> &records, QByteArrayView word)
{
    const auto found = std::find_if(records.begin(), records.end(),
                                    [&](const Record &record) { return record.word() == word; });
    return found == records.end() ? nullptr : &*found;
}

/// An answer of the sign-in server: `http\tSTATUS`, then the body as it came.
struct Answer
{
    int status = 0;
    QJsonObject body;
};

std::optional<Answer> readAnswer(QByteArrayView data)
{
    qsizetype newline = data.indexOf('\n');
    if (newline < 0)
        newline = data.size();
    const std::optional<std::vector<Record>> head = readRecords(data.first(newline));
    if (!head || head->size() != 1 || head->front().word() != "http")
        return std::nullopt;
    const std::optional<int> status = head->front().number(1, 999);
    const std::optional<QJsonObject> body
        = readObject(data.sliced(newline).trimmed().toByteArray());
    if (!status || !body)
        return std::nullopt;
    return Answer{*status, *body};
}

std::optional<bool> boolOf(const QJsonObject &object, QLatin1StringView name)
{
    const QJsonValue value = object.value(name);
    return value.isBool() ? std::optional(value.toBool()) : std::nullopt;
}

/// The number in "... at least 12 characters ...".
std::optional<int> lengthInSentence(const QString &sentence)
{
    const QString before = u"at least "_s;
    const qsizetype found = sentence.indexOf(before);
    if (found < 0)
        return std::nullopt;
    const QString rest = sentence.sliced(found + before.size());
    const QString number = rest.first(std::max<qsizetype>(0, rest.indexOf(u' ')));
    bool isNumber = false;
    const int length = number.toInt(&isNumber);
    if (!isNumber || length < 0 || !rest.startsWith(number + u" characters"_s))
        return std::nullopt;
    return length;
}

/// `error_code` since 2024; before, `code` or `error` may hold a word.
QString errorCodeOf(const QJsonObject &body)
{
    for (const QLatin1StringView name : {"error_code"_L1, "code"_L1, "error"_L1}) {
        if (body.value(name).isString())
            return body.value(name).toString();
    }
    return {};
}

void readWeakPassword(const QJsonObject &body, PasswordProbe &probe)
{
    const QJsonObject weak = body.value("weak_password"_L1).toObject();
    const QString sentence = body.value("msg"_L1).toString(body.value("message"_L1).toString());
    const QJsonValue minimum = weak.value("min_length"_L1);
    if (minimum.isDouble() && minimum.toInt(-1) >= 0)
        probe.minimumLength = minimum.toInt();
    else
        probe.minimumLength = lengthInSentence(sentence);
    const QJsonArray reasons = weak.value("reasons"_L1).toArray();
    probe.wantsCharacters
        = reasons.contains(u"characters"_s) || sentence.contains(u"at least one character"_s);
}

} // namespace

std::optional<GotrueSchema> parseGotrueSchema(QByteArrayView data)
{
    const std::optional<std::vector<Record>> records = readRecords(data);
    if (!records)
        return std::nullopt;
    const Record *newest = lineOf(*records, "max");
    const Record *oldFork = lineOf(*records, "oldfork");
    const Record *newFork = lineOf(*records, "newfork");
    if (!newest || !oldFork || !newFork || !oldFork->flag(1) || !newFork->flag(1))
        return std::nullopt;
    GotrueSchema schema{newest->field(1), *oldFork->flag(1), *newFork->flag(1)};
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const QByteArray &number = schema.newestMigration;
    // The very first migrations are named "00".
    if (number.isEmpty() || number.size() > 14
        || !std::all_of(number.begin(), number.end(), isDigit))
        return std::nullopt;
    return schema;
}

std::optional<GotrueSettings> parseGotrueSettings(QByteArrayView data)
{
    const std::optional<Answer> answer = readAnswer(data);
    if (!answer || answer->status != 200)
        return std::nullopt;
    GotrueSettings settings;
    settings.disableSignup = boolOf(answer->body, "disable_signup"_L1);
    settings.mailerAutoconfirm = boolOf(answer->body, "mailer_autoconfirm"_L1);
    settings.samlEnabled = boolOf(answer->body, "saml_enabled"_L1);
    settings.mfaEnabledField = answer->body.contains("mfa_enabled"_L1);
    settings.raw = answer->body;
    return settings;
}

std::optional<PasswordProbe> parsePasswordProbe(QByteArrayView data)
{
    const std::optional<Answer> answer = readAnswer(data);
    if (!answer)
        return std::nullopt;
    PasswordProbe probe;
    probe.httpStatus = answer->status;
    const QString code = errorCodeOf(answer->body);
    probe.errorCode = code.toUtf8();
    if (answer->status == 422
        && (code == u"weak_password" || answer->body.contains("weak_password"_L1))) {
        probe.outcome = PasswordProbe::Outcome::WeakPassword;
        readWeakPassword(answer->body, probe);
    } else if (answer->status == 422 && code == u"signup_disabled") {
        probe.outcome = PasswordProbe::Outcome::SignupDisabled;
    } else if (answer->status / 100 == 2
               || (answer->status == 400 && code == u"validation_failed")) {
        probe.outcome = PasswordProbe::Outcome::Accepted;
    } else if (answer->status == 400 && code == u"captcha_failed") {
        probe.outcome = PasswordProbe::Outcome::Captcha;
    }
    return probe;
}

std::optional<DatabaseRole> parseDatabaseRole(QByteArrayView data)
{
    const std::optional<std::vector<Record>> records = readRecords(data);
    if (!records)
        return std::nullopt;
    const Record *line = lineOf(*records, "role");
    const Record *factory = lineOf(*records, "factory");
    if (!line || !factory || line->field(1).isEmpty() || !line->flag(3))
        return std::nullopt;
    DatabaseRole role;
    role.name = line->field(1);
    role.method = line->field(2);
    role.isSuperuser = *line->flag(3);
    role.factoryPassword = factory->flag(1);
    const bool methodKnown
        = role.method == "scram-sha-256" || role.method == "md5" || role.method == "none";
    if (!methodKnown || (!role.factoryPassword && factory->field(1) != "-"))
        return std::nullopt;
    return role;
}

std::optional<SignupWhitelist> parseWhitelist(QByteArrayView data)
{
    const std::optional<std::vector<Record>> records = readRecords(data);
    if (!records)
        return std::nullopt;
    const Record *table = lineOf(*records, "table");
    const Record *enabled = lineOf(*records, "enabled");
    if (!table || !table->flag(1) || (enabled && !enabled->flag(1)))
        return std::nullopt;
    return SignupWhitelist{*table->flag(1), enabled ? enabled->flag(1) : std::nullopt};
}

} // namespace facts
