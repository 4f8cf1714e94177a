#include "core/config/envfile.h"

#include <QStringBuilder>

#include <algorithm>

namespace config {

namespace {

/// Spaces inside a line, as compose counts them.
bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

bool isKeyCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || c == '.' || c == '-' || c == '[' || c == ']' || static_cast<unsigned char>(c) >= 0x80;
}

/// Escapes of double quotes: the one-letter ones of C, \0 with up to three octal digits, \\ \" \$.
QByteArray expandEscapes(const QByteArray &text)
{
    static constexpr QByteArrayView letters = "abfnrtv\\\"";
    static constexpr QByteArrayView meanings = "\a\b\f\n\r\t\v\\\"";
    QByteArray out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
        const qsizetype letter = next == '\0' ? -1 : letters.indexOf(next);
        if (letter >= 0) {
            out += meanings[letter];
            ++i;
        } else if (next == '$') {
            out += "$$"; // stays literal when variables are replaced
            ++i;
        } else if (next == '0') {
            qsizetype digits = 0;
            int code = 0;
            while (digits < 3 && i + 2 + digits < text.size() && text[i + 2 + digits] >= '0'
                   && text[i + 2 + digits] <= '7') {
                code = code * 8 + (text[i + 2 + digits] - '0');
                ++digits;
            }
            // Fewer digits are no escape for compose; the text stays.
            if (digits == 3 && code <= 0xff) {
                out += static_cast<char>(code);
                i += 1 + digits;
            } else {
                out += text[i];
            }
        } else {
            out += text[i];
        }
    }
    return out;
}

class Reader
{
public:
    explicit Reader(const QByteArray &text)
        : m_text(text)
    { }

    EnvDocument read()
    {
        EnvDocument document;
        document.text = m_text;
        if (m_text.startsWith("\xef\xbb\xbf"))
            m_at = 3;
        while (skipToStatement()) {
            EnvAssignment assignment;
            if (!readKey(assignment) || !readValue(assignment)) {
                document.errorLine = m_line;
                break;
            }
            document.assignments.push_back(std::move(assignment));
        }
        return document;
    }

private:
    bool atEnd() const { return m_at >= m_text.size(); }
    char here() const { return m_text[m_at]; }

    void advance()
    {
        if (here() == '\n')
            ++m_line;
        ++m_at;
    }

    void skipSpaces()
    {
        while (!atEnd() && isSpace(here()))
            ++m_at;
    }

    bool skipToStatement()
    {
        while (!atEnd()) {
            if (isSpace(here()) || here() == '\n') {
                advance();
            } else if (here() == '#') {
                while (!atEnd() && here() != '\n')
                    ++m_at;
            } else {
                return true;
            }
        }
        return false;
    }

    void skipExport(EnvAssignment &assignment)
    {
        constexpr qsizetype length = 6;
        if (!QByteArrayView(m_text).sliced(m_at).startsWith("export")
            || m_at + length >= m_text.size() || !isSpace(m_text[m_at + length]))
            return;
        assignment.exported = true;
        m_at += length;
        skipSpaces();
    }

    bool readKey(EnvAssignment &assignment)
    {
        assignment.begin = m_at;
        assignment.line = m_line;
        skipExport(assignment);
        const qsizetype start = m_at;
        qsizetype end = start; // one past the last character that is no space
        for (; !atEnd(); ++m_at) {
            const char c = here();
            if (c == '=' || c == ':' || c == '\n')
                break;
            if (isSpace(c))
                continue;
            if (!isKeyCharacter(c)
                || (end > start && end != m_at)) // "a key cannot contain a space"
                return false;
            end = m_at + 1;
        }
        if (end == start)
            return false;
        assignment.key = m_text.sliced(start, end - start);
        assignment.end = end;
        assignment.inherited = atEnd() || here() == '\n';
        if (!assignment.inherited)
            ++m_at;
        return true;
    }

    bool readValue(EnvAssignment &assignment)
    {
        if (assignment.inherited) {
            assignment.valueBegin = assignment.valueEnd = assignment.end;
            return true;
        }
        skipSpaces();
        assignment.valueBegin = m_at;
        const bool quoted = !atEnd() && (here() == '"' || here() == '\'');
        const bool whole = quoted ? readQuoted(assignment) : readBare(assignment);
        assignment.end = assignment.valueEnd;
        return whole;
    }

    bool readBare(EnvAssignment &assignment)
    {
        qsizetype end = m_text.indexOf('\n', m_at);
        if (end < 0)
            end = m_text.size();
        QByteArrayView value = QByteArrayView(m_text).sliced(m_at, end - m_at);
        const qsizetype comment = value.indexOf(" #");
        if (comment >= 0)
            value = value.first(comment);
        while (!value.isEmpty() && isSpace(value.back()))
            value.chop(1);
        assignment.value = value.toByteArray();
        assignment.valueEnd = assignment.valueBegin + value.size();
        m_at = end;
        return true;
    }

    bool readQuoted(EnvAssignment &assignment)
    {
        const char quote = here();
        assignment.quote
            = quote == '"' ? EnvAssignment::Quote::Double : EnvAssignment::Quote::Single;
        advance();
        QByteArray raw;
        bool escaped = false;
        for (; !atEnd(); advance()) {
            const char c = here();
            if (c == quote && !escaped) {
                ++m_at;
                assignment.valueEnd = m_at;
                assignment.value = quote == '"' ? expandEscapes(raw) : raw;
                return true;
            }
            if (c == '\\' && !escaped) {
                escaped = true;
                continue;
            }
            if (escaped && c != quote)
                raw += '\\';
            escaped = false;
            // Compose turns CRLF into LF before it reads anything.
            if (c == '\r' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '\n')
                continue;
            raw += c;
        }
        return false;
    }

    const QByteArray &m_text;
    qsizetype m_at = 0;
    int m_line = 1;
};

bool isName(const QByteArray &key)
{
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
            || (c >= '0' && c <= '9');
    };
    return !key.isEmpty() && !(key[0] >= '0' && key[0] <= '9')
        && std::all_of(key.begin(), key.end(), fits);
}

/// Characters that no reader of `.env` files (compose, a shell, systemd) gives a meaning.
bool isPlain(const QByteArray &value)
{
    return std::all_of(value.begin(), value.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || QByteArrayView("_-./:@%+=,").contains(c);
    });
}

QByteArray quoted(const QByteArray &value)
{
    if (isPlain(value))
        return value;
    if (!value.contains('\'') && !value.contains('\\') && !value.contains('\r'))
        return "'" + value + "'";
    QByteArray out = "\"";
    for (const char c : value) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '"' || c == '\\' || c == '$')
            (out += '\\') += c;
        else
            out += c;
    }
    return out += '"';
}

/// What a literal looks like in EnvAssignment::value.
QByteArray asRead(const QByteArray &value, EnvAssignment::Quote quote)
{
    QByteArray read = value;
    if (quote == EnvAssignment::Quote::Double)
        read.replace("$", "$$");
    return read;
}

QByteArray lineEnd(const QByteArray &text)
{
    const qsizetype first = text.indexOf('\n');
    return first > 0 && text[first - 1] == '\r' ? "\r\n" : "\n";
}

/// The same keys and values in the same order, but for `key`.
bool othersUnchanged(const EnvDocument &before, const EnvDocument &after, QByteArrayView key)
{
    const auto others = [&](const EnvDocument &document) {
        std::vector<std::pair<QByteArray, QByteArray>> kept;
        for (const EnvAssignment &assignment : document.assignments) {
            if (assignment.key != key)
                kept.emplace_back(assignment.key, assignment.value);
        }
        return kept;
    };
    return !after.errorLine && others(before) == others(after);
}

} // namespace

bool EnvAssignment::interpolates() const
{
    if (quote == Quote::Single)
        return false;
    for (qsizetype i = 0; i + 1 < value.size(); ++i) {
        if (value[i] != '$')
            continue;
        if (value[i + 1] != '$')
            return true;
        ++i;
    }
    return false;
}

const EnvAssignment *EnvDocument::find(QByteArrayView key) const
{
    const auto found = std::find_if(assignments.rbegin(), assignments.rend(),
                                    [&](const auto &entry) { return entry.key == key; });
    return found == assignments.rend() ? nullptr : &*found;
}

EnvDocument parseEnv(const QByteArray &text)
{
    return Reader(text).read();
}

std::optional<QByteArray>
withValue(const EnvDocument &document, const QByteArray &key, const QByteArray &value)
{
    if (document.errorLine || !isName(key) || value.contains('\0'))
        return std::nullopt;
    QByteArray text = document.text;
    const EnvAssignment *existing = document.find(key);
    if (existing && existing->inherited) {
        text.insert(existing->end, '=' + quoted(value));
    } else if (existing) {
        text.replace(existing->valueBegin, existing->valueEnd - existing->valueBegin,
                     quoted(value));
    } else {
        const QByteArray newline = lineEnd(text);
        if (!text.isEmpty() && !text.endsWith('\n'))
            text += newline;
        text += key + '=' + quoted(value) + newline;
    }
    const EnvDocument after = parseEnv(text);
    const EnvAssignment *set = after.find(key);
    if (!othersUnchanged(document, after, key) || !set || set->value != asRead(value, set->quote))
        return std::nullopt;
    return text;
}

std::optional<QByteArray> withoutKey(const EnvDocument &document, const QByteArray &key)
{
    if (document.errorLine || !isName(key))
        return std::nullopt;
    QByteArray text = document.text;
    for (auto entry = document.assignments.rbegin(); entry != document.assignments.rend();
         ++entry) {
        if (entry->key != key)
            continue;
        qsizetype begin = entry->begin;
        while (begin > 0 && isSpace(text[begin - 1]))
            --begin;
        qsizetype end = entry->end;
        while (end < text.size() && isSpace(text[end]))
            ++end;
        const bool comment = end < text.size() && text[end] == '#';
        const qsizetype newline = text.indexOf('\n', end);
        const bool wholeLine = (begin == 0 || text[begin - 1] == '\n')
            && (comment || end == text.size() || text[end] == '\n');
        if (wholeLine) {
            end = newline < 0 ? text.size() : newline + 1;
        } else {
            begin = entry->begin;
            end = entry->end;
        }
        text.remove(begin, end - begin);
    }
    const EnvDocument after = parseEnv(text);
    if (!othersUnchanged(document, after, key) || after.find(key))
        return std::nullopt;
    return text;
}

} // namespace config
