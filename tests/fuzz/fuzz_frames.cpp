#include "core/facts/facts.h"
#include "core/facts/framereader.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// A collector's output as a hostile server could send it: first in one piece, then in pieces of
/// the size that the first byte says, which must come to the same. What was read is parsed as well.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 1)
        return 0;
    const QByteArray stream(reinterpret_cast<const char *>(data + 1),
                            static_cast<qsizetype>(size - 1));
    const base::Result<facts::Snapshot> whole = facts::readFrames(stream);

    facts::FrameReader reader;
    std::vector<facts::Section> sections;
    const qsizetype step = 1 + data[0];
    for (qsizetype at = 0; at < stream.size(); at += step) {
        for (facts::Section &section :
             reader.feed(QByteArrayView(stream).sliced(at).first(qMin(step, stream.size() - at))))
            sections.push_back(std::move(section));
    }
    const bool ended = reader.ended();
    if (std::optional<facts::Section> last = reader.finish())
        sections.push_back(std::move(*last));
    if (whole.has_value() != reader.anyFrame())
        std::abort();
    if (!whole)
        return 0;
    if (whole->ended != ended || whole->sections != sections)
        std::abort();
    facts::parse(*whole);
    return 0;
}
