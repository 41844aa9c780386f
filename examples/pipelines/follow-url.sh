#!/bin/bash
# follow-url.sh URL TOPIC: publish a web service's stream of JSON lines.  Ends
# with the stream; its status is curl's, or that of wamp-pub.
#
#	follow-url.sh https://stream.example.org/changes news/changes
set -euo pipefail

if [ $# -ne 2 ]; then
	echo 'usage: follow-url.sh URL TOPIC' >&2
	exit 2
fi
curl --silent --show-error --fail --no-buffer "$1" |
    wamp-pub --lines --skip-invalid "$2"
