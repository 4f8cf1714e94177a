# One INTERFACE target carries every flag and Qt define; each layer, program and test links it.
set(CMAKE_CXX_EXTENSIONS OFF)
add_library(flowkeep_options INTERFACE)

target_compile_features(flowkeep_options INTERFACE cxx_std_20)
target_include_directories(flowkeep_options INTERFACE ${PROJECT_SOURCE_DIR})

target_compile_definitions(flowkeep_options INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
  QT_NO_FOREACH QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_USE_QSTRINGBUILDER
  QT_DISABLE_DEPRECATED_BEFORE=0x060400)

set(warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wnull-dereference -Wformat=2 -Wcast-qual
  -Wzero-as-null-pointer-constant -Wextra-semi -Wundef -Wredundant-decls)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND warnings -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wsuggest-override
    # Fires inside expected<vector<...>> of the library itself, not in our code.
    -Wno-error=maybe-uninitialized)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # std::stable_sort of gcc 12's library uses what clang calls deprecated.
  list(APPEND warnings -Wno-deprecated-declarations)
endif()
option(FLOWKEEP_WERROR "Treat warnings as errors" ON)
if(FLOWKEEP_WERROR)
  list(APPEND warnings -Werror)
endif()
target_compile_options(flowkeep_options INTERFACE ${warnings})

# "Dev" is the edit loop: the headers cost more than the optimiser, and full -g costs a third.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")
set(CMAKE_C_FLAGS_DEV "-O1 -g1")

set(FLOWKEEP_SANITIZE "" CACHE STRING "Comma-separated sanitizers: address,undefined or thread")
if(FLOWKEEP_SANITIZE)
  add_compile_options(-fsanitize=${FLOWKEEP_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FLOWKEEP_SANITIZE})
  if(FLOWKEEP_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  # Sanitizers confuse these two flow analyses.
  target_compile_options(flowkeep_options INTERFACE -Wno-maybe-uninitialized -Wno-null-dereference)
else()
  add_compile_options(-fstack-protector-strong $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
if(FLOWKEEP_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()
add_link_options(-Wl,-z,relro,-z,now)

find_program(FLOWKEEP_MOLD mold)
if(FLOWKEEP_MOLD AND NOT FLOWKEEP_FUZZ)
  add_link_options(-fuse-ld=mold)
endif()
find_program(FLOWKEEP_CCACHE ccache)
if(FLOWKEEP_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${FLOWKEEP_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${FLOWKEEP_CCACHE})
endif()
