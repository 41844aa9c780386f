#!/bin/bash
# fan-out.sh TOPIC COMMAND...: give every event of a topic to several commands.
# Each is a line of shell that reads all events, one a line; when one of them
# ends early, the others go on.
#
#	fan-out.sh shop/orders \
#	    'cat >>orders.ndjson' \
#	    'jq -r --unbuffered .total | while read -r eur; do say "$eur"; done'
#
# To run a command once for each event instead: wamp-sub --exec.
set -euo pipefail

if [ $# -lt 2 ]; then
	echo 'usage: fan-out.sh TOPIC COMMAND...' >&2
	exit 2
fi
topic=$1
shift

pipes=()
pids=()
for command; do
	exec {fd}> >(exec bash -c "$command")
	pids+=($!)
	pipes+=("/dev/fd/$fd")
done
status=0
wamp-sub "$topic" | tee -p "${pipes[@]}" >/dev/null || status=$?

# The commands end when nobody can write to them any more.
for pipe in "${pipes[@]}"; do
	fd=${pipe##*/}
	exec {fd}>&-
done
wait "${pids[@]}" || true
exit "$status"
