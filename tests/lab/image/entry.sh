#!/bin/sh
# Entry points of the stack's images; the first argument picks one.
set -eu

as_user() { user=$1; shift; exec setpriv --reuid="$user" --regid="$user" --init-groups env HOME=/tmp "$@"; }

# The official image's contract: a new data directory is initialised from POSTGRES_*; an old one is left alone, so that
# a password changed later in the environment has no effect.
postgres_entry() {
    [ "$1" = postgres ] || exec "$@"
    user=${POSTGRES_USER:-postgres}
    database=${POSTGRES_DB:-$user}
    [ -z "${POSTGRES_PASSWORD_FILE:-}" ] || POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
    install -d -m 3775 -o postgres -g postgres /var/run/postgresql
    install -d -m 700 -o postgres -g postgres "$PGDATA"
    if [ ! -s "$PGDATA/PG_VERSION" ]; then
        [ -n "${POSTGRES_PASSWORD:-}" ] || { echo 'Error: superuser password is not specified' >&2; exit 1; }
        secret=$(mktemp)
        printf '%s\n' "$POSTGRES_PASSWORD" >"$secret"
        chown postgres "$secret"
        (as_user postgres initdb --pgdata="$PGDATA" --username="$user" --pwfile="$secret")
        rm "$secret"
        echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
        echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
        if [ "$database" != postgres ]; then
            (as_user postgres pg_ctl -D "$PGDATA" -o '-c listen_addresses=' -w start)
            (as_user postgres psql -v ON_ERROR_STOP=1 -U "$user" -d postgres -c "create database \"$database\"")
            (as_user postgres pg_ctl -D "$PGDATA" -m fast -w stop)
        fi
    fi
    as_user postgres "$@"
}

# The official image switches protected mode off.
redis_entry() {
    [ "$1" = redis-server ] || exec "$@"
    shift
    chown redis .
    as_user redis redis-server --protected-mode no --daemonize no "$@"
}

minio_entry() {
    [ "$1" != minio ] || shift
    if [ -x /usr/local/bin/minio ]; then exec minio "$@"; fi
    exec standin minio "$@"
}

# AppFlowy's start script: migrate, create the administrator unless he exists, serve. /auth is a real GoTrue, if given.
gotrue_entry() {
    program='standin gotrue'
    [ ! -x /auth ] || program=/auth
    $program migrate
    if [ -n "${GOTRUE_ADMIN_EMAIL:-}" ] && [ -n "${GOTRUE_ADMIN_PASSWORD:-}" ]; then
        if ! said=$($program admin createuser --admin --confirm "$GOTRUE_ADMIN_EMAIL" "$GOTRUE_ADMIN_PASSWORD" 2>&1); then
            case $said in
            *'already exists'*) echo 'the administrator exists already' ;;
            *) echo "$said" >&2; exit 1 ;;
            esac
        fi
    fi
    exec $program
}

entry=$1
shift
"${entry}_entry" "$@"
