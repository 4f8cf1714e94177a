# shellcheck shell=bash disable=SC2154 # the door sets here, common.sh the rest
# Sourced: the server image, a whole Debian 12 with systemd as PID 1.

build_server_image() { with_lock server_image_locked; }

server_image_locked() {
    make_keys
    local image root
    image=$(server_image)
    if docker image inspect "$image" >/dev/null 2>&1; then return; fi
    root=$cache/server-$(server_key).tar
    if [ ! -s "$root" ]; then
        rm -f "$cache"/server-*.tar
        local work=$cache/work-server
        rm -rf "$work" && mkdir -p "$work"
        # Debian 12 has only compose 1; the next release's compose 2 is one Go program that runs there.
        fetch_package trixie docker-compose "$work"
        mv "$work"/docker-compose_*.deb "$work/compose.deb"
        cp "$here/image/server.sh" "$here/image/lab-init" "$work/"
        say "building the server's file system"
        bootstrap bookworm packages-server "$root" --customize-hook="sh '$work/server.sh' \"\$1\" '$work'"
        rm -rf "$work"
        say "server file system: $(du -h "$root" | cut -f1)"
    fi
    python3 "$here/archive.py" "$cache/server-image.tar" - <<SPEC
{"images": [{"tag": "$image", "layers": ["$root"], "config": {"Cmd": ["/sbin/lab-init"], "StopSignal": "SIGRTMIN+3",
 "Env": ["container=docker", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}}]}
SPEC
    docker load -q -i "$cache/server-image.tar" >/dev/null
    rm -f "$cache/server-image.tar"
    say "server image loaded"
}

# bootstrap RELEASE PACKAGE-LIST OUT [mmdebstrap options]: a Debian root file system as a tar.
bootstrap() {
    local release=$1 list=$2 out=$3 packages
    shift 3
    packages=$(sed 's/#.*//' "$here/image/$list" | xargs | tr ' ' ,)
    nice -n 10 mmdebstrap --quiet --format=tar --variant=minbase --include="$packages" \
        --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --aptopt='APT::Install-Recommends "false"' "$@" "$release" "$out.part" "$(sources_for "$release")" >"$cache/log/bootstrap-$release.log" 2>&1 ||
        { tail -20 "$cache/log/bootstrap-$release.log" >&2; die "mmdebstrap failed, see $cache/log/bootstrap-$release.log"; }
    mv "$out.part" "$out"
}
