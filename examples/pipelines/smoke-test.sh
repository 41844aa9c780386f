#!/bin/sh
# smoke-test.sh TOPIC [OPTION...]: does an event on TOPIC get from a tool to a
# browser, with these options of wampd?  For CI: needs no broker and no fixed
# port, leaves nothing behind, and never sleeps longer than it must.
#
#	smoke-test.sh oro/ping -r examples/websocket_routing.yml
set -eu

if [ $# -eq 0 ]; then
	echo 'usage: smoke-test.sh TOPIC [OPTION...]' >&2
	exit 2
fi
topic=$1
shift
event='{"smoke":"test"}'

# wait_for FILE PID: until the file is there; if the process ends before that,
# its status is ours.
wait_for()
{
	until [ -e "$1" ]; do
		if ! kill -0 "$2"; then
			wait "$2"
			exit 1
		fi
		sleep 0.05
	done
}

folder=$(mktemp -d)
broker=
trap 'rm -rf "$folder"; [ -z "$broker" ] || kill "$broker"' EXIT

export WAMPD_CONTROL="$folder/control.sock"
wampd -q -l 127.0.0.1:0 --ports-file "$folder/ports" "$@" &
broker=$!
wait_for "$folder/ports" "$broker"
url=ws://$(sed -n 's/^ws //p' "$folder/ports")/

wamp-sub -u "$url" -C 1 -W 10s --ready-file "$folder/ready" "$topic" \
    >"$folder/event" &
browser=$!
wait_for "$folder/ready" "$browser"
wamp-pub "$topic" "$event"
wait "$browser"
[ "$(cat "$folder/event")" = "$event" ]
echo "an event on $topic gets through"
