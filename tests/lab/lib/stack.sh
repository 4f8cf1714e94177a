# shellcheck shell=bash disable=SC2154 # the door sets here, common.sh the rest
# Sourced: the images of AppFlowy's stack under their real names, and the seed, a docker data volume that holds them.

minio_version=v0.0.0-20260212201848-7aac2a2c5b7c

build_stack_images() { with_lock stack_images_locked; }

stack_images_locked() {
    docker volume inspect "$(seed_volume)" >/dev/null 2>&1 && return
    server_image_locked
    local layer
    layer=$cache/stack-$(layer_key).tar
    if [ ! -s "$layer" ]; then
        rm -f "$cache"/stack-*.tar
        say "building the stack's Debian 13 layer"
        bootstrap trixie packages-stack "$layer" --customize-hook="sh '$here/image/stack.sh' \"\$1\""
    fi
    (cd "$here/standin" && CGO_ENABLED=0 GOFLAGS=-buildvcs=false nice -n 10 go build -trimpath -ldflags '-s -w' -o "$cache/bin/standin" .)
    python3 "$here/images.py" "$cache" "$layer" "$here/image/entry.sh" "${FLOWKEEP_LAB_GOTRUE:-}" >"$cache/stack.json"
    python3 "$here/archive.py" "$cache/stack-images.tar" "$cache/stack.json"
    say "images packed: $(du -h "$cache/stack-images.tar" | cut -f1)"
    make_seed "$cache/stack-images.tar"
    rm -f "$cache/stack-images.tar"
}

# Targets start from a copy of this volume: loading the archive into each would take many times longer.
make_seed() {
    local name=flowkeep-lab-seeding seed
    seed=$(seed_volume)
    docker volume ls -q --filter label=flowkeep-lab=seed | xargs -r docker volume rm >/dev/null || true
    target_down $name
    start_server $name bare ''
    docker exec $name systemctl start docker
    docker exec -i $name docker load -q <"$1" >/dev/null
    # Networks and keys of the engine are each target's own.
    docker exec $name sh -c 'systemctl stop docker.socket docker containerd; rm -rf /var/lib/docker/network /var/lib/docker/tmp/* /var/lib/docker/engine-id'
    docker volume create --label flowkeep-lab=seed "$seed" >/dev/null
    cp -a "$(volume_path flowkeep-lab-$name)/." "$(volume_path "$seed")/"
    target_down $name
    say "seed ready: $(du -sh "$(volume_path "$seed")" | cut -f1)"
}

build_minio() {
    say "building MinIO, about 1000 CPU seconds"
    CGO_ENABLED=0 GOBIN=$cache/bin GOFLAGS=-buildvcs=false nice -n 10 go install -trimpath -ldflags '-s -w' "github.com/minio/minio@$minio_version"
    say "MinIO is cached; 'lab images' puts it into the stack"
}
