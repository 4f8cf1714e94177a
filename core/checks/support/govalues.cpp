#include "core/checks/support/govalues.h"

#include <algorithm>
#include <array>
#include <limits>

namespace checks {

namespace {

int digitOf(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 99;
}

struct Digits
{
    QByteArrayView text;
    int base = 10;
    bool afterPrefix = false; ///< one "_" may follow a prefix
};

Digits splitBase(QByteArrayView text)
{
    if (text.size() < 2 || text[0] != '0')
        return {text, 10, false};
    switch (text[1]) {
    case 'x':
    case 'X':
        return {text.sliced(2), 16, true};
    case 'o':
    case 'O':
        return {text.sliced(2), 8, true};
    case 'b':
    case 'B':
        return {text.sliced(2), 2, true};
    default:
        return {text.sliced(1), 8, true};
    }
}

} // namespace

std::optional<qint64> goInt(QByteArrayView text)
{
    bool negative = false;
    if (!text.isEmpty() && (text.front() == '+' || text.front() == '-')) {
        negative = text.front() == '-';
        text = text.sliced(1);
    }
    const Digits digits = splitBase(text);
    if (digits.text.isEmpty())
        return std::nullopt;
    constexpr qint64 highest = std::numeric_limits<qint64>::max();
    qint64 value = 0;
    bool mayUnderscore = digits.afterPrefix;
    for (const char c : digits.text) {
        if (c == '_') {
            if (!mayUnderscore)
                return std::nullopt;
            mayUnderscore = false;
            continue;
        }
        const int digit = digitOf(c);
        if (digit >= digits.base || value > (highest - digit) / digits.base)
            return std::nullopt;
        value = value * digits.base + digit;
        mayUnderscore = true;
    }
    if (digits.text.back() == '_')
        return std::nullopt;
    return negative ? -value : value;
}

std::optional<bool> goBool(QByteArrayView text)
{
    constexpr std::array<QByteArrayView, 6> yes{"1", "t", "T", "TRUE", "true", "True"};
    constexpr std::array<QByteArrayView, 6> no{"0", "f", "F", "FALSE", "false", "False"};
    if (std::ranges::find(yes, text) != yes.end())
        return true;
    if (std::ranges::find(no, text) != no.end())
        return false;
    return std::nullopt;
}

} // namespace checks
