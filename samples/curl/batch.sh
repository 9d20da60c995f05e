#!/usr/bin/env bash
# Sends three notifications in one request. Each is accepted or refused by itself: here the second has a wrong address.
set -euo pipefail
. "$(dirname "$0")/common.sh"

answer=$(notify POST /v1/notifications/batch '{"notifications": [
  {"recipients": [{"email": "ada@example.test"}], "message": {"title": "Your weekly report", "body": "Three orders are on their way."}},
  {"recipients": [{"email": "no address"}], "message": {"title": "Your weekly report", "body": "No orders are on their way."}},
  {"recipients": [{"email": "grace@example.test"}], "message": {"title": "Your weekly report", "body": "One order is on its way."}}
]}' "Idempotency-Key: weekly-report-$(unique)")

echo "Accepted: $(first accepted <<<"$answer"), refused: $(first refused <<<"$answer"), because $(first detail <<<"$answer")"
[ "$(first accepted <<<"$answer")" = 2 ] && [ "$(first refused <<<"$answer")" = 1 ]

for id in $(grep -oE '"id":"[^"]+"' <<<"$answer" | cut -d '"' -f 4); do
  echo "Accepted as $id."
  settled "$id"
done
