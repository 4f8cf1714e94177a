# shellcheck shell=bash disable=SC2154 # the door sets here, common.sh the rest
# Sourced: AppFlowy's stack on a target, as shipped or made right.

project=/opt/AppFlowy-Cloud

# A copy of the vendor's files, byte for byte; variants edit this copy before it goes to the server.
start_stack() {
    local name=$1 variant=$2 clone=$cache/targets/$1/clone file
    for file in $vendor_files; do
        [ -f "$upstream/$file" ] || die "AppFlowy's $file is missing in $upstream: point FLOWKEEP_UPSTREAM at a folder that holds it"
    done
    mkdir -p "$clone/nginx/ssl"
    install -m 644 "$upstream/docker-compose.yml" "$clone/docker-compose.yml"
    install -m 644 "$upstream/deploy.env" "$clone/.env"
    install -m 644 "$upstream/nginx.conf" "$clone/nginx/nginx.conf"
    "variant_$variant" "$name" "$clone"
    docker exec "$name" mkdir -p "$project"
    tar -C "$clone" --owner=0 --group=0 -c . | docker exec -i "$name" tar -C "$project" -x
    # The bundled nginx wants the ports that the distribution's serves.
    [ "$variant" = hostnginx ] || docker exec "$name" systemctl disable --quiet --now nginx
    docker exec "$name" systemctl enable --quiet --now docker
    say "$name: compose up"
    inside "$name" docker compose up -d >"$cache/targets/$name/compose.log" 2>&1 ||
        { tail -20 "$cache/targets/$name/compose.log" >&2; die "$name: compose up failed"; }
    wait_for_stack "$name"
}

# wait_for_stack NAME [FOLDER]: every container runs, and is healthy where it has a health check. States are polled
# with a deadline: on a loaded machine the same start takes five times as long.
wait_for_stack() {
    local states
    for _ in $(seq 180); do
        states=$(docker exec -w "${2:-$project}" "$1" docker compose ps -a --format '{{.Service}} {{.State}} {{.Health}}' 2>/dev/null || true)
        if [ -n "$states" ] && ! grep -qvE ' running (healthy)?$' <<<"$states"; then
            say "$1: $(wc -l <<<"$states") services run"
            return
        fi
        sleep 1
    done
    printf '%s\n' "$states" >&2
    die "$1: the stack does not become healthy"
}

# The pair that AppFlowy ships is public knowledge and expired on 2024-03-14; this signs an equal one per target.
expired_certificate() {
    local folder=$1 work
    work=$(mktemp -d)
    : >"$work/index"
    echo 01 >"$work/serial"
    cat >"$work/ca.conf" <<CONF
[ca]
default_ca = own
[own]
database = $work/index
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
[any]
commonName = supplied
CONF
    openssl req -newkey rsa:2048 -nodes -subj /CN=appflowy.io -keyout "$folder/private_key.key" -out "$work/request" 2>/dev/null
    openssl ca -batch -config "$work/ca.conf" -selfsign -keyfile "$folder/private_key.key" -in "$work/request" \
        -out "$folder/certificate.crt" -startdate 230315005145Z -enddate 240314005145Z -notext 2>/dev/null
    chmod 775 "$folder"/*
    rm -rf "$work"
}

variant_stock() { expired_certificate "$2/nginx/ssl"; }

# A certificate of the lab's authority for NAME, in the bundled nginx's place.
lab_certificate() {
    local name=$1 folder=$2
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" -keyout "$folder/private_key.key" -out "$folder/request" 2>/dev/null
    openssl x509 -req -in "$folder/request" -CA "$cache/ca/ca.pem" -CAkey "$cache/ca/ca.key" -CAcreateserial -days 90 \
        -extfile <(printf 'subjectAltName=DNS:%s\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' "$name") \
        -out "$folder/certificate.crt" 2>/dev/null
    rm "$folder/request"
}

# set_env FILE KEY VALUE: replaces the value of a key that the vendor's file has.
set_env() {
    grep -q "^$2=" "$1" || die "the vendor's environment file has no $2 any more"
    sed -i "s|^$2=.*|$2=$3|" "$1"
}

# upper, lower case, digits and a mark, safe inside a URL
secret() { printf 'Aa1-%s' "$(openssl rand -hex "$1")"; }

# The stock stack made right for the checks, the way Flowkeep itself would: own compose file, the vendor's untouched.
variant_hardened() {
    local name=$1 clone=$2 env=$2/.env
    set_env "$env" FQDN "$name.example.org"
    set_env "$env" SCHEME https
    set_env "$env" WS_SCHEME wss
    set_env "$env" POSTGRES_PASSWORD "$(secret 16)"
    set_env "$env" AWS_ACCESS_KEY "$(secret 8)"
    set_env "$env" AWS_SECRET "$(secret 16)"
    set_env "$env" GOTRUE_ADMIN_PASSWORD "$(secret 12)"
    set_env "$env" GOTRUE_JWT_SECRET "$(secret 32)"
    set_env "$env" GOTRUE_JWT_EXP 3600
    set_env "$env" GOTRUE_DISABLE_SIGNUP true
    echo 'COMPOSE_FILE=docker-compose.yml:docker-compose.own.yml' >>"$env"
    cat >"$clone/docker-compose.own.yml" <<'COMPOSE'
services:
  gotrue:
    environment:
      GOTRUE_PASSWORD_MIN_LENGTH: "12"
COMPOSE
    lab_certificate "$name.example.org" "$clone/nginx/ssl"
    chmod 600 "$env" "$clone/nginx/ssl/private_key.key"
    harden_nginx "$clone/nginx/nginx.conf"
    docker exec "$name" sh -ec 'for port in 22 80 443; do ufw allow $port/tcp; done; ufw --force enable' >/dev/null
}

# Edits the vendor's file at the lines it is known to have; a file that changed is an error, not a silent half.
harden_nginx() {
    python3 - "$1" <<'PYTHON'
import sys

path = sys.argv[1]
text = open(path).read()
edits = [
    # plain http answers nothing but a redirect, and not even that where a token could travel
    ("http {\n", """http {
    server_tokens off;
    add_header X-Content-Type-Options nosniff always;

    server {
        listen 80;
        location / { return 301 https://$host$request_uri; }
        location /api { return 403; }
        location /gotrue { return 403; }
        location /scim { return 403; }
    }
"""),
    ("        listen 80;\n        listen 443 ssl;\n", """        listen 443 ssl;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_session_tickets off;
        location /scim { return 403; }
"""),
]
for old, new in edits:
    if text.count(old) != 1:
        sys.exit(f"nginx.conf of the vendor has {text.count(old)} times {old!r}")
    text = text.replace(old, new)
open(path, "w").write(text)
PYTHON
}

# nginx on the host, the services published on all addresses behind a firewall that only seems to close them.
variant_hostnginx() {
    local name=$1 clone=$2
    cat >"$clone/docker-compose.override.yml" <<'COMPOSE'
services:
  nginx: { profiles: [bundled] }
  gotrue: { ports: ["9999:9999"] }
  appflowy_cloud: { ports: ["8000:8000"] }
  admin_frontend: { ports: ["3001:3000"] }
  appflowy_web: { ports: ["3000:80"] }
  minio: { ports: ["9000:9000", "9001:9001"] }
COMPOSE
    expired_certificate "$clone/nginx/ssl"
    sed "s/appflowy-cloud\.example\.com/$name.example.org _/" "$upstream/appflowy.site.conf" |
        docker exec -i "$name" tee /etc/nginx/sites-available/appflowy >/dev/null
    docker exec "$name" sh -ec 'rm -f /etc/nginx/sites-enabled/default; ln -s ../sites-available/appflowy /etc/nginx/sites-enabled/
        nginx -t 2>&1; systemctl reload nginx; for port in 22 80 443; do ufw allow $port/tcp; done; ufw --force enable' >/dev/null
}

# A second deployment beside the stock one: other project, folder and ports, other settings, so that a mixed-up
# finding shows. Only the services that the checks look at.
second_deployment() {
    [ $# -eq 1 ] || die "usage: lab second NAME"
    local name=$1 clone=$cache/targets/$1/second folder=/srv/notes env
    rm -rf "$clone" && mkdir -p "$clone/nginx/ssl"
    install -m 644 "$upstream/docker-compose.yml" "$clone/docker-compose.yml"
    install -m 644 "$upstream/deploy.env" "$clone/.env"
    install -m 644 "$upstream/nginx.conf" "$clone/nginx/nginx.conf"
    env=$clone/.env
    set_env "$env" FQDN notes.example.org
    set_env "$env" NGINX_PORT 8080
    set_env "$env" NGINX_TLS_PORT 8443
    set_env "$env" POSTGRES_PASSWORD "$(secret 16)"
    set_env "$env" GOTRUE_JWT_SECRET "$(secret 32)"
    set_env "$env" GOTRUE_DISABLE_SIGNUP true
    printf 'COMPOSE_PROJECT_NAME=notes\nCOMPOSE_FILE=docker-compose.yml:docker-compose.own.yml\n' >>"$env"
    printf 'services:\n  gotrue:\n    environment:\n      GOTRUE_PASSWORD_MIN_LENGTH: "14"\n' >"$clone/docker-compose.own.yml"
    lab_certificate notes.example.org "$clone/nginx/ssl"
    docker exec "$name" mkdir -p $folder
    tar -C "$clone" --owner=0 --group=0 -c . | docker exec -i "$name" tar -C $folder -x
    docker exec -w $folder "$name" docker compose up -d >"$cache/targets/$name/second.log" 2>&1 ||
        { tail -20 "$cache/targets/$name/second.log" >&2; die "$name: compose up of the second deployment failed"; }
    wait_for_stack "$name" $folder
}
