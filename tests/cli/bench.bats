#!/usr/bin/env bats
# wamp-bench(1): tiny loads, for what is counted; figures of speed are looked
# at by no test.

load helper
load fake_server

setup() {
	test_begin
}

teardown() {
	fake_end
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

# figures NAME...: their values, in a line.
figures() {
	local name values=()

	for name; do
		values+=("$(figure "$name")")
	done
	echo "${values[*]}"
}

# bench_sub_start OPTION...: start wamp-bench sub; returns when all have
# subscribed.
bench_sub_start() {
	local ready=$BATS_TEST_TMPDIR/ready

	rm -f "$ready"
	wamp-bench sub -q --ready-file "$ready" "$@" \
	    >"$BATS_TEST_TMPDIR/sub.out" 2>&1 3>&- &
	BENCH_SUB=$!
	wait_until test -e "$ready"
}

# bench_sub_wait [STATUS]: wait for its end; sets output to what it printed.
# Not for run, whose shell is not its parent.
bench_sub_wait() {
	local status=0

	wait "$BENCH_SUB" || status=$?
	output=$(cat "$BATS_TEST_TMPDIR/sub.out")
	[ "$status" -eq "${1:-0}" ]
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

@test "pub has its events acknowledged, sub gets each of them" {
	broker_start --log-level warning
	bench_sub_start -u "$WS_URL" --clients 3 --messages 500
	run -0 wamp-bench pub -q -u "$WS_URL" --messages 500 \
	    --pid "$BROKER_PID"
	run -0 figures mode clients messages deliveries
	assert_output 'pub 1 500 1500'
	bench_sub_wait
	run -0 figures mode clients messages deliveries unverified lost \
	    unexpected
	assert_output 'sub 3 500 1500 0 0 0'
}

@test "publishers share the events, and topics have them in turn" {
	broker_start --log-level warning
	bench_sub_start --clients 4 --topics 2 --messages 301
	run -0 wamp-bench pub -q --clients 7 --topics 2 --messages 301 \
	    --window 3
	run -0 figures clients topics window messages deliveries
	assert_output '7 2 3 301 602'
	bench_sub_wait
	run -0 figures deliveries lost unexpected
	assert_output '602 0 0'
}

@test "pub --rate publishes so many a second for so long" {
	broker_start --log-level warning
	run -0 wamp-bench pub -q --clients 3 --rate 200 --messages 20
	assert_figure messages 20
	[ "$(figure ack_p50_us)" -le "$(figure ack_max_us)" ]
	run -0 wamp-bench pub -q --rate 100 --duration 100ms
	[ "$(figure messages)" -gt 0 ]
	[ "$(figure messages)" -le 10 ]
}

@test "pub ends with the time, with one event under way as with many" {
	broker_start --log-level warning
	run -0 wamp-bench pub -q --duration 50ms
	[ "$(figure messages)" -gt 0 ]
	run -0 wamp-bench pub -q --duration 50ms --window 1
	[ "$(figure messages)" -gt 0 ]
}

@test "two runs of pub are told apart" {
	broker_start --log-level warning
	bench_sub_start --messages 20
	run -0 wamp-bench pub -q --messages 10
	run -0 wamp-bench pub -q --messages 10
	bench_sub_wait
	run -0 figures deliveries lost unexpected
	assert_output '20 0 0'
}

@test "sub counts events that are not of wamp-bench" {
	broker_start --log-level warning
	bench_sub_start --messages 3
	wamp-pub -l bench <<<$'1\n"abcdefghijklmnop"\n{"a":"b"}'
	bench_sub_wait
	run -0 figures deliveries unverified lost
	assert_output '3 3 0'
}

@test "sub ends when there is silence, and says what is missing" {
	broker_start --log-level warning
	bench_sub_start -w 200ms --messages 5
	run -0 wamp-bench pub -q --messages 3
	bench_sub_wait 1
	run -0 figures deliveries lost
	assert_output '3 2'
}

# An event of ours is a JSON string that wamp-pub can publish as well.
@test "sub notices what is left out, doubled and late" {
	local n rest

	broker_start --log-level warning
	rest=$(printf 'a%.0s' {1..24})
	bench_sub_start -w 200ms --duration 5
	for n in baaaaaaa eaaaaaaa daaaaaaa eaaaaaaa; do
		echo "\"$n$rest\""
	done | wamp-pub -l bench
	bench_sub_wait 1
	run -0 figures deliveries unverified lost unexpected
	assert_output '2 0 3 2'
}

@test "sub --duration ends without an event, exit status 1" {
	broker_start --log-level warning
	run -1 wamp-bench sub --duration 50ms
	assert_figure deliveries 0
	assert_line 'wamp-bench: 0 deliveries, 0 lost, 0 not expected'
}

@test "pub stops at an event that is refused, exit status 3" {
	cat >"$BATS_TEST_TMPDIR/wampd.yml" <<-'END'
	handlers: { h: { type: broadcast, publish: nobody } }
	routes: [routes.yml]
	END
	echo 'r: { channel: bench, handler: h }' \
	    >"$BATS_TEST_TMPDIR/routes.yml"
	broker_start --log-level error -c "$BATS_TEST_TMPDIR/wampd.yml"
	run -3 wamp-bench pub -u "$WS_URL" --messages 5
	assert_output --partial 'session 0: events refused: '
	assert_output --partial 'not_permitted'
}

@test "a server that is not wampd can be measured" {
	fake_start relay
	run -0 wamp-bench fan -q -u "$FAKE" --clients 3 --messages 20
	assert_figure deliveries 60
	run -0 wamp-bench pub -q -u "$FAKE" --messages 20 --window 4
	assert_figure messages 20
	[[ $output != *deliveries* ]]
	run -0 wamp-bench call -q -u "$FAKE" --messages 20 \
	    --procedure app.one
	assert_figure messages 20
	run -3 wamp-bench call -q -u "$FAKE" --messages 20
}

# ---- calls and sessions ----

@test "call says what the server answers in place of a result" {
	broker_start
	run -3 wamp-bench call --procedure no.such
	assert_output --partial ': no.such: No RPC endpoint registered for'
}

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

# ---- TLS ----

# tls_start: TLS in front of the broker; WSS_PORT is its port, and PAIR has
# its certificate.
tls_start() {
	local log=$BATS_TEST_TMPDIR/socat.log
	local listen=OPENSSL-LISTEN:0,bind=127.0.0.1,fork,verify=0
	local to=${WS_URL#ws://}

	PAIR=$BATS_TEST_TMPDIR/pair.pem
	openssl req -x509 -newkey rsa:2048 -nodes -keyout - -out - \
	    -subj /CN=localhost -days 2 -addext subjectAltName=DNS:localhost \
	    >"$PAIR" 2>/dev/null
	: >"$log"
	socat -d -d "$listen,cert=$PAIR" "TCP:${to%/}" 2>"$log" 3>&- &
	SOCAT=$!
	wait_until grep -q 'listening on' "$log"
	WSS_PORT=$(sed -n '/listening on/ { s/.*://p; q }' "$log")
}

@test "wss:// is measured, and the certificate is looked at" {
	broker_start --log-level error
	tls_start
	export SSL_CERT_FILE=$PAIR
	run -0 wamp-bench fan -q -u "wss://localhost:$WSS_PORT/" \
	    --clients 3 --messages 200
	run -0 figures deliveries lost
	assert_output '600 0'
	run -0 wamp-bench fan -q -u "wss://localhost:$WSS_PORT/" \
	    --clients 2 --messages 20 --size 100000
	run -0 figures deliveries lost
	assert_output '40 0'
	run -5 wamp-bench storm -u "wss://127.0.0.1:$WSS_PORT/" --clients 1
	assert_output --partial 'session 0: TLS handshake: certificate verify'
	unset SSL_CERT_FILE
	run -5 wamp-bench storm -u "wss://localhost:$WSS_PORT/" --clients 1
	assert_output --partial 'session 0: TLS handshake: certificate verify'
	run -0 wamp-bench storm -q -u "wss://localhost:$WSS_PORT/" --insecure \
	    --clients 1
	kill "$SOCAT"
}

@test "a server that speaks no TLS is exit status 5" {
	broker_start --log-level error
	run -5 wamp-bench storm -u "${WS_URL/ws:/wss:}" --clients 1
	assert_output --partial 'session 0: TLS handshake: '
}

# ---- the command line ----

@test "--json prints one object with the same figures" {
	run -0 wamp-bench sendloop -q -j --clients 2 --messages 5
	[ "${#lines[@]}" -eq 1 ]
	run -0 jq -r '[.mode, .clients, .deliveries, .lost] | join(" ")' \
	    <<<"$output"
	assert_output 'sendloop 2 10 0'
}

@test "--csv prints names and values of the same figures" {
	run -0 wamp-bench sendloop -q --csv --clients 2 --messages 5
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == mode,clients,topics,messages,size,deliveries,* ]]
	[[ ${lines[1]} == sendloop,2,1,5,64,10,* ]]
	[ "${lines[0]//[^,]/}" = "${lines[1]//[^,]/}" ]
	run -2 wamp-bench sendloop --csv --json
	assert_output 'wamp-bench: --json and --csv exclude each other'
}

@test "a full disk is exit status 1" {
	run -1 bash -c 'wamp-bench sendloop --clients 1 --messages 1 \
	    --csv >/dev/full'
	assert_output --partial 'No space left on device'
}

@test "an option that the mode does not use is a usage error" {
	run -2 wamp-bench call --rate 5
	assert_output 'wamp-bench: call does not use --rate'
	run -2 wamp-bench latency --lockstep
	assert_output 'wamp-bench: latency does not use --lockstep'
	run -2 wamp-bench idle --topic t
	assert_output 'wamp-bench: idle does not use --topic'
	run -2 wamp-bench storm --procedure app.one
	assert_output 'wamp-bench: storm does not use --procedure'
	run -2 wamp-bench pub --ready-file f
	assert_output 'wamp-bench: pub does not use --ready-file'
	run -2 wamp-bench sendloop -u ws://127.0.0.1/
	assert_output --partial 'does not use --control or --url'
}

@test "the mode must be one of the known" {
	run -2 wamp-bench
	assert_output --partial 'need one mode'
	run -2 wamp-bench fann
	assert_output --partial 'mode: no "fann", did you mean fan?'
}

@test "an event too small for its number is a usage error" {
	run -2 wamp-bench fan --size 10
	assert_output --partial '--size: 10 is not between 34 and'
}

@test "numbers beyond reason are a usage error" {
	run -2 wamp-bench fan --clients 2000000
	assert_output --partial '--clients: 2000000 is not between 1 and'
	run -2 wamp-bench latency --duration 1ms --rate 1
	assert_output --partial '0 events: not between 1 and'
	run -2 wamp-bench latency --duration 9d --rate 1000000
	assert_output --partial 'events: not between 1 and'
	run -2 wamp-bench idle --duration 11d
	assert_output 'wamp-bench: --duration: more than 10 days'
	run -2 wamp-bench call --clients 1000 --window 100000
	assert_output --partial 'pending calls'
	run -2 wamp-bench pub --clients 999999 --topics 1000000
	assert_output --partial 'pairs of publisher and topic'
}

@test "more topics than clients must be a multiple of them" {
	run -2 wamp-bench fan --clients 3 --topics 7
	assert_output --partial 'must be a multiple'
}

@test "only WAMP is spoken where other brokers have nothing like it" {
	run -2 wamp-bench call -u redis://127.0.0.1
	assert_output 'wamp-bench: call is for WAMP only'
	run -2 wamp-bench fan --procedure p -u nats://127.0.0.1
	assert_output 'wamp-bench: --procedure is for WAMP only'
}

@test "a URL must be of a protocol that is spoken" {
	run -2 wamp-bench fan -u http://127.0.0.1/
	assert_output --partial 'http://127.0.0.1/: unknown protocol'
	run -2 wamp-bench fan -u mqtt://127.0.0.1/path
	assert_output --partial 'a path is not allowed here'
	run -2 wamp-bench fan -u redis://127.0.0.1:x
	assert_output --partial 'URL "redis://127.0.0.1:x": port: '
}

@test "no server is exit status 5" {
	run -5 wamp-bench storm --clients 1
	assert_output --partial 'wamp-bench: session 0: connect: '
}
