#!/usr/bin/env bats
# What the broker may cost, counted under valgrind: instructions and
# allocations of an event in its core, and the instructions of a handshake,
# whatever else the machine is doing.  "make cost" builds what this runs,
# optimised.
#
# A ceiling is what was counted when it was set, and a fifth more: compilers
# and libraries differ a little.  A change that needs more says why, here.

CORE=${WAMP_BENCH:-build/rel/tests/bench}/bench_wampd_core
BIN=${WAMP_BIN:-bin}

# instructions LOAD...: of a whole run.
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
	    "$CORE" "$@" 2>&1 | awk '/Collected/ { print $NF }'
}

allocations() {
	valgrind --tool=memcheck --leak-check=no "$CORE" "$@" 2>&1 |
	    awk '/total heap usage/ { gsub(",", ""); print $5 }'
}

# per_event COUNT [-b] SUBSCRIBERS TOPICS PUBLISHERS EVENTS: what an event
# costs, by the difference between so many events and twice as many.
per_event() {
	local count=$1 events=${*: -1} once twice
	local load=("${@:2:$#-2}")

	once=$("$count" "${load[@]}" "$events")
	twice=$("$count" "${load[@]}" "$((2 * events))")
	echo "$(((twice - once) / events))"
}

# storm CLIENTS [CONFIG]: instructions of a whole broker for so many clients
# that connect one after the other and leave.
storm() {
	local at=$BATS_TEST_TMPDIR broker

	rm -f "$at/ports"
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
	    "$BIN/wampd" -q -l 127.0.0.1:0 -S "$at/control" \
	    --ports-file "$at/ports" ${2:+-c "$2"} 2>"$at/counted" 3>&- &
	broker=$!
	until [ -s "$at/ports" ]; do
		kill -0 "$broker" || { cat "$at/counted" >&2; return 1; }
		sleep 0.05
	done
	"$BIN/wamp-bench" storm -q --clients "$1" --window 1 \
	    -u "ws://$(sed -n 's/^ws //p' "$at/ports")/" >/dev/null
	kill "$broker"
	wait "$broker"
	awk '/Collected/ { print $NF }' "$at/counted"
}

# per_handshake [CONFIG]: of which each one is a session that begins and ends.
per_handshake() {
	local once twice

	once=$(storm 200 "$@")
	twice=$(storm 400 "$@")
	echo "$(((twice - once) / 200))"
}

# at_most WHAT COUNTED CEILING
at_most() {
	echo "# $1: $2 of $3" >&3
	[ "$2" -gt 0 ]
	[ "$2" -le "$3" ]
}

# flat WHAT COUNTED BEFORE: within 30 percent.
flat() {
	at_most "$1" "$2" "$(($3 * 13 / 10))"
}

@test "an event for one subscriber" {
	at_most 'instructions' "$(per_event instructions 1 1 1 2000)" 2700
}

@test "a delivery, in a burst and by itself" {
	at_most 'instructions in a burst' \
	    "$(($(per_event instructions -b 100 1 1 500) / 100))" 162
	at_most 'instructions by itself' \
	    "$(($(per_event instructions 100 1 1 100) / 100))" 220
}

@test "a delivery costs the same with 100 and with 10000 subscribers" {
	local few many

	few=$(per_event instructions 100 1 1 100)
	many=$(per_event instructions 10000 1 1 4)
	flat 'instructions' "$((many / 10000))" "$((few / 100))"
}

@test "an event costs the same with 1 and with 10000 topics" {
	flat 'instructions' "$(per_event instructions 1 10000 1 10000)" \
	    "$(per_event instructions 1 1 1 2000)"
}

@test "an event costs the same with 1 and with 1000 publishers" {
	flat 'instructions' "$(per_event instructions 10 1 1000 1000)" \
	    "$(per_event instructions 10 1 1 1000)"
}

@test "an event is one allocation, its frame" {
	[ "$(per_event allocations 1 1 1 500)" -eq 1 ]
	[ "$(per_event allocations 100 1 1 500)" -eq 1 ]
	[ "$(per_event allocations -b 100 1 1 500)" -eq 1 ]
}

@test "a handshake, a session and its end" {
	at_most 'instructions' "$(per_handshake)" 45700
}

@test "the same, judged by all that may be configured" {
	local at=$BATS_TEST_TMPDIR

	echo 't: { channel: t, handler: { callback: open } }' >"$at/routes.yml"
	(umask 077 && echo ThisTokenIsNotSoSecretChangeIt >"$at/secret")
	cat >"$at/wampd.yml" <<-'EOF'
		routes: [routes.yml]
		handlers: { open: { type: broadcast, subscribe: anyone } }
		blocked_ips: [192.0.2.0/24, 2001:db8::/32, 198.51.100.7]
		allowed_ips: [127.0.0.0/8, 10.0.0.0/8]
		trusted_proxies: [10.0.0.1]
		hosts: [www.example.com]
		application_url: https://www.example.com/
		anonymous: yes
		tickets: { oro: { secret_file: secret } }
	EOF
	at_most 'instructions' "$(per_handshake "$at/wampd.yml")" 45700
}
