#!/bin/sh
# sum.sh: calls that add up their arguments; jq reads and writes the lines.
#
# select(.id) passes over what needs no answer; --unbuffered, or the answers
# would not leave jq before it ends.

# shellcheck disable=SC2016	# the $ are jq's
exec jq -c --unbuffered 'select(.id) | . as $request |
    if .type != "call" then {id, allow: false, reason: "only calls"}
    else try {id, result: {sum: (.args | add)}}
    catch {id: $request.id, error: {message: .}} end'
