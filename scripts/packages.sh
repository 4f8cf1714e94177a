# Sourced. The Debian/Ubuntu packages of each purpose, and one function that installs what is missing.
# shellcheck shell=bash disable=SC2034 # used by name in build.sh

packages_build="g++ cmake ninja-build pkg-config ccache git ca-certificates qt6-base-dev qt6-svg-dev
  qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools libssl-dev libqt6sql6-sqlite
  libexpected-dev zlib1g-dev"
packages_run="fonts-inter fonts-noto-mono fonts-noto-core fonts-droid-fallback fonts-dejavu-core
  qt6-translations-l10n openssh-client"
packages_test="xvfb xauth openbox poppler-utils qpdf mold openssh-server openssl nginx-light
  busybox-static dash mawk gawk strace perl python3 procps iproute2 nftables iptables"
packages_lab="docker.io mmdebstrap openssh-client sshpass libnetfilter-queue-dev iproute2 iptables
  golang-go python3 jq"
packages_lint="shellcheck codespell"
packages_clang="clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev"

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# The system's libssh2 where the distribution has 1.11 or newer; older ones are built from source instead.
libssh2_package() {
  local version
  version=$(apt-cache policy libssh2-1-dev 2>/dev/null | sed -n 's/^  Candidate: //p')
  if [ -n "$version" ] && dpkg --compare-versions "$version" ge 1.11; then echo libssh2-1-dev; fi
}

apt() {
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -qq "$@"
}

# need PACKAGE... : installs those that are not there, after one update of the lists.
need() {
  local missing=() package
  for package in "$@"; do
    installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "flowkeep: this machine has no apt-get. Install the equivalents of: ${missing[*]}" >&2
    return 1
  fi
  if [ -n "$sudo" ] && ! command -v sudo >/dev/null; then
    echo "flowkeep: run this as root, or install sudo. Missing packages: ${missing[*]}" >&2
    return 1
  fi
  echo "flowkeep: installing ${#missing[@]} packages: ${missing[*]}"
  [ -n "${flowkeep_lists_fresh:-}" ] || apt update
  flowkeep_lists_fresh=1
  # Tests bring their own sshd and nginx up on free ports: the packages must not start servers here.
  local policy=/usr/sbin/policy-rc.d own=
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
    $sudo chmod 755 $policy
    own=1
  fi
  local status=0
  apt install -y --no-install-recommends "${missing[@]}" || status=$?
  [ -z "$own" ] || $sudo rm -f $policy
  return "$status"
}
