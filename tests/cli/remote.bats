#!/usr/bin/env bats
# Where the tools connect to, and how they get there.

load helper
load fake_server

setup() {
	test_begin
}

teardown() {
	fake_end
	test_end
}

# ---- trying again ----

# A tool that tries again has said so on stderr before the server is there.
@test "--retry waits for a broker that is not there yet" {
	local err=$BATS_TEST_TMPDIR/err pid

	wamp-call --retry-delay 0 --retry-max-time 30 wampd.echo '"x"' \
	    >"$BATS_TEST_TMPDIR/out" 2>"$err" 3>&- &
	pid=$!
	wait_until grep -q 'is wampd running.*next try in' "$err"
	broker_start
	wait "$pid"
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = '["x"]' ]
}

@test "--retry gives up after so many tries" {
	run -5 wamp-call --retry 2 --retry-delay 10ms x
	[ "${#lines[@]}" -eq 3 ]
	[[ ${lines[1]} = *'next try in'* ]]
	[[ ${lines[2]} = *'is wampd running?)' ]]
}

@test "--retry is silent with -q" {
	run -5 wamp-call -q --retry 2 --retry-delay 10ms x
	assert_output ''
}

@test "a server that refuses for good is not asked again" {
	fake_start http-403
	run -5 wamp-call -u "$FAKE" --retry 5 --retry-delay 10ms x
	assert_output --partial 'HTTP status 403'
	refute_output --partial 'next try'
}

@test "--retry counts are checked" {
	run -2 wamp-call --retry -1 x
	assert_output --partial '--retry'
	run -2 wamp-call --retry-delay soon x
	assert_output --partial '--retry-delay'
}
