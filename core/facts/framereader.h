#pragma once

#include "core/facts/section.h"

#include <QByteArray>
#include <QSet>

#include <optional>
#include <vector>

namespace facts {

/// Takes the collector's output as it arrives and hands out sections as they are complete.
///
/// Per section `FK1 <nonce> <id> <status> <rc> <ms> <bytes> <cut>\n`, the bytes, `\n`; at the end
/// `FK1 <nonce> END <frames> 0 0 0 0\n`. What looks like a frame inside a section is data. After a
/// line that is no frame the rest of the stream is not read.
class FrameReader
{
public:
    /// An empty nonce is taken from the first well-formed frame line.
    explicit FrameReader(QByteArrayView nonce = {});

    /// The sections completed by these bytes; unknown ids and second copies are left out.
    std::vector<Section> feed(QByteArrayView bytes);
    /// No more bytes come: the section that was under way, with what arrived of it and status Cut.
    std::optional<Section> finish();

    bool ended() const { return m_state == State::Ended; }
    /// Nothing more will be read: ended, broken, or a limit reached.
    bool done() const { return m_state == State::Ended || m_state == State::Broken; }
    /// The stream did not keep to the format, or a limit was reached.
    bool broken() const { return m_state == State::Broken; }
    bool anyFrame() const { return m_frames > 0 || ended(); }

private:
    enum class State { Noise, Header, Data, Terminator, Ended, Broken };
    struct Header;

    bool step(std::vector<Section> &completed);
    bool skipNoise();
    bool readHeader();
    bool readData();
    bool readTerminator(std::vector<Section> &completed);
    bool begin(const Header &header);
    std::optional<Header> parseHeader(QByteArrayView line) const;
    QByteArrayView rest() const { return QByteArrayView(m_buffer).sliced(m_at); }

    QByteArray m_nonce;
    State m_state = State::Noise;
    QByteArray m_buffer;
    qsizetype m_at = 0; ///< what stands before it in the buffer is done with
    qsizetype m_noise = 0; ///< bytes skipped
    qsizetype m_total = 0; ///< data bytes received, of any section
    qint64 m_missing = 0; ///< data bytes still to come
    qint64 m_frames = 0;
    bool m_wanted = false; ///< m_section is under way and known
    Section m_section;
    QSet<QString> m_seen;
};

} // namespace facts
