#!/usr/bin/env bash
# Writes the Aspire manifest and checks that every resource of the application is in it.
set -euo pipefail
cd "$(dirname "$0")/.."
manifest="$PWD/artifacts/aspire-manifest.json"
rm -f "$manifest"
dotnet run --project Notify.AppHost --no-build -- --publisher manifest --output-path "$manifest" > "$PWD/artifacts/manifest.log" 2>&1 || { cat "$PWD/artifacts/manifest.log"; exit 1; }
missing=0
for name in kafka redis postgres notifydb migrations api router push email sms; do
    grep -q "\"$name\": {" "$manifest" || { echo "The manifest lacks the resource $name"; missing=1; }
done
if grep -q '"sandbox": {' "$manifest"; then
    echo "The sandbox is for development only and must not be published"
    missing=1
fi
[ "$missing" -eq 0 ] && echo "The manifest names every resource."
exit "$missing"
