#pragma once

#include <chrono>

namespace probe {

/// One retransmitted SYN (after 1 s) still fits.
constexpr std::chrono::milliseconds connectTimeout{2500};
/// For one answer as a whole, however its bytes drip.
constexpr std::chrono::milliseconds answerTimeout{5000};

} // namespace probe
