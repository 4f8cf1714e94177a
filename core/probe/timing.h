#pragma once

#include <chrono>

namespace probe {

/// How long one step may take, whatever the audit as a whole may.
struct Timing
{
    std::chrono::milliseconds connect{2500}; ///< one retransmitted SYN (after 1 s) still fits
    std::chrono::milliseconds answer{5000}; ///< one answer as a whole, however its bytes drip
};

} // namespace probe
