#!/bin/sh
# maintenance.sh COMMAND [ARGUMENT...]: run a command while the users of the
# site are told of maintenance; its exit status is the command's.  In a
# crontab:
#
#	30 3 * * * root maintenance.sh /usr/local/sbin/rebuild-index
#
# Maintenance that somebody else has announced is left to them to end.
set -eu

if [ $# -eq 0 ]; then
	echo 'usage: maintenance.sh COMMAND [ARGUMENT...]' >&2
	exit 2
fi

status=0
wamp-maint status >/dev/null || status=$?
case $status in
0)	# Off.  It ends whatever becomes of the command.
	trap 'wamp-maint off || :' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	wamp-maint on
	;;
10)	# On.
	;;
*)	# No broker, and it has said so.
	exit "$status"
	;;
esac
"$@"
