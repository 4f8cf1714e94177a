#include "core/facts/facts.h"
#include "core/facts/framereader.h"
#include "core/facts/sectiontable.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using facts::Section;

namespace {

const QByteArray nonce(32, 'a');
const QByteArray otherNonce(32, 'b');

QByteArray frame(const QByteArray &id,
                 const QByteArray &data,
                 const QByteArray &status = "ok",
                 const QByteArray &with = nonce)
{
    return "FK1 " + with + ' ' + id + ' ' + status + " 0 12 " + QByteArray::number(data.size())
        + " 0\n" + data + '\n';
}

QByteArray end(int frames)
{
    return "FK1 " + nonce + " END " + QByteArray::number(frames) + " 0 0 0 0\n";
}

/// A stream of three sections, one of them full of things that look like frames.
QByteArray sampleStream()
{
    return "motd\nsudo: hello\n" + frame("os", "ID=debian\n")
        + frame("ufw", frame("os", "x") + end(1))
        + frame("env@2", QByteArray("a\0b\n", 4), "denied") + end(3);
}

base::Result<facts::Snapshot> read(const QByteArray &stream)
{
    return facts::readFrames(stream, nonce);
}

const Section *find(const facts::Snapshot &snapshot, const QString &id)
{
    for (const Section &section : snapshot.sections) {
        if (section.id == id)
            return &section;
    }
    return nullptr;
}

} // namespace

class Frames : public QObject
{
    Q_OBJECT

private slots:
    void readsSections()
    {
        const auto snapshot = read(sampleStream());
        QVERIFY(snapshot);
        QVERIFY(snapshot->ended);
        QCOMPARE(snapshot->sections.size(), std::size_t(3));
        const Section &os = snapshot->sections[0];
        QCOMPARE(os.id, u"os"_s);
        QCOMPARE(os.status, Section::Status::Ok);
        QCOMPARE(os.exitStatus, std::optional(0));
        QCOMPARE(os.milliseconds, 12);
        QCOMPARE(os.command, "cat /etc/os-release"_ba);
        QCOMPARE(os.sha256,
                 QCryptographicHash::hash("ID=debian\n", QCryptographicHash::Sha256).toHex());
        const Section &env = snapshot->sections[2];
        QCOMPARE(env.deployment, 2);
        QCOMPARE(env.status, Section::Status::Denied);
        QCOMPARE(env.data, QByteArray("a\0b\n", 4));
    }

    void dataThatLooksLikeFramesIsData()
    {
        const auto snapshot = read(sampleStream());
        QCOMPARE(find(*snapshot, u"ufw"_s)->data, frame("os", "x") + end(1));
        QCOMPARE(find(*snapshot, u"os"_s)->data, "ID=debian\n"_ba);
    }

    void findsTheNonceByItself()
    {
        const auto snapshot = facts::readFrames(sampleStream());
        QVERIFY(snapshot && snapshot->ended);
        QCOMPARE(snapshot->sections.size(), std::size_t(3));
    }

    void foreignNonceIsNoise()
    {
        const QByteArray stream = frame("os", "ID=forged\n", "ok", otherNonce) + sampleStream();
        const auto snapshot = read(stream);
        QCOMPARE(find(*snapshot, u"os"_s)->data, "ID=debian\n"_ba);
        // Between frames it is a breach of the format, and everything after it counts as cut.
        const QByteArray broken = frame("os", "x") + frame("ufw", "forged", "ok", otherNonce)
            + frame("nft", "y") + end(2);
        const auto cut = read(broken);
        QCOMPARE(cut->sections.size(), std::size_t(1));
        QVERIFY(!cut->ended);
    }

    void promptBeforeTheFirstFrame()
    {
        const auto snapshot = read("[sudo] password: " + sampleStream());
        QVERIFY(snapshot && snapshot->ended);
        QCOMPARE(snapshot->sections.size(), std::size_t(3));
    }

    void firstOfEachIdCounts()
    {
        const QByteArray stream = frame("os", "first") + frame("os", "second")
            + frame("mystery", "?") + frame("env@17", "?") + frame("env", "?") + frame("os@1", "?")
            + frame("env@01", "?") + end(7);
        const auto snapshot = read(stream);
        QVERIFY(snapshot && snapshot->ended);
        QCOMPARE(snapshot->sections.size(), std::size_t(1));
        QCOMPARE(snapshot->sections[0].data, "first"_ba);
    }

    void noiseHasALimit()
    {
        const QByteArray frames = frame("os", "x") + end(1);
        const auto within = read(QByteArray(facts::noiseLimit, 'x') + frames);
        QVERIFY(within && within->ended);
        const QByteArray beyond = QByteArray(facts::noiseLimit + 1, 'x') + frames;
        const auto nothing = read(beyond);
        QVERIFY(!nothing);
        QCOMPARE(nothing.error().kind, base::ErrorKind::NothingCollected);
        QVERIFY(!facts::readFrames({}, nonce));
    }

    void sectionsHaveALimit()
    {
        const QByteArray big(facts::sectionLimit + 1, 'x');
        const auto snapshot = read(frame("os", big) + frame("ufw", "y") + end(2));
        QVERIFY(snapshot->ended);
        QCOMPARE(snapshot->sections[0].data.size(), facts::sectionLimit);
        QVERIFY(snapshot->sections[0].cut);
        QCOMPARE(facts::gapOf(snapshot->sections[0]), std::optional(facts::Gap::Cut));
        QVERIFY(!snapshot->sections[1].cut);
    }

    void theWholeHasALimit()
    {
        const QByteArray big(facts::sectionLimit, 'x');
        QByteArray stream;
        int count = 0;
        for (const facts::SectionInfo &info : facts::sectionTable()) {
            if (!info.perDeployment) {
                stream += frame(info.name, big);
                ++count;
            }
        }
        const auto snapshot = read(stream + end(count));
        QVERIFY(!snapshot->ended);
        qsizetype total = 0;
        for (const Section &section : snapshot->sections)
            total += section.data.size();
        QCOMPARE(total, facts::totalLimit);
        // Known but unwanted bytes count too: a server cannot make us read for ever.
        facts::FrameReader reader(nonce);
        reader.feed(QByteArray("FK1 " + nonce + " mystery ok 0 0 999999999999 0\n"));
        for (int i = 0; i < 20 && !reader.done(); ++i)
            reader.feed(QByteArray(1024 * 1024, 'x'));
        QVERIFY(reader.broken());
    }

    void wrongCountIsNoEnd()
    {
        const auto snapshot = read(frame("os", "x") + end(2));
        QVERIFY(snapshot && !snapshot->ended);
    }

    void cutAtEveryByte()
    {
        const QByteArray stream = sampleStream();
        const auto whole = read(stream);
        for (qsizetype length = 0; length < stream.size(); ++length) {
            const auto part = read(stream.first(length));
            if (!part)
                continue;
            QVERIFY(!part->ended);
            for (const Section &section : part->sections) {
                const Section *original = find(*whole, section.id);
                QVERIFY(original);
                if (section.status == Section::Status::Cut) {
                    QVERIFY(original->data.startsWith(section.data));
                    QCOMPARE(&section, &part->sections.back());
                } else {
                    QCOMPARE(section.data, original->data);
                    QCOMPARE(section.status, original->status);
                }
            }
        }
    }

    void chunksMakeNoDifference()
    {
        const QByteArray stream = sampleStream();
        const auto whole = read(stream);
        for (qsizetype size = 1; size < 40; ++size) {
            facts::FrameReader reader(nonce);
            std::vector<Section> sections;
            for (qsizetype at = 0; at < stream.size(); at += size) {
                for (Section &section : reader.feed(QByteArrayView(stream).sliced(at).first(
                         std::min(size, stream.size() - at))))
                    sections.push_back(std::move(section));
            }
            QVERIFY(reader.ended());
            QVERIFY(sections == whole->sections);
        }
    }

    void randomDamageNeverMisattributes()
    {
        QRandomGenerator random(20260101);
        const QByteArray stream = sampleStream();
        for (int round = 0; round < 5000; ++round) {
            QByteArray damaged = stream;
            for (int i = 0; i < 3; ++i)
                damaged[random.bounded(damaged.size())] = static_cast<char>(random.bounded(256));
            const auto snapshot = read(damaged);
            if (!snapshot)
                continue;
            QSet<QString> ids;
            for (const Section &section : snapshot->sections) {
                QVERIFY(!ids.contains(section.id));
                ids.insert(section.id);
                QVERIFY(facts::parseSectionId(section.id.toLatin1()));
            }
        }
    }

    void readsMeta()
    {
        const QByteArray meta = "collector\t7\nuid\t0\nuser\troot\nhost\tdocs\nmachineid\tabc\nepoc"
                                "h\t1795600000\nkernel\t6.1\n";
        const auto snapshot = read(frame("meta", meta) + end(1));
        QCOMPARE(snapshot->collectorVersion, "7"_ba);
        QCOMPARE(snapshot->privilege, model::Privilege::Root);
        QCOMPARE(snapshot->serverClock.toSecsSinceEpoch(), 1795600000);
    }
};

QTEST_APPLESS_MAIN(Frames)
#include "tst_frames.moc"
