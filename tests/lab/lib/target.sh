# shellcheck shell=bash disable=SC2154 # the door sets here, common.sh the rest
# Sourced: targets, one container each, and the network they stand in.

# The family tests need IPv6 between this machine and the targets; unique local addresses do.
make_network() {
    docker network inspect "$network" >/dev/null 2>&1 && return
    docker network create --subnet 10.99.0.0/16 --gateway 10.99.0.1 --ipv6 --subnet fd99:f10c::/64 \
        -o com.docker.network.bridge.name=fklab0 "$network" >/dev/null
}

target_up() {
    [ $# -ge 2 ] || die "usage: lab up NAME bare|stock|hardened|hostnginx [--ip ADDRESS]"
    local name=$1 variant=$2 address=
    shift 2
    [ "${1:-}" != --ip ] || address=$2
    case $variant in bare | stock | hardened | hostnginx) ;; *) die "no variant $variant" ;; esac
    if [ "$(docker inspect -f '{{.State.Running}}' "$name" 2>/dev/null)" = true ]; then
        say "$name is up already"
        return
    fi
    build_server_image
    [ "$variant" = bare ] || build_stack_images
    target_down "$name"
    make_authority
    start_server "$name" "$variant" "$address"
    [ "$variant" = bare ] || start_stack "$name" "$variant"
    say "$name ($variant) is up at $(target_ip "$name")"
}

# A volume for the nested docker, because overlay2 inside needs a real file system below it, whatever engine is outside.
# --privileged fails where this machine itself lacks CAP_SYS_RESOURCE, so: every capability but those no server needs.
start_server() {
    local name=$1 variant=$2 address=$3 volume=flowkeep-lab-$1 device devices=()
    docker volume create --label flowkeep-lab=target "$volume" >/dev/null
    [ "$variant" = bare ] || cp -a --reflink=auto "$(volume_path "$(seed_volume)")/." "$(volume_path "$volume")/"
    for device in /dev/fuse /dev/net/tun; do [ ! -e "$device" ] || devices+=(--device "$device"); done
    make_network
    docker run -d --name "$name" --hostname "$name" --label flowkeep-lab=target --label "flowkeep-lab-variant=$variant" \
        --network "$network" ${address:+--ip "$address"} \
        --cgroupns=private --cap-add ALL --cap-drop SYS_RESOURCE --cap-drop SYS_MODULE --cap-drop SYS_TIME \
        --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined \
        --device-cgroup-rule 'a *:* rwm' ${devices[@]+"${devices[@]}"} --sysctl net.ipv6.conf.all.disable_ipv6=0 \
        -v "$volume:/var/lib/docker" --tmpfs /run:exec --tmpfs /run/lock --tmpfs /tmp:exec "$(server_image)" >/dev/null
    docker exec -i "$name" sh -c 'keys=$(cat); for user in root admin opsword limited; do
            home=$(getent passwd $user | cut -d: -f6)
            install -d -m 700 -o $user -g $user $home/.ssh
            printf "%s\n" "$keys" >$home/.ssh/authorized_keys
            chown $user:$user $home/.ssh/authorized_keys; chmod 600 $home/.ssh/authorized_keys
        done' <"$cache/keys/authorized_keys"
    wait_for_ssh "$name"
}

wait_for_ssh() {
    local address banner
    address=$(target_ip "$1")
    for _ in $(seq 600); do
        banner=
        { exec 3<>"/dev/tcp/$address/22" && read -r -t 2 banner <&3; } 2>/dev/null || true
        [ "${banner:0:4}" != SSH- ] || return 0
        sleep 0.1
    done
    die "$1: no ssh banner within a minute"
}

target_ip() { docker inspect -f "{{(index .NetworkSettings.Networks \"$network\").IPAddress}}" "$1"; }

target_down() {
    docker rm -fv "$1" >/dev/null 2>&1 || true
    docker volume rm -f "flowkeep-lab-$1" >/dev/null 2>&1 || true
    rm -rf "${cache:?}/targets/$1"
}

target_ssh() {
    local user=${1%@*} name=${1#*@}
    shift
    exec ssh -i "$cache/keys/ed25519" -o IdentitiesOnly=yes -o StrictHostKeyChecking=no \
        -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "$user@$(target_ip "$name")" "$@"
}

# inside NAME COMMAND...: as root, through docker, in the deployment's folder.
inside() {
    local name=$1
    shift
    docker exec -i -w /opt/AppFlowy-Cloud "$name" "$@"
}

clean_all() {
    docker ps -aq --filter label=flowkeep-lab | xargs -r docker rm -fv >/dev/null
    docker volume ls -q --filter label=flowkeep-lab | xargs -r docker volume rm -f >/dev/null
    docker network rm "$network" >/dev/null 2>&1 || true
    docker images -q 'flowkeep-lab/*' | xargs -r docker rmi -f >/dev/null
    rm -rf "${cache:?}"
    say "nothing of the lab is left"
}
