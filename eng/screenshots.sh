#!/usr/bin/env bash
# Makes the pictures of the README anew: starts the application on a folder of its own, sends what a shop would send, and photographs the
# dashboard and what arrived. Needs Chromium (or CHROME_BIN). Usage: eng/screenshots.sh [FOLDER], docs/images when left out.
set -euo pipefail
cd "$(dirname "$0")/.."
pictures=$(realpath "${1:-docs/images}")
mkdir -p "$pictures"

browser=${CHROME_BIN:-}
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  [ -n "$browser" ] || browser=$(command -v "$name" || true)
done
if [ -z "$browser" ]; then
  echo "There is no Chromium (Debian, Ubuntu: apt-get install chromium). CHROME_BIN may name a Chrome, too." >&2
  exit 1
fi

dotnet build Notify.AppHost --nologo --verbosity quiet
dotnet build eng/screenshots --nologo --verbosity quiet

folder=$(mktemp -d)
log="$folder/host.log"
dotnet run --project Notify.AppHost --no-build -- --data "$folder/data" >"$log" 2>&1 &
host=$!
stop() {
  kill -TERM "$host" 2>/dev/null || true
  wait "$host" || true
  # The servers end after the host: their data must not go before them.
  for _ in $(seq 60); do
    pgrep -f "$folder/data" >/dev/null || break
    sleep 1
  done
  rm -rf "$folder"
}
trap stop EXIT

# printed PATTERN: what the host printed that matches, without the words before the address.
printed() { grep -oE "$1" "$log" | grep -oE 'https?://[^ ,]+' | sed -n 1p; }

echo "Waiting for the application."
for _ in $(seq 300); do
  ! grep -q '^ *Stop:' "$log" || break   # the last line of what it prints
  if ! kill -0 "$host" 2>/dev/null; then
    break
  fi
  sleep 1
done
if ! grep -q '^ *Stop:' "$log"; then
  echo "The application did not start:" >&2
  tail -n 40 "$log" >&2
  exit 1
fi

dotnet run --project eng/screenshots --no-build -- "$browser" "$(printed 'https?://[^ ]+/login\?t=[^ ]+')" \
  "$(printed 'API: +https?://[^ ,]+')" notify-development-key "$(printed 'What arrived: +https?://[^ ,]+')" "$pictures"
ls -l "$pictures"/*.png
