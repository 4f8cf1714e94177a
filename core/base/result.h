#pragma once

#include "core/base/error.h"

#include <tl/expected.hpp>

#include <utility>

namespace base {

/// What every call returns that can fail for outside reasons. A class of its own, because an alias
/// of tl::expected would not be [[nodiscard]]. Use early returns: `if (!r) return base::fail(r);`.
template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error>
{
public:
    using tl::expected<T, Error>::expected;
};

/// Builds the failure of any Result.
inline tl::unexpected<Error> fail(ErrorKind kind, Stage stage, QString what, QString detail = {})
{
    return tl::unexpected<Error>(Error{kind, stage, std::move(what), std::move(detail)});
}

inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

/// Hands the failure of one Result on as the failure of another.
template <typename T>
tl::unexpected<Error> fail(const Result<T> &failed)
{
    return tl::unexpected<Error>(failed.error());
}

} // namespace base
