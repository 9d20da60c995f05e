#!/usr/bin/env bash
# Injects the faults of Notify.Tests.Distributed/Faults again and again with recorded seeds, and prints what came of it as a Markdown table.
#
#   eng/faults.sh                  every fault 20 times, seeds 1 to 20
#   eng/faults.sh --runs 5 F02 F16 some of them, seeds 1 to 5
#   eng/faults.sh --from 21        other seeds, 21 to 40: more of them, or a part for a second machine
#   eng/faults.sh --full           once each, those that are scaled in time otherwise at their full length (more than two hours)
#   eng/faults.sh --table          only the table of what is there
#
# One application is started for all faults of a seed. Results are kept in artifacts/faults (runs.jsonl, failures.txt, a mark for each fault and seed that has run) and what is marked
# is not run again: stop it when you like, and start it again to go on. A fault that hangs is given up by its own limit, and a seed by the script's, which leaves no process behind.
# KAFKA_HOME names a Kafka distribution to run on; without one (or one in ../shared/kafka) it is librdkafka's built-in broker, and F09 and F10 are left out.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

everything="F01 F02 F03 F04 F05 F06 F07 F08 F09 F10 F11 F12 F14 F15 F16 F17 F18 F19 F26 F29 F31 F33 F34 F35 F36 F37 F39"
long="F04 F08 F15 F16 F17 F18 F19 F35 F36"
runs=20 from=1 full=0 only_table=0 chosen=""
while [ $# -gt 0 ]; do
    case $1 in
        --runs) runs=$2; shift ;;
        --from) from=$2; shift ;;
        --full) full=1 ;;
        --table) only_table=1 ;;
        F[0-9][0-9]) chosen="$chosen $1" ;;
        *) sed -n '2,14p' "$0"; exit 2 ;;
    esac
    shift
done
results="$PWD/artifacts/faults"
limit=180 # seconds for each fault of a seed
if [ $full = 1 ]; then
    results="$results/full" runs=1 limit=9000
    chosen="${chosen:-$long}"
    export NOTIFY_FAULT_FULL=1
fi
chosen="${chosen:-$everything}"
mkdir -p "$results/done" "$results/logs"

kafka="${KAFKA_HOME:-$PWD/../shared/kafka}"
if [ -x "$kafka/bin/kafka-server-start.sh" ] && command -v java >/dev/null 2>&1; then
    export KAFKA_HOME="$kafka"
    broker="Kafka"
else
    chosen="${chosen//F09/}"
    chosen="${chosen//F10/}"
    broker="librdkafka's built-in broker"
fi

run_seed() { # seed, faults that have not run with it
    local seed=$1; shift
    local filter log="$results/logs/seed-$seed.log"
    filter=$(printf '|Fault=%s' "$@")
    echo "seed $seed: $*"
    # KILL, and not TERM: the test host would outlive the command that started it, and with it all services.
    NOTIFY_FAULTS=all NOTIFY_FAULT_SEED=$seed NOTIFY_FAULT_LOG="$results/runs.jsonl" timeout -s KILL $((60 + limit * $#)) \
        dotnet test Notify.Tests.Distributed --no-build --nologo --filter "${filter#|}" --logger "console;verbosity=normal" >"$log" 2>&1
    local fault
    for fault in "$@"; do
        if grep -Eq "^ +Failed Notify\.Tests\.Distributed\.Faults\.$fault" "$log"; then
            grep -E -A 3 "^ +Failed Notify\.Tests\.Distributed\.Faults\.$fault" "$log" | sed "s/^/$fault seed $seed: /" >>"$results/failures.txt"
            echo "  $fault failed; see $log"
            touch "$results/done/$fault-$seed"
        elif grep -Eq "^ +Passed Notify\.Tests\.Distributed\.Faults\.$fault" "$log"; then
            touch "$results/done/$fault-$seed"
        else
            echo "  $fault did not end"
        fi
    done
}

if [ $only_table = 0 ]; then
    dotnet build Notify.Tests.Distributed --nologo -v q || exit 1
    for seed in $(seq "$from" $((from + runs - 1))); do
        missing=""
        for fault in $chosen; do
            [ -e "$results/done/$fault-$seed" ] || missing="$missing $fault"
        done
        # shellcheck disable=SC2086
        [ -z "$missing" ] || run_seed "$seed" $missing
    done
fi

[ -s "$results/runs.jsonl" ] || { echo "No results in $results."; exit 1; }
echo
echo "On $broker, $(nproc) processors. Lost, dup and silent are sums over the runs; the bound is that of a loss in a run, at 95 %."
echo
sort "$results/runs.jsonl" | awk '
    function number(name,    found) { found = match($0, "\"" name "\":[0-9.]+"); return found ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) + 0 : 0 }
    function text(name,    found) { found = match($0, "\"" name "\":\"[^\"]*\""); return found ? substr($0, RSTART + length(name) + 4, RLENGTH - length(name) - 5) : "" }
    function extra(    found) { found = $0; sub(/.*"extra":\{/, "", found); sub(/\}\}$/, "", found); gsub(/":/, " ", found); gsub(/"/, "", found); gsub(/,/, ", ", found); return found }
    function report(    i, j, t) {
        for (i = 2; i <= n; i++) { t = drains[i]; for (j = i - 1; j > 0 && drains[j] > t; j--) drains[j + 1] = drains[j]; drains[j + 1] = t }
        printf "| %s | %d | %d | %d | %d | %d | %.1f s / %.1f s | %s | %s |\n", fault, n, accepted, lost, dup, silent, drains[int((n + 1) / 2)], drains[n],
            with_loss ? with_loss " of " n : "≤ " sprintf("%.2f", n > 3 ? 3 / n : 1), figures
    }
    BEGIN {
        print "| fault | n | accepted | lost | dup | silent | drain median / max | bound | figures of one run |"
        print "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    }
    text("fault") != fault {
        if (n) report()
        fault = text("fault"); n = accepted = lost = dup = silent = with_loss = 0
    }
    { n++; accepted += number("accepted"); lost += number("lost"); dup += number("dup"); silent += number("silent"); drains[n] = number("drain"); figures = extra(); if (number("lost") > 0) with_loss++ }
    END { if (n) report() }'
if [ -s "$results/failures.txt" ]; then
    printf '\nFailed runs: %s; see %s\n' "$(grep -c ': *Failed' "$results/failures.txt")" "$results/failures.txt"
    exit 1
fi
