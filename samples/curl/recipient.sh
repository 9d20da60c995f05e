#!/usr/bin/env bash
# Registers a person with a phone, and sends to them by their id, so that the sender need not know any address.
set -euo pipefail
. "$(dirname "$0")/common.sh"

echo "Registering Grace with her addresses and her phone."
notify PUT /v1/recipients/sample-grace \
  '{"email": "grace@example.test", "phone": "+15005550010", "locale": "en-US", "timeZone": "America/New_York"}' >/dev/null
notify PUT /v1/recipients/sample-grace/devices/phone '{"platform": "fcm", "token": "graces-phone"}' >/dev/null

echo "Sending to her on every channel that she has."
body='{
  "recipients": ["sample-grace"], "category": "billing",
  "message": {"title": "Your invoice for November", "body": "It is 24.90 EUR, due on the 15th."}
}'
id=$(notify POST /v1/notifications "$body" "Idempotency-Key: invoice-$(unique)" | first id)
echo "Accepted as $id."

settled "$id"
