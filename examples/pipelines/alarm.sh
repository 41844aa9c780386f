#!/bin/bash
# alarm.sh TOPIC SECONDS COMMAND [ARGUMENT...]: run a command when a topic has
# had no event for so long; a dead man's alarm for jobs that publish a sign of
# life.  It runs once a silence.
#
#	alarm.sh jobs/backup 90000 mail -s 'no backup today' ops </dev/null
#
# Without a broker the command is run as well, since nobody is watching; then
# it ends with the status of wamp-sub.
set -euo pipefail

if [ $# -lt 3 ]; then
	echo 'usage: alarm.sh TOPIC SECONDS COMMAND [ARGUMENT...]' >&2
	exit 2
fi
topic=$1
seconds=$2
shift 2

status=0
while :; do
	wamp-sub --idle "$seconds" "$topic" >/dev/null || status=$?
	"$@"
	[ "$status" -eq 0 ] || exit "$status"
	wamp-sub --count 1 "$topic" >/dev/null	# until it is back
done
