#!/usr/bin/env bats
# tests/bench/peers, with tiny loads and the servers that are installed: that
# it measures, verifies and prints, not what.

load helper

setup() {
	test_begin
	PEERS=${BATS_TEST_DIRNAME%/cli}/bench/peers
	export BUILD=${BIN%/bin} ROUNDS=1
}

teardown() {
	test_end
}

# row TEXT: the lines of both tables, which have a figure for each load; that
# without deliveries has no cost.
row() {
	assert_line --regexp "^\| $1( \| [0-9][0-9k.M+ /]*){7} \|$"
	assert_line --regexp "^\| $1( \| [0-9][0-9k.M+ ]*){6} \|$"
}

@test "peers puts all loads on each server and loses nothing" {
	run -0 --separate-stderr "$PEERS" -q -o "$BATS_TEST_TMPDIR/table"
	diff "$BATS_TEST_TMPDIR/table" - <<<"$output"
	assert_line --regexp '^[1-9][0-9]* deliveries verified, 0 lost, 0 not'
	row 'wampd, WebSocket'
	row 'wampd, control socket'
	assert_line --regexp '^\| the kernel alone.*( \| -){5} \| [0-9]'
	assert_line --regexp '^\| wampd to the kernel alone .* [0-9.]+ \| - \|$'
	bars=$(grep '^|' <<<"$output" | tr -cd '|\n' | sort -u)
	assert_equal "$bars" '||||||||'$'\n''|||||||||'

	# nats-server is not in everyone's PATH.
	PATH=$PATH:/usr/sbin
	if command -v nats-server; then
		row 'nats-server, WebSocket'
		row 'nats-server, TCP'
	fi
	! command -v redis-server || row 'redis-server, TCP'
	! command -v mosquitto || row 'mosquitto, TCP'
}

@test "peers takes only the servers that are asked for" {
	run -0 --separate-stderr "$PEERS" -q wampd_control
	row 'wampd, control socket'
	[ "$(grep -c '^|' <<<"$output")" -eq 6 ]
	run -2 "$PEERS" -q apache
	assert_output 'peers: no such server'
}

@test "peers fails where a server does not start" {
	export BUILD=$BATS_TEST_TMPDIR
	mkdir "$BUILD/bin"
	printf '#!/bin/sh\necho no such luck; exit 1\n' >"$BUILD/bin/wampd"
	chmod +x "$BUILD/bin/wampd"
	run -1 "$PEERS" -q wampd
	assert_output --partial 'no such luck'
}

# A load generator that fails as one does that has lost something.
@test "peers fails where a delivery is lost" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$BIN/wampd" "$BATS_TEST_TMPDIR/bin/wampd"
	cat >"$BATS_TEST_TMPDIR/bin/wamp-bench" <<-'END'
		#!/bin/sh
		echo 'wamp-bench: 1 of 2 deliveries lost, 0 not expected' >&2
		exit 1
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/wamp-bench"
	BUILD=$BATS_TEST_TMPDIR run -1 "$PEERS" -q wampd
	assert_output --partial '1 of 2 deliveries lost'
}
