#!/usr/bin/env bats
# wamp-sub(1) when its connection is lost.

load helper
load fake_server

setup() {
	test_begin
	broker_start
}

teardown() {
	fake_end
	test_end
}

sub_err() {
	echo "$BATS_TEST_TMPDIR/sub.$SUB_COUNT.err"
}

# said TEXT: the last wamp-sub has said it.
said() {
	grep -qF -e "$1" "$(sub_err)"
}

# The same broker again, which the last wamp-sub finds.
broker_returns() {
	broker_start
	wait_until said 'events may have been missed'
}

@test "connects and subscribes again, to topics and prefixes" {
	sub_start --retry-delay 0.05 -C 4 -t a --prefix b/
	wamp-pub a 1
	wamp-pub b/1 2
	broker_stop TERM
	wait_until said 'connection lost'
	broker_returns
	wamp-pub a 3
	wamp-pub b/2 4
	run -0 --separate-stderr sub_wait
	assert_output $'a\t1\nb/1\t2\na\t3\nb/2\t4'
	[[ ${stderr:?} == *'wamp-sub: had no connection for '*' s: events'* ]]
}

@test "--new leaves out what was kept, after a reconnection, too" {
	sub_start --new --retry-delay 0.05 -C 2 -t a --prefix b/
	wamp-pub --retain a 1
	broker_stop TERM
	wait_until said 'connection lost'
	# It comes back with what was kept meanwhile.
	broker_start -S "$BATS_TEST_TMPDIR/other.sock"
	wamp-pub -S "$BATS_TEST_TMPDIR/other.sock" --retain a '"kept"'
	wamp-pub -S "$BATS_TEST_TMPDIR/other.sock" --retain b/1 '"kept"'
	ln -s other.sock "$WAMPD_CONTROL"
	wait_until said 'events may have been missed'
	wamp-pub a '"live"'
	run -0 sub_wait
	assert_line -n 0 $'a\t1'
	assert_line -n 1 $'a\t"live"'
}

@test "the ready file has the session of the new connection" {
	local ready=$BATS_TEST_TMPDIR/sub.1.ready first

	sub_start --retry-delay 0.05 a
	first=$(<"$ready")
	broker_stop TERM
	broker_returns
	ready_again() {
		[ "$(<"$ready")" != "$first" ]
	}
	wait_until ready_again
	run -0 wamp-call wampd.sessions
	assert_output --partial "$(<"$ready")"
	# It stays when the run ends, as the file of a process's id does.
	kill -s TERM "$(<"$BATS_TEST_TMPDIR/sub.1.pid")"
	run -143 sub_wait
	[ -s "$ready" ]
}

@test "over WebSocket, too" {
	local socket=$BATS_TEST_TMPDIR/ws.sock

	broker_stop TERM
	broker_start -l "unix:$socket"
	sub_start --retry-delay 0.05 -u "ws+unix://$socket:/" -C 2 a
	wamp-pub a 1
	broker_stop TERM
	wait_until said 'connection lost'
	broker_start -l "unix:$socket"
	wait_until said 'events may have been missed'
	wait_until subscribed a
	wamp-pub a 2
	run -0 --separate-stderr sub_wait
	assert_output $'1\n2'
}

@test "a signal ends the waiting at once" {
	sub_start --retry-delay 1000 a
	broker_stop TERM
	wait_until said 'next try'
	kill -s TERM "$(<"$BATS_TEST_TMPDIR/sub.1.pid")"
	run -143 sub_wait
}

@test "-W and --idle go on counting, whatever the next try" {
	sub_start --retry-delay 1000 -W 1 a
	sub_start --retry-delay 1000 --idle 1 a
	sub_start --retry-delay 1000 --idle 1 -C 1 a
	broker_stop TERM
	run -0 sub_wait 1
	run -0 sub_wait 2
	run -4 sub_wait 3
}

@test "-W bounds the first tries, too" {
	run -5 --separate-stderr wamp-sub -S "$BATS_TEST_TMPDIR/none" \
	    --retry 1000 --retry-delay 0.01 -W 0.1 a
	[[ $stderr == *'/none: No such file'*'running?)' ]]
}

@test "--retry bounds it" {
	sub_start --retry 2 --retry-delay 0.01 a
	broker_stop TERM
	run ! --separate-stderr sub_wait
	[ "$status" -ge 5 ]
	[ "$status" -le 6 ]
	[ "$(grep -c 'next try' "$(sub_err)")" -eq 2 ]
}

@test "a subscription that is refused when it comes back ends it with 3" {
	local routes=${BATS_TEST_DIRNAME%/tests/cli}/examples

	sub_start --retry-delay 0.05 no/such/route
	broker_stop TERM
	wait_until said 'connection lost'
	broker_start -r "$routes/websocket_routing.yml"
	run -3 sub_wait
}

@test "what was printed before is there at once, not when it is back" {
	sub_start --retry-delay 1000 a
	seq 1 5 | wamp-pub -l a
	broker_stop TERM
	wait_until said 'next try'
	run -0 cat "$BATS_TEST_TMPDIR/sub.1.out"
	assert_output $'1\n2\n3\n4\n5'
}

@test "-E and --retained-only do not wait for a server that has gone" {
	broker_stop TERM
	run -5 wamp-sub -E a
	run -5 wamp-sub --retained-only a
}

@test "a signal ends the wait for a login that nobody answers" {
	local pid

	fake_start cra-once
	echo secret >"$BATS_TEST_TMPDIR/key"
	export WAMP_CRA_SECRET_FILE=$BATS_TEST_TMPDIR/key
	sub_start -w 0 -u "$FAKE" --cra-user me --retry-delay 0 a
	wait_until asked_again
	read -r pid <"$BATS_TEST_TMPDIR/sub.1.pid"
	kill -TERM "$pid"
	run -143 sub_wait
}

asked_again() {
	[ "$(fake_heard | grep -c authreq)" -eq 2 ]
}
