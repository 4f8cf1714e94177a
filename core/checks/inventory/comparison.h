#pragma once

#include "core/facts/deployment.h"

#include <QByteArray>

#include <vector>

/// What compose would start now against what runs.
namespace checks {

struct Comparison
{
    std::vector<QByteArray> differences; ///< "GOTRUE_JWT_EXP", "image nginx:1.27", "port 8080/tcp"
    std::vector<QByteArray> open; ///< what could not be compared
};

Comparison compare(const facts::RenderedService &service, const facts::Container &container);

} // namespace checks
