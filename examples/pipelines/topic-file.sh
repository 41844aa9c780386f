#!/bin/bash
# topic-file.sh TOPIC FILE: keep the last event of a topic in a file.
#
#	topic-file.sh oro/maintenance /run/site/maintenance.json
#
# The file is replaced in one step, so whoever reads it gets a whole event,
# and `inotifywait FILE` or a web server's "try_files" can build on it.
set -euo pipefail

if [ $# -ne 2 ]; then
	echo 'usage: topic-file.sh TOPIC FILE' >&2
	exit 2
fi
wamp-sub "$1" | while IFS= read -r event; do
	printf '%s\n' "$event" >"$2.new"
	mv "$2.new" "$2"
done
