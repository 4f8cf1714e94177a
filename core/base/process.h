#pragma once

namespace base {

/// Passwords are in memory: no core file, and no debugger of another process of this user. For the
/// start of a program, before anything else.
void forbidCoreDumps();

} // namespace base
