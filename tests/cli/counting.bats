#!/usr/bin/env bats
# What the hot path may cost, counted: what is counted repeats exactly, on a
# busy machine, too.

load helper

setup() {
	test_begin
	broker_start --log-level warning
}

teardown() {
	test_end
}

# counters NAME...: the broker's, one a line.
counters() {
	local name answer

	answer=$(wamp-call wampd.stats)
	for name; do
		grep -o "\"$name\":[0-9]*" <<<"$answer" | cut -d : -f 2
	done
}

# burst EVENTS: publish them to 100 WebSocket subscribers; sets WRITES,
# FRAMES, EVENTS and DELIVERIES to what they added to the counters.
burst() {
	local before after i names=(writes frames_allocated events deliveries)

	mapfile -t before < <(counters "${names[@]}")
	wamp-bench fan -u "$WS_URL" --clients 100 --messages "$1" -q
	mapfile -t after < <(counters "${names[@]}")
	for i in "${!names[@]}"; do
		after[i]=$((after[i] - before[i]))
	done
	WRITES=${after[0]} FRAMES=${after[1]}
	EVENTS=${after[2]} DELIVERIES=${after[3]}
	echo "$WRITES writes, $FRAMES frames, $EVENTS events," \
	    "$DELIVERIES deliveries"
}

@test "1000 events to 100 subscribers take fewer than 5000 writes" {
	burst 1000
	[ "$EVENTS" -eq 1000 ]
	[ "$DELIVERIES" -eq 100000 ]
	[ "$WRITES" -lt 5000 ]
	# And they are counted: 101 sessions had a WELCOME at least.
	[ "$WRITES" -gt 101 ]
}

# The sessions cost frames as well, in each run the same number.
@test "an event is one frame, however many get it" {
	local one

	burst 1
	one=$FRAMES
	burst 1001
	[ "$DELIVERIES" -eq 100100 ]
	[ $((FRAMES - one)) -eq 1000 ]
}
