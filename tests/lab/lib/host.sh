# shellcheck shell=bash disable=SC2154 # the door sets here, common.sh the rest
# Sourced: what the machine must have, and whether the lab can run on it.

install_host() {
    local packages=(mmdebstrap docker.io iptables python3 openssh-client sshpass openssl curl ca-certificates gcc
        libc6-dev libnetfilter-queue-dev) missing=() package
    command -v go >/dev/null || packages+=(golang-go)
    for package in "${packages[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    # A docker engine that is already there, from whichever source, is left alone.
    ! command -v dockerd >/dev/null || missing=("${missing[@]/docker.io/}")
    missing=(${missing[@]+"${missing[@]}"})
    local wanted=${missing[*]:-}
    if [ -n "${wanted// /}" ]; then
        apt-get -o DPkg::Lock::Timeout=600 update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends $wanted >"$cache/log/host.log" 2>&1 ||
            die "packages could not be installed, see $cache/log/host.log"
    fi
    docker info >/dev/null 2>&1 || start_engine
    say "this machine is ready"
}

# Without systemd the service script may refuse; then the engine is started directly and lives as long as the machine.
start_engine() {
    if [ -d /run/systemd/system ]; then systemctl start docker || true
    else service docker start >/dev/null 2>&1 || true; fi
    engine_answers 20 && return
    setsid nohup dockerd >"$cache/log/dockerd.log" 2>&1 </dev/null &
    engine_answers 60 || die "no docker engine answers, see $cache/log/dockerd.log: start dockerd as root, then run this again"
}

engine_answers() {
    local _
    for _ in $(seq "$1"); do
        docker info >/dev/null 2>&1 && return
        sleep 0.5
    done
    return 1
}

# Exit 77 and one line per obstacle where the lab cannot run.
check_host() {
    local obstacles=() absent="" file
    [ "$(id -u)" = 0 ] || obstacles+=("not root and no sudo without password: run as root")
    docker info >/dev/null 2>&1 || obstacles+=("no docker engine answers: 'tests/lab/lab host' installs and starts one")
    command -v mmdebstrap >/dev/null || obstacles+=("mmdebstrap is missing: 'tests/lab/lab host' installs it")
    command -v go >/dev/null || obstacles+=("go is missing: 'tests/lab/lab host' installs it")
    [ -n "$(debian_sources)" ] || obstacles+=("no Debian apt sources here: name a deb822 file in FLOWKEEP_LAB_SOURCES")
    for file in $vendor_files; do [ -f "$upstream/$file" ] || absent+=" $file"; done
    [ -z "$absent" ] || obstacles+=("AppFlowy's stock configuration is missing in $upstream:$absent; point FLOWKEEP_UPSTREAM at a folder that holds it")
    [ ${#obstacles[@]} -eq 0 ] && return 0
    printf 'lab: cannot run here: %s\n' "${obstacles[@]}" >&2
    exit 77
}

# The machine's own apt sources, whatever Debian release they name.
debian_sources() {
    local file
    for file in ${FLOWKEEP_LAB_SOURCES:-/etc/apt/sources.list.d/debian.sources /etc/apt/sources.list}; do
        [ -s "$file" ] && grep -qE '\b(bookworm|trixie)\b' "$file" && { echo "$file"; return; }
    done
    return 0
}

# sources_for RELEASE: prints the path of a copy of the machine's sources that names RELEASE instead.
sources_for() {
    local own copy
    own=$(debian_sources)
    [ -n "$own" ] || die "no Debian apt sources here: name a deb822 file in FLOWKEEP_LAB_SOURCES"
    mkdir -p "$cache/apt/$1/sources"
    copy=$cache/apt/$1/sources/lab.${own##*.}
    sed -E "/^#/d; s/\b(bookworm|trixie)\b/$1/g" "$own" >"$copy"
    echo "$copy"
}

# fetch_package RELEASE PACKAGE FOLDER: downloads one package with an apt state of its own; the machine's is untouched.
fetch_package() {
    local state=$cache/apt/$1
    sources_for "$1" >/dev/null
    mkdir -p "$state/lists/partial" "$state/archives/partial" "$3"
    cat >"$state/apt.conf" <<CONF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$state/sources";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "$state/lists";
Dir::Cache "$state";
APT::Sandbox::User "root";
CONF
    export APT_CONFIG=$state/apt.conf
    apt-get -qq update && (cd "$3" && apt-get -qq download "$2")
    unset APT_CONFIG
}
