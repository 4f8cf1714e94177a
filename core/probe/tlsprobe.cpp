#include "core/probe/tlsprobe.h"

#include "core/probe/clienthello.h"
#include "core/probe/stream.h"
#include "core/probe/tlsstream.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>

using namespace Qt::StringLiterals;

namespace probe {

using base::Interrupt;
using model::Offer;
using model::TlsObservation;
using model::TlsVersion;
using model::TlsVersionOffer;

namespace {

VersionAnswer unknown(const QString &detail)
{
    VersionAnswer answer;
    answer.detail = detail;
    return answer;
}

/// Reads until the reply is whole or the connection ends.
VersionAnswer readAnswer(Stream &stream, TlsVersion version, const Interrupt &interrupt)
{
    QByteArray received;
    std::array<char, 4096> buffer;
    for (;;) {
        const ServerReply reply = readServerReply(received);
        if (reply.kind != ServerReply::Kind::Incomplete)
            return judgeReply(version, reply);
        const auto got = stream.read(buffer.data(), buffer.size(), interrupt);
        if (!got)
            return unknown(failureText(got.error()));
        if (*got == 0)
            return unknown(reply.alert == 0
                               ? u"closed without an answer"_s
                               : u"closed after a warning, "_s + alertText(reply.alert));
        received.append(buffer.data(), *got);
    }
}

struct ReadChain
{
    bool connected = false;
    QString detail;
    std::vector<X509Pointer> certificates; ///< leaf first
};

ReadChain readChain(const TlsQuestion &question, const Interrupt &interrupt)
{
    ReadChain chain;
    const auto socket = connectTo(question.endpoint, interrupt.within(question.timing.connect));
    if (!socket) {
        chain.detail = failureText(socket.error());
        return chain;
    }
    chain.connected = true;
    TlsStream tls(**socket, {question.serverName, std::nullopt, false});
    if (const auto done = tls.handshake(interrupt.within(question.timing.answer)); !done)
        chain.detail = failureText(done.error());
    if (!tls.ssl())
        return chain;
    // A server that wants a client certificate fails the handshake after its own chain was read.
    const STACK_OF(X509) *sent = SSL_get_peer_cert_chain(tls.ssl());
    for (int i = 0; i < sk_X509_num(sent); ++i) {
        X509 *certificate = sk_X509_value(sent, i);
        X509_up_ref(certificate);
        chain.certificates.emplace_back(certificate);
    }
    return chain;
}

void judgeInto(TlsObservation &into,
               const std::vector<X509Pointer> &certificates,
               const Trust &trust)
{
    const QString name = into.serverName.isEmpty() ? into.address : into.serverName;
    ChainJudgement judgement = judgeChain(certificates, name, trust, into.at);
    into.chainRead = !certificates.empty();
    into.problems = std::move(judgement.problems);
    into.nameMatches = judgement.nameMatches;
    into.trustedByGivenCa = judgement.trustedByGivenCa;
    for (const X509Pointer &certificate : certificates)
        into.chain.push_back(readCertificate(certificate.get()));
}

/// What the tasks of one port share: each writes its own evidence, the last one settles.
struct Round
{
    TlsQuestion question;
    Interrupt interrupt;
    TlsObservation &into;
    std::vector<VersionEvidence> evidence;
    std::atomic<int> open = 0;

    void finishOne()
    {
        if (--open == 0)
            into.versions = settleVersions(evidence);
    }
};

void queueVersions(TaskQueue &queue, const std::shared_ptr<Round> &round)
{
    round->open = int(2 * round->evidence.size());
    for (VersionEvidence &evidence : round->evidence) {
        queue.add([round, &evidence] {
            evidence.own = askVersion(round->question, evidence.version, round->interrupt);
            round->finishOne();
        });
        queue.add([round, &evidence] {
            evidence.witness = askWitness(round->question, evidence.version, round->interrupt);
            round->finishOne();
        });
    }
}

} // namespace

const std::vector<TlsVersion> &askedVersions()
{
    static const std::vector<TlsVersion> versions{TlsVersion::Ssl3, TlsVersion::Tls10,
                                                  TlsVersion::Tls11, TlsVersion::Tls12,
                                                  TlsVersion::Tls13};
    return versions;
}

std::vector<TlsVersionOffer> settleVersions(const std::vector<VersionEvidence> &evidence)
{
    std::vector<TlsVersionOffer> offers;
    for (const VersionEvidence &seen : evidence) {
        TlsVersionOffer offer{seen.version, seen.own.offer, seen.own.suite, seen.own.detail,
                              seen.witness.offer};
        if (offer.offer != Offer::Accepted && seen.witness.offer == Offer::Accepted) {
            offer = {seen.version, Offer::Accepted, seen.witness.suite,
                     u"accepted from OpenSSL, not from our own hello"_s, Offer::Accepted};
        } else if (seen.own.needsWitness && seen.witness.offer != Offer::Refused) {
            offer.offer = Offer::Unknown;
        }
        if (offer.offer != Offer::Accepted)
            offer.suite = 0; // that of another version
        offers.push_back(offer);
    }
    for (const VersionEvidence &seen : evidence) {
        for (const VersionAnswer *answer : {&seen.own, &seen.witness}) {
            if (!answer->instead)
                continue;
            const auto lower
                = std::ranges::find(offers, *answer->instead, &TlsVersionOffer::version);
            if (lower == offers.end() || lower->offer == Offer::Accepted)
                continue;
            lower->offer = Offer::Accepted;
            lower->suite = answer->suite;
            lower->detail = u"chosen when %1 was asked"_s.arg(versionName(seen.version));
        }
    }
    return offers;
}

VersionAnswer
askVersion(const TlsQuestion &question, TlsVersion version, const Interrupt &interrupt)
{
    const auto socket = connectTo(question.endpoint, interrupt.within(question.timing.connect));
    if (!socket)
        return unknown(failureText(socket.error()));
    const Interrupt answering = interrupt.within(question.timing.answer);
    const QByteArray hello = writeClientHello(freshHello(version, question.serverName));
    if (const auto sent = (*socket)->write(hello, answering); !sent)
        return unknown(failureText(sent.error()));
    return readAnswer(**socket, version, answering);
}

VersionAnswer
askWitness(const TlsQuestion &question, TlsVersion version, const Interrupt &interrupt)
{
    if (version == TlsVersion::Ssl3)
        return unknown(u"OpenSSL speaks no SSL 3.0"_s);
    const auto socket = connectTo(question.endpoint, interrupt.within(question.timing.connect));
    if (!socket)
        return unknown(failureText(socket.error()));
    TlsStream tls(**socket, {question.serverName, version, false});
    const auto done = tls.handshake(interrupt.within(question.timing.answer));
    // The hello decides, also when the handshake failed behind it: over a client certificate, a key
    // too small, a connection cut.
    if (tls.serverHello()) {
        ServerReply reply;
        reply.kind = ServerReply::Kind::Hello;
        reply.hello = *tls.serverHello();
        VersionAnswer answer;
        answer.suite = reply.hello.suite;
        if (reply.hello.version == version)
            answer.offer = Offer::Accepted;
        else if (reply.hello.version < version)
            answer.instead = reply.hello.version;
        return answer;
    }
    VersionAnswer answer;
    if (!done)
        answer.detail = failureText(done.error());
    if (tls.alert() && refusesVersion(*tls.alert()))
        answer.offer = Offer::Refused;
    return answer;
}

void queueTlsProbe(TaskQueue &queue,
                   const TlsQuestion &question,
                   const Trust &trust,
                   const base::Clock &clock,
                   const Interrupt &interrupt,
                   TlsObservation &into)
{
    into.address = addressText(question.endpoint.address);
    into.port = question.endpoint.port;
    into.family = question.endpoint.address.family;
    into.serverName = QString::fromLatin1(question.serverName);
    queue.add([&queue, question, &trust, &clock, interrupt, &into] {
        into.at = clock();
        const ReadChain chain = readChain(question, interrupt);
        into.connected = chain.connected;
        into.detail = chain.detail;
        judgeInto(into, chain.certificates, trust);
        auto round = std::make_shared<Round>(question, interrupt, into);
        for (const TlsVersion version : askedVersions())
            round->evidence.push_back({version, unknown(chain.detail), unknown(chain.detail)});
        if (chain.connected)
            queueVersions(queue, round);
        else
            into.versions = settleVersions(round->evidence);
    });
}

TlsObservation observeTls(const TlsQuestion &question,
                          const Trust &trust,
                          const base::Clock &clock,
                          const Interrupt &interrupt)
{
    TlsObservation observation;
    TaskQueue queue;
    queueTlsProbe(queue, question, trust, clock, interrupt, observation);
    queue.run(connectionsAtOnce);
    return observation;
}

} // namespace probe
