#!/usr/bin/env bash
# Sends one notification by push, email and SMS, repeats it under the same key, and waits until it is sent.
set -euo pipefail
. "$(dirname "$0")/common.sh"

key="order-$(unique)-shipped"
body='{
  "recipients": [{"email": "ada@example.test", "phone": "+15005550009", "push": {"platform": "fcm", "token": "adas-phone"}}],
  "message": {
    "title": "Your order has been shipped", "body": "It arrives tomorrow between 9 and 12.",
    "sms": {"body": "Your order is on its way."}
  }
}'

echo "Sending to Ada on three channels."
id=$(notify POST /v1/notifications "$body" "Idempotency-Key: $key" | first id)
echo "Accepted as $id."

echo "Sending the same again, as a job would that lost the answer."
again=$(notify POST /v1/notifications "$body" "Idempotency-Key: $key" | first id)
[ "$again" = "$id" ]

settled "$id"
