#!/bin/bash
# journal.sh TOPIC [OPTION...]: publish what is written to the system's journal
# from now on; the options are those of journalctl.
#
#	journal.sh ops/errors -p err
#	journal.sh ops/nginx -u nginx
set -euo pipefail

if [ $# -eq 0 ]; then
	echo 'usage: journal.sh TOPIC [OPTION...]' >&2
	exit 2
fi
topic=$1
shift
journalctl -f -n 0 -o json "$@" |
    wamp-pub --lines --jq '{host: ._HOSTNAME, unit: ._SYSTEMD_UNIT,
	priority: (.PRIORITY // "6" | tonumber), text: .MESSAGE}' "$topic"
