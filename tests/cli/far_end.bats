#!/usr/bin/env bats
# The far end vanishes without a word: a server that stands still, a path that
# drops every packet.  Every tool that holds a connection finds out.

load helper
load fake_server

setup() {
	test_begin
	ERR=$BATS_TEST_TMPDIR/err
	OUT=$BATS_TEST_TMPDIR/out
	SOCKET=$BATS_TEST_TMPDIR/ws.sock
}

teardown() {
	[ -z "$TOOL_PID" ] || kill -s KILL "$TOOL_PID"
	[ -z "$BROKER_PID" ] || kill -s CONT "$BROKER_PID"
	fake_end
	test_end
}

# tool COMMAND...: a tool that asks soon; its stdout is the file out.
tool() {
	tool_start "$@" --keepalive "${KEEPALIVE:-0.2}" >"$OUT"
}

# ends STATUS: the tool does, and says that it asked in vain.
ends() {
	tool_status "$1"
	grep -q "$LOST" "$ERR"
}

LOST='connection lost: the server is silent and does not answer a ping'

said() {
	grep -qF -e "$1" "$ERR"
}

sessions() {
	[ "$(wamp-call wampd.info | jq .sessions)" -eq "$1" ]
}

# Start a broker, with these arguments, that has three ways in.
addresses() {
	broker_start -l "unix:$SOCKET" "$@"
	ADDRESSES=("-S$WAMPD_CONTROL" "-u$WS_URL" "-uws+unix://$SOCKET:/")
}

# vanishes STATUS COMMAND...: over each of them the tool ends so when the broker
# stands still.
vanishes() {
	local address

	for address in "${ADDRESSES[@]}"; do
		tool "${@:2}" "$address"
		wait_until sessions 2
		kill -s STOP "$BROKER_PID"
		ends "$1"
		kill -s CONT "$BROKER_PID"
		wait_until sessions 1
	done
}

@test "wamp-sub --no-reconnect ends with 6" {
	addresses
	vanishes 6 wamp-sub --no-reconnect t
}

@test "wamp-sub connects again when the server goes on, and hears of it" {
	local address

	addresses
	for address in "${ADDRESSES[@]}"; do
		tool wamp-sub --retry-delay 0.05 -C 1 "$address" t
		wait_until sessions 2
		kill -s STOP "$BROKER_PID"
		wait_until said "$LOST"
		kill -s CONT "$BROKER_PID"
		wait_until said 'events may have been missed'
		wait_until subscribed t
		wamp-pub t '"new"'
		ends 0
		[ "$(cat "$OUT")" = '"new"' ]
	done
}

@test "the time away is counted from the last sign of life" {
	broker_start
	tool wamp-sub --retry-delay 0.01 t
	wait_until sessions 2
	kill -s STOP "$BROKER_PID"
	wait_until said "$LOST"
	kill -s CONT "$BROKER_PID"
	wait_until said 'events may have been missed'
	run -0 sed -n 's/.*had no connection for \(.*\) s: events.*/\1/p' "$ERR"
	[ "$(jq -n "$output >= 0.3")" = true ]
}

@test "wamp-pub on a pipe whose writer is slow ends with 6" {
	addresses
	vanishes 6 wamp-pub -w 0 -l t
}

@test "wamp-pub over a server that acknowledges nothing, too" {
	fake_start relay
	tool wamp-pub -u "$FAKE" -l t
	echo 1 >&7
	wait_until heard '[7,"t",1]'
	ends 6
}

heard() {
	fake_heard | grep -qxF -e "$1"
}

@test "wamp-call that waits for a long result ends with 6" {
	mkfifo "$BATS_TEST_TMPDIR/never"
	cat >"$BATS_TEST_TMPDIR/wampd.yml" <<-END
		handlers:
		  s: { type: exec, command: [cat, "$BATS_TEST_TMPDIR/never"],
		    call: [anyone], timeout: 1h }
	END
	echo 's: { channel: s, handler: { callback: s } }' \
	    >"$BATS_TEST_TMPDIR/routes.yml"
	addresses -c "$BATS_TEST_TMPDIR/wampd.yml" \
	    -r "$BATS_TEST_TMPDIR/routes.yml"
	vanishes 6 wamp-call -w 0 s
}

@test "wamp-maint watch connects again" {
	local address

	addresses
	for address in "${ADDRESSES[@]}"; do
		tool wamp-maint watch --retry-delay 0.05 "$address"
		wait_until sessions 2
		kill -s STOP "$BROKER_PID"
		wait_until said "$LOST"
		kill -s CONT "$BROKER_PID"
		wait_until said 'connected again'
		kill "$TOOL_PID"
		wait "$TOOL_PID" || true
		wait_until sessions 1
	done
	TOOL_PID=
}

@test "wamp-bench that waits ends with 6" {
	addresses
	ADDRESSES=("${ADDRESSES[@]:0:2}")
	vanishes 6 wamp-bench sub
	vanishes 6 wamp-bench idle --clients 1 --duration 1h
}

# What it asks is no event, and no event is lost by it.
@test "wamp-bench goes on while the server answers" {
	broker_start
	tool wamp-bench sub --messages 1 --ready-file "$BATS_TEST_TMPDIR/r"
	wait_until test -e "$BATS_TEST_TMPDIR/r"
	wait_until received $(($(most_received) + 2))
	wamp-bench pub --messages 1
	ends_well
}

most_received() {
	wamp-call wampd.sessions | jq 'map(.received) | max'
}

received() {
	[ "$(most_received)" -ge "$1" ]
}

@test "over TLS, too" {
	certificate "$BATS_TEST_TMPDIR/c.pem"
	FAKE_TLS=$BATS_TEST_TMPDIR/c.pem fake_start ponger
	tool wamp-sub --no-reconnect -u "$FAKE" --insecure t
	wait_until heard '[5,"t"]'
	wait_until heard PING
	kill -s STOP "${FAKE_PIDS[0]}"
	ends 6
	kill -s CONT "${FAKE_PIDS[0]}"
}

@test "a server that answers pings stays, and one that only talks as well" {
	local kind

	for kind in ponger talker pinger; do
		fake_start "$kind"
		KEEPALIVE=1 tool wamp-sub -v -C 3 -u "$FAKE" t
		ends_well
		fake_end
	done
}

# The fakes send three events, after two periods or more.
ends_well() {
	tool_status 0
	run ! grep -q "$LOST" "$ERR"
}

@test "--keepalive 0 never asks, nor does the control socket tell of asking" {
	broker_start
	fake_start talker
	KEEPALIVE=0 tool wamp-sub -v --trace -C 1 -u "$FAKE" t
	ends_well
	run ! grep -q PING "$ERR"
	# The answers to what was asked are nobody else's.
	tool wamp-sub --trace t
	wait_until said '< [3,"keepalive-'
	kill "$TOOL_PID"
	wait "$TOOL_PID" || true
	TOOL_PID=
	[ ! -s "$OUT" ]
}

@test "environment and profile set it" {
	broker_start
	mkdir -p "$BATS_TEST_TMPDIR/wamp"
	echo "p: { control: '$WAMPD_CONTROL', keepalive: 100ms }" \
	    >"$BATS_TEST_TMPDIR/wamp/profiles.yml"
	unset WAMPD_CONTROL
	run -0 --separate-stderr wamp-sub -P p --trace -W 1 t
	[[ ${stderr:?} == *'"keepalive-'* ]]
	WAMP_KEEPALIVE=0 run -0 --separate-stderr wamp-sub -P p --trace -W 1 t
	[[ $stderr != *'"keepalive-'* ]]
	WAMP_KEEPALIVE=soon run -2 wamp-sub -P p t
	assert_output --partial 'WAMP_KEEPALIVE: '
}

# ---- packets ----

# A network of its own that loses whatever is sent once its only link is down;
# the server is as it was.
@test "a path that drops every packet is noticed" {
	unshare -n ip link set lo up 2>/dev/null ||
	    skip "needs root, and ip(8)"
	cat >"$BATS_TEST_TMPDIR/inside" <<'END'
		ip link set lo up
		"$BIN/wampd" -l 127.0.0.1:0 -S "$WAMPD_CONTROL" \
		    --ports-file "$PORTS" 2>"$BROKER_LOG" 3>&- &
		broker=$!
		while [ ! -e "$PORTS" ]; do
			kill -0 "$broker" || exit
			sleep 0.02
		done
		url=ws://$(awk '$1 == "ws" { print $2 }' "$PORTS")/
		status=0
		"$BIN/wamp-sub" --no-reconnect --keepalive 0.3 -u "$url" \
		    --ready-file ready t &
		sub=$!
		while [ ! -e ready ]; do sleep 0.02; done
		ip link set lo down
		wait "$sub" || status=$?
		kill "$broker"
		wait "$broker"
		exit "$status"
END
	cd "$BATS_TEST_TMPDIR" || return
	export BIN PORTS BROKER_LOG
	run -6 unshare -n bash inside
	assert_output --partial "$LOST"
}
