# shellcheck shell=bash disable=SC2034,SC2154 # used by the files sourced after this one
# Sourced by the lab's door: folders, names, cache keys and messages.

cache=$FLOWKEEP_LAB_CACHE
network=flowkeep-lab
repository=$(readlink -f "$here/../..")
upstream=${FLOWKEEP_UPSTREAM:-$repository/../shared/upstream/appflowy-cloud}
# Read from there and never part of this repository.
vendor_files="docker-compose.yml deploy.env nginx.conf appflowy.site.conf"
mkdir -p "$cache/keys" "$cache/bin" "$cache/targets" "$cache/log"

say() { printf 'lab: [%4d s] %s\n' "$SECONDS" "$*" >&2; }
die() { printf 'lab: %s\n' "$*" >&2; exit 1; }

# A product of the lab is named after the bytes of everything it is made from, so that a changed script or package
# list makes it anew and nothing else does.
key_of() { cat -- "$@" | sha256sum | cut -c1-12; }
server_key() { key_of "$here"/image/packages-server "$here"/image/server.sh "$here"/image/lab-init; }
layer_key() { key_of "$here"/image/packages-stack "$here"/image/stack.sh; }
seed_key() {
    {
        server_key
        layer_key
        cat "$here"/image/entry.sh "$here"/images.py "$here"/archive.py "$here"/standin/*.go
        [ ! -x "$cache/bin/minio" ] || sha256sum <"$cache/bin/minio"
        [ -z "${FLOWKEEP_LAB_GOTRUE:-}" ] || sha256sum <"$FLOWKEEP_LAB_GOTRUE"
    } | sha256sum | cut -c1-12
}
server_image() { echo "flowkeep-lab/server:$(server_key)"; }
seed_volume() { echo "flowkeep-lab-seed-$(seed_key)"; }
volume_path() { docker volume inspect -f '{{.Mountpoint}}' "$1"; }

# One build at a time on this machine, whoever asks.
with_lock() {
    exec 8>"$cache/.lock"
    flock 8
    "$@"
    exec 8>&-
}

make_keys() {
    local type
    for type in ed25519 ecdsa rsa; do
        [ -f "$cache/keys/$type" ] || ssh-keygen -q -t "$type" -N '' -C "lab-$type" -f "$cache/keys/$type"
    done
    cat "$cache"/keys/*.pub >"$cache/keys/authorized_keys"
    give_back "$cache/keys"
}

# What root made for a sudoer's tests must be readable by him.
give_back() {
    if [ -n "${SUDO_UID:-}" ]; then chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$@"; fi
}

# The lab's own certificate authority; its certificate is what tests hand to --tls-ca.
make_authority() {
    [ -f "$cache/ca/ca.pem" ] && return
    mkdir -p "$cache/ca"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/O=Example Org/CN=Example Org Internal CA' \
        -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
        -keyout "$cache/ca/ca.key" -out "$cache/ca/ca.pem" 2>/dev/null
    give_back "$cache/ca"
}
