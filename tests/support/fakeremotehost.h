#pragma once

#include "core/transport/remotehost.h"

#include <QByteArray>
#include <QList>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

/// The one scripted RemoteHost: answers from a list, records every call, can fail, delay and cut.
/// For what no real server does on time; real servers are tested for real.
namespace support {

struct Answer
{
    QByteArray output{};
    /// Replaced in `output` by the nonce of the script's first line.
    QByteArray noncePlaceholder = "NONCE";
    qsizetype chunk = 4096; ///< bytes handed over at a time
    std::chrono::milliseconds before{0}; ///< silence before the first byte
    bool stall = false; ///< after the output nothing comes any more
    bool flood = false; ///< the output again and again, until the sink has enough
    std::optional<base::Error> error{}; ///< after the output
    transport::ScriptResult result{transport::RanAs::Root, 0, {}};
};

class FakeRemoteHost : public transport::RemoteHost
{
public:
    struct Call
    {
        QByteArray script;
        transport::RunAs runAs = transport::RunAs::Root;
    };

    /// What was asked of some hosts, each maybe on a thread of its own. Outlives the hosts, which
    /// an engine takes over.
    class Record
    {
    public:
        void append(const Call &call)
        {
            const std::lock_guard lock(m_mutex);
            m_calls.append(call);
        }

        QList<Call> calls() const
        {
            const std::lock_guard lock(m_mutex);
            return m_calls;
        }

    private:
        mutable std::mutex m_mutex;
        QList<Call> m_calls;
    };

    explicit FakeRemoteHost(QList<Answer> answers,
                            std::shared_ptr<Record> record = std::make_shared<Record>())
        : m_answers(std::move(answers))
        , m_record(std::move(record))
    { }

    QList<Call> calls() const { return m_record->calls(); }

    base::Result<transport::ScriptResult> runScript(const QByteArray &script,
                                                    transport::RunAs runAs,
                                                    const transport::OutputSink &sink,
                                                    const base::Interrupt &interrupt) override
    {
        m_record->append({script, runAs});
        if (m_answers.isEmpty())
            return base::fail(base::ErrorKind::ConnectionLost, base::Stage::Collect,
                              QStringLiteral("fake"));
        const Answer answer = m_answers.takeFirst();
        if (!wait(answer.before, interrupt))
            return interrupted(interrupt);

        const QByteArray nonce = script.mid(9, 32); // after "FK_NONCE="
        QByteArray output = answer.output;
        if (!answer.noncePlaceholder.isEmpty())
            output.replace(answer.noncePlaceholder, nonce);
        do {
            for (qsizetype at = 0; at < output.size(); at += answer.chunk) {
                if (interrupt.requested())
                    return interrupted(interrupt);
                if (!sink(QByteArrayView(output).sliced(
                        at, std::min(answer.chunk, output.size() - at))))
                    return answer.result;
            }
        } while (answer.flood);
        if (answer.stall) {
            wait(std::chrono::hours(1), interrupt);
            return interrupted(interrupt);
        }
        if (answer.error)
            return base::fail(*answer.error);
        return answer.result;
    }

private:
    static bool wait(std::chrono::milliseconds span, const base::Interrupt &interrupt)
    {
        const base::Interrupt within = interrupt.within(span);
        while (!within.requested())
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return !interrupt.requested();
    }

    static tl::unexpected<base::Error> interrupted(const base::Interrupt &interrupt)
    {
        const auto kind = interrupt.stop.stop_requested() ? base::ErrorKind::Cancelled
                                                          : base::ErrorKind::TimedOut;
        return base::fail(kind, base::Stage::Collect, QStringLiteral("fake"));
    }

    QList<Answer> m_answers;
    std::shared_ptr<Record> m_record;
};

/// One frame as the collector writes it, with NONCE for the nonce.
inline QByteArray frame(const QByteArray &id,
                        const QByteArray &data,
                        const QByteArray &status = "ok",
                        int exitStatus = 0)
{
    return "FK1 NONCE " + id + ' ' + status + ' ' + QByteArray::number(exitStatus) + " 3 "
        + QByteArray::number(data.size()) + " 0\n" + data + '\n';
}

inline QByteArray endFrame(int frames)
{
    return "FK1 NONCE END " + QByteArray::number(frames) + " 0 0 0 0\n";
}

} // namespace support
