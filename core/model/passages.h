#pragma once

#include <QString>

#include <vector>

namespace model {

/// One stretch of an advice: prose, or lines to copy.
struct Passage
{
    bool code = false;
    QString text; ///< of code: without the marker, with its own indentation

    friend bool operator==(const Passage &, const Passage &) = default;
};

/// The passages of an advice stand apart by one empty line. Where every line of one begins with
/// four blanks, it is a block to copy; the blanks are the marker, what follows them is the block.
std::vector<Passage> passages(const QString &advice);

} // namespace model
