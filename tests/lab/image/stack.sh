#!/bin/sh
# Customize hook of the stack's layer: $1 is its root. Drops what only a JIT compiler needs, sends nginx's logs to docker.
set -eu
cd "$1"
ln -sf /dev/stdout var/log/nginx/access.log
ln -sf /dev/stderr var/log/nginx/error.log
rm -rf var/lib/postgresql/17 usr/share/i18n usr/lib/postgresql/17/lib/bitcode usr/lib/postgresql/17/lib/llvmjit*
rm -rf usr/lib/*/libLLVM* usr/lib/*/libz3*
