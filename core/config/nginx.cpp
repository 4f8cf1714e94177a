#include "core/config/nginx.h"

#include <algorithm>

namespace config {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// What nginx makes of a backslash: it quotes quotes and itself, names three control characters,
/// and stays where it is before anything else (regular expressions rely on that).
void appendEscaped(QByteArray &word, char c)
{
    switch (c) {
    case '"':
    case '\'':
    case '\\':
        word += c;
        break;
    case 't':
        word += '\t';
        break;
    case 'r':
        word += '\r';
        break;
    case 'n':
        word += '\n';
        break;
    default:
        word += '\\';
        word += c;
    }
}

class Reader
{
public:
    explicit Reader(QByteArrayView text)
        : m_text(text)
    { }

    NginxFile read(const QByteArray &path)
    {
        NginxFile file;
        file.path = path;
        if (!readBlock(file.directives, 0))
            file.errorLine = m_line;
        return file;
    }

private:
    enum class Token { Word, Semicolon, Open, Close, End, Bad };

    char at(qsizetype position) const { return m_text[position]; }
    bool atEnd() const { return m_at >= m_text.size(); }

    char take()
    {
        const char c = at(m_at++);
        if (c == '\n')
            ++m_line;
        return c;
    }

    void skipBlanksAndComments()
    {
        while (!atEnd()) {
            if (isBlank(at(m_at))) {
                take();
            } else if (at(m_at) == '#') {
                while (!atEnd() && at(m_at) != '\n')
                    ++m_at;
            } else {
                return;
            }
        }
    }

    Token next()
    {
        skipBlanksAndComments();
        m_tokenBegin = m_at;
        m_tokenLine = m_line;
        if (atEnd())
            return Token::End;
        switch (at(m_at)) {
        case ';':
            ++m_at;
            return Token::Semicolon;
        case '{':
            ++m_at;
            return Token::Open;
        case '}':
            ++m_at;
            return Token::Close;
        case '"':
        case '\'':
            return quoted(take()) ? Token::Word : Token::Bad;
        default:
            bare();
            return Token::Word;
        }
    }

    bool quoted(char quote)
    {
        m_word.clear();
        while (!atEnd()) {
            const char c = take();
            if (c == quote)
                return atEnd() || endsQuoted(at(m_at));
            if (c != '\\')
                m_word += c;
            else if (!atEnd())
                appendEscaped(m_word, take());
        }
        return false;
    }

    /// nginx wants one of these after a closing quote ("(" and ")" serve `if`).
    static bool endsQuoted(char c) { return isBlank(c) || c == ';' || c == '{' || c == ')'; }

    void bare()
    {
        m_word.clear();
        bool variable = false; // "${" belongs to the word
        while (!atEnd()) {
            const char c = at(m_at);
            if (isBlank(c) || c == ';' || (c == '{' && !variable))
                return;
            take();
            variable = c == '$';
            if (c == '\\' && !atEnd())
                appendEscaped(m_word, take());
            else
                m_word += c;
        }
    }

    /// Reads directives up to the closing brace (depth > 0) or the end of the text (depth 0).
    bool readBlock(std::vector<NginxDirective> &into, int depth)
    {
        for (;;) {
            const Token token = next();
            if (token == Token::End)
                return depth == 0;
            if (token == Token::Close)
                return depth > 0;
            if (token != Token::Word)
                return false;
            NginxDirective directive;
            directive.name = m_word;
            directive.line = m_tokenLine;
            directive.begin = m_tokenBegin;
            const bool whole = readRest(directive, depth);
            if (whole || directive.hasBlock)
                into.push_back(std::move(directive));
            if (!whole)
                return false;
        }
    }

    bool readRest(NginxDirective &directive, int depth)
    {
        for (;;) {
            switch (next()) {
            case Token::Word:
                directive.args.push_back(m_word);
                break;
            case Token::Semicolon:
                directive.end = m_at;
                return true;
            case Token::Open: {
                directive.hasBlock = true;
                const bool closed
                    = depth < nginxDepthLimit && readBlock(directive.block, depth + 1);
                directive.end = m_at;
                return closed;
            }
            case Token::Close:
            case Token::End:
            case Token::Bad:
                return false;
            }
        }
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
    int m_line = 1;
    QByteArray m_word;
    qsizetype m_tokenBegin = 0;
    int m_tokenLine = 1;
};

constexpr QByteArrayView fileMark = "# configuration file ";

/// The path of a line "# configuration file PATH:", or nothing.
std::optional<QByteArray> pathOf(QByteArrayView line)
{
    if (line.endsWith('\r'))
        line.chop(1);
    if (!line.startsWith(fileMark) || !line.endsWith(':'))
        return std::nullopt;
    line.chop(1);
    return line.sliced(fileMark.size()).toByteArray();
}

std::optional<bool> testVerdict(QByteArrayView line)
{
    constexpr QByteArrayView ours = "# test ";
    if (line.startsWith(ours))
        return line.sliced(ours.size()).trimmed() == "0";
    if (!line.startsWith("nginx: "))
        return std::nullopt;
    if (line.contains("test is successful"))
        return true;
    if (line.contains("test failed"))
        return false;
    return std::nullopt;
}

} // namespace

NginxFile parseNginx(QByteArrayView text, const QByteArray &path)
{
    return Reader(text).read(path);
}

bool NginxDump::damaged() const
{
    return std::any_of(files.begin(), files.end(),
                       [](const NginxFile &file) { return file.errorLine.has_value(); });
}

NginxDump parseNginxDump(QByteArrayView output)
{
    NginxDump dump;
    std::optional<QByteArray> path;
    qsizetype begin = 0;
    const auto finish = [&](qsizetype end) {
        if (path)
            dump.files.push_back(parseNginx(output.sliced(begin, end - begin), *path));
    };
    for (qsizetype at = 0; at < output.size();) {
        qsizetype end = output.indexOf('\n', at);
        if (end < 0)
            end = output.size();
        const QByteArrayView line = output.sliced(at, end - at);
        const qsizetype after = qMin(end + 1, output.size());
        if (auto next = pathOf(line)) {
            finish(at);
            path = std::move(next);
            begin = after;
        } else if (!path && !dump.testPassed) {
            dump.testPassed = testVerdict(line);
        }
        at = after;
    }
    finish(output.size());
    return dump;
}

} // namespace config
