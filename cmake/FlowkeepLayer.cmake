# flowkeep_layer(NAME [LAYERS other...] [LIBS lib...] [MOC] SOURCES file...)
#
# Declares one layer of the house: a static library flowkeep_NAME whose folder is core/NAME (or NAME for ui).
# LAYERS are the only project layers whose headers it may include. On Debian a target that links only QtCore
# still compiles `#include <QtWidgets/...>`, so linking proves nothing: tests/architecture reads these
# declarations (build/layers.txt) and compares every #include with them.
function(flowkeep_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "MOC" "" "LAYERS;LIBS;SOURCES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "flowkeep_layer(${name}): unexpected ${arg_UNPARSED_ARGUMENTS}")
  endif()
  add_library(flowkeep_${name} STATIC ${arg_SOURCES})
  set_target_properties(flowkeep_${name} PROPERTIES AUTOMOC ${arg_MOC})
  list(TRANSFORM arg_LAYERS PREPEND flowkeep_ OUTPUT_VARIABLE layers)
  target_link_libraries(flowkeep_${name} PUBLIC flowkeep_options ${layers} ${arg_LIBS})
  list(JOIN arg_LAYERS "," layer_list)
  list(JOIN arg_LIBS "," lib_list)
  set_property(GLOBAL APPEND PROPERTY FLOWKEEP_LAYERS "${name}|${layer_list}|${lib_list}")
endfunction()

# flowkeep_test(NAME LABEL label LINKS target... SOURCES file... [ENV VAR=value...])
#
# One Qt Test executable for a folder; every source is a plain .cpp whose test object is registered in it.
function(flowkeep_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;TIMEOUT" "LINKS;SOURCES;ENV")
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
  target_link_libraries(${name} PRIVATE flowkeep_options ${arg_LINKS} Qt6::Test)
  target_compile_definitions(${name} PRIVATE FLOWKEEP_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;${arg_ENV}")
endfunction()
