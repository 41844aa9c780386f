#!/bin/bash
# call-lines.sh PROCEDURE: call it for each line of stdin, which is its only
# argument, and print the results, one a line.  A call that fails has its
# reason on stderr, null as its line, and 1 as the exit status at the end.
#
#	printf '%s\n' 52.52,13.40 48.85,2.35 | call-lines.sh weather/at
set -euo pipefail

if [ $# -ne 1 ]; then
	echo 'usage: call-lines.sh PROCEDURE' >&2
	exit 2
fi
status=0
while IFS= read -r line || [ -n "$line" ]; do
	if ! wamp-call --compact -- "$1" "$line" </dev/null; then
		echo null
		status=1
	fi
done
exit "$status"
