# Read by the scripts beside it. They need bash and curl, and a running Notify.

NOTIFY_URL=${NOTIFY_URL:-http://localhost:5310}
NOTIFY_KEY=${NOTIFY_KEY:-notify-development-key}

# notify METHOD PATH [BODY [HEADER]]: prints the answer; says why and fails where it is a problem.
# With --retry, curl waits as long as Retry-After asks when it gets 429 or 503. A repeated POST needs an Idempotency-Key.
notify() {
  local answer
  local arguments=(--silent --show-error --fail-with-body --max-time 30 --retry 4 --request "$1")
  arguments+=(--header "Authorization: Bearer $NOTIFY_KEY")
  if [ -n "${3:-}" ]; then
    arguments+=(--header 'Content-Type: application/json' --data-binary "$3")
  fi
  if [ -n "${4:-}" ]; then
    arguments+=(--header "$4")
  fi
  if ! answer=$(curl "${arguments[@]}" "$NOTIFY_URL$2"); then
    echo "$1 $NOTIFY_URL$2 failed: $answer" >&2
    return 1
  fi
  printf '%s\n' "$answer"
}

# first FIELD: the first string or number of that name in the JSON on standard input.
# A program of yours would use a JSON reader, such as jq.
first() { grep -oE "\"$1\":(\"[^\"]*\"|[0-9]+)" | sed -n 1p | cut -d : -f 2- | tr -d '"'; }

# unique: a word that no other run of a script uses.
unique() { od -An -N 6 -tx1 /dev/urandom | tr -d ' \n'; }

# deliveries ID: one line a delivery, with its channel and its state; nothing while the notification is not routed.
deliveries() {
  notify GET "/v1/notifications/$1" | grep -oE '"(channel|state)":"[a-z]+"' | cut -d '"' -f 4 | paste -d ' ' - -
}

# settled ID [STATE]: waits until Notify has done what it will do for every delivery and shows them.
# Fails unless all are in the state, which is sent where none is given.
settled() {
  local lines='' tries
  for tries in $(seq 60); do
    lines=$(deliveries "$1" 2>/dev/null) || lines=''
    if [ -n "$lines" ] && ! grep -qE ' (queued|sending|waiting)$' <<<"$lines"; then
      echo "$lines"
      ! grep -qv " ${2:-sent}\$" <<<"$lines"
      return
    fi
    sleep 1
  done
  echo "Notification $1 is still open: ${lines:-not routed yet}" >&2
  return 1
}
