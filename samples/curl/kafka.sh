#!/usr/bin/env bash
# Produces a notification straight to Kafka, as a service does that lives there, and asks the API what became of it. Needs kcat.
set -euo pipefail
. "$(dirname "$0")/common.sh"
NOTIFY_KAFKA=${NOTIFY_KAFKA:-localhost:9092}

if ! command -v kcat >/dev/null; then
  echo "kcat is not installed (Debian, Ubuntu: apt-get install kcat; macOS: brew install kcat)." >&2
  exit 1
fi

# A UUIDv7 of this moment: the producer chooses the id, so a record that it produces twice counts once.
now=$(printf '%012x' "$(($(date +%s) * 1000))")
random=$(unique)
id="${now:0:8}-${now:8:4}-7${random:0:3}-8${random:3:3}-$(unique)"

message='{"title":"Your order has been packed","body":"It leaves our warehouse today."}'
record="{\"recipients\":[{\"email\":\"ada@example.test\"}],\"channels\":[\"email\"],\"message\":$message}"
echo "Producing to notifications.standard at $NOTIFY_KAFKA, twice."
for _ in 1 2; do
  printf '%s\n' "$record" |
    kcat -P -b "$NOTIFY_KAFKA" -t notifications.standard -k ada@example.test -H tenant=development -H "notification-id=$id"
done
echo "Produced as $id."

settled "$id"
