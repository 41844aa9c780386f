#!/bin/sh
# log-tail.sh FILE TOPIC: publish each line that is added to a file, as a
# string; one that is no UTF-8 is left out.  Follows a log that is rotated; ends
# when the broker does, so let a supervisor start it again.
#
#	log-tail.sh /var/log/nginx/error.log ops/errors
#	wamp-sub -r ops/errors
set -eu

if [ $# -ne 2 ]; then
	echo 'usage: log-tail.sh FILE TOPIC' >&2
	exit 2
fi
tail -n 0 -F "$1" | wamp-pub --lines --string --skip-invalid "$2"
