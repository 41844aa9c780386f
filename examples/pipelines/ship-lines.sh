#!/bin/bash
# ship-lines.sh FILE TOPIC: publish the lines of JSON that were added to a file
# since the last time.  FILE.next remembers the line to go on with, so that
# none is lost when the broker was away; lines in doubt are sent again.
#
#	* * * * * www-data ship-lines.sh /var/log/shop/orders.ndjson shop/orders
set -euo pipefail

if [ $# -ne 2 ]; then
	echo 'usage: ship-lines.sh FILE TOPIC' >&2
	exit 2
fi
file=$1
topic=$2

exec 9<"$file"
flock -n 9 || exit 0		# the last one is still at it
first=1
[ ! -e "$file.next" ] || read -r first <"$file.next"
lines=$(wc -l <"$file")		# a line without its end is not whole yet
[ "$first" -le "$lines" ] || exit 0

status=0
said=$(head -n "$lines" "$file" |
    wamp-pub -l --skip-invalid --from-line "$first" "$topic" 2>&1) || status=$?
case $status in
0 | 1)	# Done, but for lines that are no JSON.
	next=$((lines + 1))
	;;
*)	next=$(sed -n 's/.*continue with --from-line \([0-9]*\).*/\1/p' \
	    <<<"$said")
	;;
esac
[ -z "$said" ] || echo "$said" >&2
echo "${next:-$first}" >"$file.next.new"
mv "$file.next.new" "$file.next"
exit "$status"
