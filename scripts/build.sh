# Sourced by run and test, with $here set to the checkout.
# shellcheck shell=bash
# shellcheck source=scripts/packages.sh disable=SC2154
. "$here/scripts/packages.sh"

# install_for PURPOSE... : build, run, test, lab, lint, clang
install_for() {
  local purpose list=()
  for purpose in "$@"; do
    local name=packages_$purpose
    # shellcheck disable=SC2206 # words on purpose
    list+=(${!name})
    if [ "$purpose" = build ]; then
      command -v apt-get >/dev/null && ! installed g++ && { apt update; flowkeep_lists_fresh=1; }
      local ssh2
      ssh2=$(libssh2_package)
      [ -z "$ssh2" ] || list+=("$ssh2")
    fi
  done
  need "${list[@]}"
}

jobs=${FLOWKEEP_JOBS:-$(nproc)}

# configure_preset PRESET [CMAKE ARGS...]
configure_preset() {
  local preset=$1
  shift
  (cd "$here" && cmake --preset "$preset" --log-level=WARNING "$@" >"/tmp/flowkeep-configure.$$" 2>&1) || {
    cat "/tmp/flowkeep-configure.$$" >&2
    rm -f "/tmp/flowkeep-configure.$$"
    return 1
  }
  rm -f "/tmp/flowkeep-configure.$$"
}

# build_preset PRESET FOLDER [CMAKE ARGS...]
build_preset() {
  local folder=$2
  configure_preset "$1" "${@:3}"
  ninja -C "$here/$folder" -j "$jobs"
}

build_dev() { build_preset dev build "$@"; }
