#!/bin/sh
# nightly.sh LIMIT COMMAND [ARGUMENT...]: do work by night while the users of
# the site are told of maintenance.  Made to be run by cron:
#
#   - It runs once at a time: a second one says so and goes.
#   - Maintenance ends with the command, and after LIMIT in any case, even if
#     this machine has lost its power by then.
#   - Maintenance of somebody else is left to them.
#   - Without a broker the work is done all the same, and cron mails why nobody
#     was told.
#
# The exit status is that of the command.
set -eu

if [ $# -lt 2 ]; then
	echo 'usage: nightly.sh LIMIT COMMAND [ARGUMENT...]' >&2
	exit 2
fi
limit=$1
shift

# The lock is this script's own: nothing is left behind.
exec 9<"$0"
if ! flock -n 9; then
	echo 'nightly.sh: the last one is still at work' >&2
	exit 1
fi

status=0
wamp-maint -q status >/dev/null || status=$?
if [ "$status" -ne 10 ] && wamp-maint on --for "$limit" 9<&-; then
	trap 'wamp-maint off || :' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
fi
"$@" 9<&-
