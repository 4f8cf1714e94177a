#pragma once

#include "core/base/deadline.h"
#include "core/model/observation.h"
#include "core/probe/address.h"
#include "core/probe/timing.h"

#include <QByteArray>

#include <utility>
#include <vector>

namespace probe {

/// What is asked of one port: GET requests on one kept connection, redirects never followed.
struct HttpQuestion
{
    Endpoint endpoint;
    bool tls = false;
    QByteArray host; ///< Host header and SNI: a DNS name; empty for the address itself
    std::vector<QByteArray> paths;
    Timing timing{};
};

/// How many answers of 4xx or 5xx may still be provoked: tools that ban clients count them.
class ErrorBudget
{
public:
    static constexpr int perAudit = 10;

    explicit ErrorBudget(int left = perAudit)
        : m_left(left)
    { }

    bool spent() const { return m_left <= 0; }
    void count(int status) { m_left -= status >= 400 ? 1 : 0; }
    /// A fair part of what is left, rounded up, for the next of `takers` who still come.
    ErrorBudget takeShare(int takers)
    {
        const int share = (m_left + takers - 1) / takers;
        m_left -= share;
        return ErrorBudget(share);
    }
    void giveBack(ErrorBudget &rest) { m_left += std::exchange(rest.m_left, 0); }

private:
    int m_left;
};

/// The paths judged for response headers and for what plain HTTP still gives away. `random` makes
/// the address of a page that does not exist.
std::vector<QByteArray> httpsPaths(const QByteArray &random);
std::vector<QByteArray> plainPaths();

/// One observation per path, in their order. A port that takes no connection answers for all paths;
/// after two requests without an answer in time, and once the budget is spent, the rest is not
/// asked and says so. Not for two threads at once with one budget.
std::vector<model::HttpObservation> observeHttp(const HttpQuestion &question,
                                                ErrorBudget &budget,
                                                const base::Clock &clock,
                                                const base::Interrupt &interrupt);

} // namespace probe
