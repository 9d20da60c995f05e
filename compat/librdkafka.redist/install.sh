#!/bin/sh
# Installs librdkafka where that needs no question: as root, with apt-get. Elsewhere the build says how.
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0
echo "librdkafka is missing: installing librdkafka1 with apt-get (once)" >&2
install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 librdkafka1; }
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
install >"$log" 2>&1 || { apt-get update -q >"$log" 2>&1; install >>"$log" 2>&1; } || { tail -n 5 "$log" >&2; exit 1; }
