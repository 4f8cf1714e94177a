#include "core/facts/framereader.h"

#include "core/facts/facts.h"
#include "core/facts/sectiontable.h"

#include <QCryptographicHash>
#include <QList>

#include <algorithm>
#include <utility>

namespace facts {

namespace {

constexpr QByteArrayView mark = "FK1 ";
constexpr qsizetype nonceLength = 32;
constexpr qsizetype headerLimit = 256; ///< bytes; the longest possible frame line has about 120

bool isNonce(QByteArrayView text)
{
    return text.size() == nonceLength && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

bool isIdText(QByteArrayView text)
{
    return !text.isEmpty() && text.size() <= 40
        && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '@';
           });
}

/// Decimal digits only, up to 12 of them.
std::optional<qint64> number(QByteArrayView text)
{
    const bool digits
        = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.isEmpty() || text.size() > 12 || !digits)
        return std::nullopt;
    return text.toLongLong();
}

QByteArray sha256(const QByteArray &data)
{
    return QCryptographicHash::hash(data, QCryptographicHash::Sha256).toHex();
}

} // namespace

struct FrameReader::Header
{
    QByteArray nonce;
    bool isEnd = false;
    qint64 frames = 0; ///< of END
    Section section;
    qint64 bytes = 0;
};

FrameReader::FrameReader(QByteArrayView nonce)
    : m_nonce(nonce.toByteArray())
{ }

std::vector<Section> FrameReader::feed(QByteArrayView bytes)
{
    std::vector<Section> completed;
    if (done())
        return completed;
    m_buffer.append(bytes);
    while (step(completed)) { }
    m_buffer.remove(0, m_at);
    m_at = 0;
    return completed;
}

bool FrameReader::step(std::vector<Section> &completed)
{
    switch (m_state) {
    case State::Noise:
        return skipNoise();
    case State::Header:
        return readHeader();
    case State::Data:
        return readData();
    case State::Terminator:
        return readTerminator(completed);
    case State::Ended:
    case State::Broken:
        return false;
    }
    return false;
}

/// A prompt without a line end may stand right before the first frame, so the mark is looked for
/// anywhere; the nonce keeps others from writing one.
bool FrameReader::skipNoise()
{
    for (;;) {
        const qsizetype found = rest().indexOf(mark);
        const qsizetype skipped
            = found >= 0 ? found : std::max<qsizetype>(0, rest().size() - mark.size() + 1);
        m_noise += skipped;
        m_at += skipped;
        if (m_noise > noiseLimit) {
            m_state = State::Broken;
            return false;
        }
        if (found < 0)
            return false;
        const qsizetype end = rest().first(std::min(rest().size(), headerLimit)).indexOf('\n');
        if (end < 0 && rest().size() < headerLimit)
            return false;
        const std::optional<Header> header
            = end < 0 ? std::nullopt : parseHeader(rest().first(end));
        if (!header) {
            ++m_at;
            ++m_noise;
            continue;
        }
        m_nonce = header->nonce;
        m_at += end + 1;
        return begin(*header);
    }
}

bool FrameReader::readHeader()
{
    const qsizetype end = rest().first(std::min(rest().size(), headerLimit)).indexOf('\n');
    if (end < 0) {
        if (rest().size() >= headerLimit)
            m_state = State::Broken;
        return false;
    }
    const std::optional<Header> header = parseHeader(rest().first(end));
    if (!header) {
        m_state = State::Broken;
        return false;
    }
    m_at += end + 1;
    return begin(*header);
}

bool FrameReader::begin(const Header &header)
{
    if (header.isEnd) {
        // A count that does not fit means that frames were lost on the way.
        m_state = header.frames == m_frames ? State::Ended : State::Broken;
        return false;
    }
    ++m_frames;
    m_missing = header.bytes;
    m_section = header.section;
    m_wanted = !m_section.command.isEmpty() && !m_seen.contains(m_section.id);
    if (m_wanted)
        m_seen.insert(m_section.id);
    m_state = State::Data;
    return true;
}

bool FrameReader::readData()
{
    const qsizetype here = std::min<qint64>(m_missing, rest().size());
    const qsizetype left = totalLimit - m_total;
    if (m_wanted) {
        const qsizetype kept = std::min({here, left, sectionLimit - m_section.data.size()});
        m_section.data.append(rest().first(kept));
        m_section.cut = m_section.cut || kept < here;
    }
    if (here > left) {
        m_state = State::Broken;
        return false;
    }
    m_total += here;
    m_at += here;
    m_missing -= here;
    if (m_missing > 0)
        return false;
    m_state = State::Terminator;
    return true;
}

bool FrameReader::readTerminator(std::vector<Section> &completed)
{
    if (rest().isEmpty())
        return false;
    if (rest().front() != '\n') {
        m_state = State::Broken; // `finish` hands the section out as cut
        return false;
    }
    ++m_at;
    m_state = State::Header;
    if (m_wanted) {
        m_wanted = false;
        m_section.sha256 = sha256(m_section.data);
        completed.push_back(std::exchange(m_section, {}));
    }
    return true;
}

std::optional<FrameReader::Header> FrameReader::parseHeader(QByteArrayView line) const
{
    const QList<QByteArray> words = line.toByteArray().split(' ');
    if (words.size() != 8 || words[0] != "FK1" || !isNonce(words[1]))
        return std::nullopt;
    if (!m_nonce.isEmpty() && words[1] != m_nonce)
        return std::nullopt;
    Header header;
    header.nonce = words[1];
    const std::optional<qint64> milliseconds = number(words[5]);
    const std::optional<qint64> bytes = number(words[6]);
    if (!milliseconds || !bytes || (words[7] != "0" && words[7] != "1"))
        return std::nullopt;
    if (words[2] == "END") {
        const std::optional<qint64> frames = number(words[3]);
        if (!frames)
            return std::nullopt;
        header.isEnd = true;
        header.frames = *frames;
        return header;
    }
    const std::optional<Section::Status> status = statusFromWord(QString::fromLatin1(words[3]));
    const std::optional<qint64> exitStatus = number(words[4]);
    const bool known
        = status && *status != Section::Status::Cut && *status != Section::Status::Unparsable;
    if (!known || !isIdText(words[2]) || !exitStatus || *exitStatus > 255)
        return std::nullopt;
    header.bytes = *bytes;
    header.section.status = *status;
    header.section.exitStatus = static_cast<int>(*exitStatus);
    header.section.milliseconds = *milliseconds;
    header.section.cut = words[7] == "1";
    if (const std::optional<SectionId> id = parseSectionId(words[2])) {
        header.section.id = QString::fromLatin1(words[2]);
        header.section.deployment = id->deployment;
        header.section.command = id->info->command;
    }
    return header;
}

std::optional<Section> FrameReader::finish()
{
    if (!done())
        m_state = State::Broken;
    if (!m_wanted)
        return std::nullopt;
    m_section.status = Section::Status::Cut;
    m_section.exitStatus.reset();
    m_section.cut = true;
    m_section.sha256 = sha256(m_section.data);
    m_wanted = false;
    return std::exchange(m_section, {});
}

base::Result<Snapshot> readFrames(QByteArrayView stream, QByteArrayView nonce)
{
    FrameReader reader(nonce);
    Snapshot snapshot;
    snapshot.sections = reader.feed(stream);
    snapshot.ended = reader.ended();
    if (std::optional<Section> last = reader.finish())
        snapshot.sections.push_back(std::move(*last));
    if (!reader.anyFrame()) {
        return base::fail(base::ErrorKind::NothingCollected, base::Stage::Collect, {},
                          QStringLiteral("no collector frame among %1 bytes").arg(stream.size()));
    }
    readMeta(snapshot);
    return snapshot;
}

} // namespace facts
