#!/usr/bin/env bats
# wamp-bench(1): tiny loads, for what is counted; figures of speed are looked
# at by no test.

load helper

setup() {
	test_begin
}

teardown() {
	test_end
}

# figure NAME: its value in what the last run printed.
figure() {
	awk -v name="$1" '$1 == name { print $2; found = 1 }
	    END { exit !found }' <<<"$output"
}

# assert_figure NAME VALUE
assert_figure() {
	local value

	value=$(figure "$1") || fail "no figure $1 in: $output"
	[ "$value" = "$2" ] || fail "$1 is $value, not $2"
}

# ---- events ----

@test "fan over WebSocket delivers each event to each subscriber" {
	broker_start --log-level warning
	run -0 wamp-bench fan -q -u "$WS_URL" --clients 20 --messages 200
	assert_figure mode fan
	assert_figure deliveries 4000
	assert_figure lost 0
	assert_figure unexpected 0
}

@test "fan over the control socket delivers each event to each subscriber" {
	broker_start --log-level warning
	run -0 wamp-bench fan -q --clients 20 --messages 200
	assert_figure deliveries 4000
	assert_figure lost 0
	assert_figure unexpected 0
}

@test "fan --lockstep times the rounds" {
	broker_start --log-level warning
	run -0 wamp-bench fan -q -u "$WS_URL" --lockstep --clients 5 \
	    --messages 10
	assert_figure deliveries 50
	[ "$(figure round_p50_us)" -le "$(figure round_max_us)" ]
	[ "$(figure round_max_us)" -gt 0 ]
}

@test "subscribers are dealt to the topics" {
	broker_start --log-level warning
	run -0 wamp-bench fan -q -u "$WS_URL" --clients 6 --topics 3 \
	    --messages 30
	assert_figure deliveries 60
	run -0 wamp-bench fan -q -u "$WS_URL" --clients 3 --topics 6 \
	    --messages 30
	assert_figure deliveries 30
}

@test "events of 100 000 bytes arrive whole" {
	broker_start --log-level warning
	run -0 wamp-bench fan -q -u "$WS_URL" --clients 3 --messages 20 \
	    --size 100000
	assert_figure deliveries 60
	[ "$(figure lost)" -eq 0 ]
}

@test "latency publishes at its rate" {
	broker_start --log-level warning
	run -0 wamp-bench latency -q -u "$WS_URL" --clients 4 --rate 100 \
	    --duration 200ms
	assert_figure messages 20
	assert_figure deliveries 80
	[ "$(figure delay_p50_us)" -le "$(figure delay_p99_us)" ]
}

# With routes, a topic without one is ignored by wampd's default.
@test "what is never delivered is lost, and exit status 1" {
	cat >"$BATS_TEST_TMPDIR/routes.yml" <<-'END'
	known:
	    channel: 'known'
	    handler:
	        callback: 'known'
	END
	broker_start --log-level warning -r "$BATS_TEST_TMPDIR/routes.yml"
	run -1 wamp-bench fan -u "$WS_URL" -w 200ms --clients 2 \
	    --messages 3 --topic unknown
	assert_figure lost 6
	assert_figure deliveries 0
	assert_line 'wamp-bench: 6 of 6 deliveries lost, 0 not expected'
}

# ---- calls and sessions ----

@test "call gets an answer to each call, with many under way" {
	broker_start --log-level warning
	run -0 wamp-bench call -q -u "$WS_URL" --clients 3 --window 10 \
	    --messages 200
	assert_figure messages 200
	run -0 wamp-bench call -q --window 1 --messages 50
	assert_figure messages 50
}

@test "idle weighs the sessions of the process of --pid" {
	broker_start --log-level warning
	run -0 wamp-bench idle -q -u "$WS_URL" --clients 50 \
	    --pid "$BROKER_PID"
	assert_figure clients 50
	[ "$(figure resident_before)" -gt 0 ]
	[ "$(figure resident_after)" -ge "$(figure resident_before)" ]
}

@test "storm opens all sessions" {
	broker_start --log-level warning
	run -0 wamp-bench storm -q -u "$WS_URL" --clients 200
	assert_figure clients 200
}

@test "sendloop needs no broker" {
	run -0 wamp-bench sendloop -q --clients 10 --messages 100
	assert_figure deliveries 1000
	assert_figure lost 0
	run -0 wamp-bench sendloop -q --lockstep --clients 10 --messages 10
	assert_figure deliveries 100
}

# ---- the command line ----

@test "--json prints one object with the same figures" {
	run -0 wamp-bench sendloop -q -j --clients 2 --messages 5
	[ "${#lines[@]}" -eq 1 ]
	run -0 jq -r '[.mode, .clients, .deliveries, .lost] | join(" ")' \
	    <<<"$output"
	assert_output 'sendloop 2 10 0'
}

@test "an option that the mode has no use for is a usage error" {
	run -2 wamp-bench call --rate 5
	assert_output 'wamp-bench: call has no use for --rate'
	run -2 wamp-bench latency --lockstep
	assert_output 'wamp-bench: latency has no use for --lockstep'
	run -2 wamp-bench idle --topic t
	assert_output 'wamp-bench: idle has no use for --topic'
	run -2 wamp-bench sendloop -u ws://127.0.0.1/
	assert_output --partial 'has no use for --control or --url'
}

@test "the mode must be one of the known" {
	run -2 wamp-bench
	assert_output --partial 'one mode is needed'
	run -2 wamp-bench fann
	assert_output --partial 'no mode "fann"'
}

@test "an event too small for its number is a usage error" {
	run -2 wamp-bench fan --size 10
	assert_output --partial '--size: 10 is not between 26 and'
}

@test "more topics than clients must be a multiple of them" {
	run -2 wamp-bench fan --clients 3 --topics 7
	assert_output --partial 'must be a multiple'
}

@test "no server is exit status 5" {
	run -5 wamp-bench storm --clients 1
	assert_output --partial 'wamp-bench: session 0: connect: '
}
