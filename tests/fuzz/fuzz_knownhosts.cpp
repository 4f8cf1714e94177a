#include "core/transport/knownhosts.h"

#include <cstddef>
#include <cstdint>

// A known_hosts file may come from anywhere; host names are typed by people.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace transport;
    const QByteArrayView text(data, static_cast<qsizetype>(size));
    const QList<KnownHostsFile> files{{QStringLiteral("f"), parseKnownHosts(text)}};
    const QString host = QStringLiteral("server.example");
    for (const quint16 port : {quint16(22), quint16(2222)}) {
        knownKeyTypes(files, host, port);
        judgeHostKey(files, host, port, QByteArray("\0\0\0\x0bssh-ed25519", 15));
        // Each against all: a few say as much as hundreds.
        for (const KnownHost &entry :
             files.first().entries.first(qMin(files.first().entries.size(), qsizetype(8)))) {
            // An entry's own key is never unknown to itself, unless its line is not for this host.
            const KeyJudgement judgement = judgeHostKey(files, host, port, entry.key);
            if (matchesHost(entry, host, port) && entry.marker == KnownHost::Marker::None
                && judgement.verdict != KeyVerdict::Known
                && judgement.verdict != KeyVerdict::Revoked)
                __builtin_trap();
        }
    }
    return 0;
}
