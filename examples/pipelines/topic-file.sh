#!/bin/sh
# topic-file.sh TOPIC FILE: keep the last event of a topic in a file.
#
#	topic-file.sh oro/maintenance /run/site/maintenance.json
#
# The file is replaced in one step, so whoever reads it gets a whole event.
set -eu

if [ $# -ne 2 ]; then
	echo 'usage: topic-file.sh TOPIC FILE' >&2
	exit 2
fi
export FILE="$2"
# shellcheck disable=SC2016	# for the shell that wamp-sub starts
exec wamp-sub --exec 'cat >"$FILE.new" && mv "$FILE.new" "$FILE"' "$1"
