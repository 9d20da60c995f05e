#!/usr/bin/env bash
# Lets a text message fail, finds its dead letter, mends the cause and replays it.
# Needs the sandbox, which plays Twilio.
set -euo pipefail
. "$(dirname "$0")/common.sh"
NOTIFY_SANDBOX=${NOTIFY_SANDBOX:-http://localhost:5315}

phone="+1500556$(printf '%04d' $((RANDOM % 10000)))"
twilio="$NOTIFY_SANDBOX/sandbox/behaviours/twilio?address=%2B${phone#+}"
mend() { curl --silent --show-error --fail --request DELETE "$twilio" >/dev/null; }
trap mend EXIT

echo "Telling the sandbox that Twilio has no route from our sender to $phone (code 21612)."
curl --silent --show-error --fail --request PUT "$twilio" --data '{"code": 21612}' >/dev/null

body="{\"recipients\": [{\"phone\": \"$phone\"}], \"message\": {\"title\": \"Your code\", \"body\": \"Your code is 482 913.\"}}"
id=$(notify POST /v1/notifications "$body" "Idempotency-Key: code-$(unique)" | first id)
echo "Accepted as $id."
settled "$id" failed

# The newest letters come first; ours is the one of this notification.
letter=$(notify GET '/v1/dead-letters?kind=delivery&channel=sms&state=open' | grep -oE '\{"id":"[^}]*' | grep "$id")
echo "Its dead letter is $(first id <<<"$letter"): $(first provider <<<"$letter") answered $(first code <<<"$letter")."

echo "Mending the cause, then replaying the letter."
mend
trap - EXIT
replay=$(notify POST /v1/dead-letters/replays "{\"ids\": [\"$(first id <<<"$letter")\"]}" | first id)
for _ in $(seq 60); do
  [ "$(notify GET "/v1/dead-letters/replays/$replay" | first state)" != done ] || break
  sleep 1
done
settled "$id"
