#!/bin/bash
# watch-folder.sh FOLDER TOPIC: publish which files in a folder were written,
# moved in or removed.  A name that is no UTF-8 is left out.  Needs inotifywait
# of the package inotify-tools.
#
#	watch-folder.sh /srv/import shop/import
set -euo pipefail

if [ $# -ne 2 ]; then
	echo 'usage: watch-folder.sh FOLDER TOPIC' >&2
	exit 2
fi
inotifywait -mq -e close_write,moved_to,moved_from,delete \
    --format '%e/%f' "$1" |
    wamp-pub --lines --string --skip-invalid --jq 'split("/") | {
	what: (if .[0] | test("^(CLOSE_WRITE|MOVED_TO)") then "written"
	    else "removed" end),
	file: .[1]}' "$2"
