#!/usr/bin/env bats
# The tools' client against servers that are absent, mute, rude or not WAMP:
# the right status, one line, never a hang.

load helper
load fake_server

setup() {
	test_begin
}

teardown() {
	fake_end
	test_end
}

# fails STATUS TEXT ARGUMENT...: wamp-pub ends so, with one line that has TEXT.
fails() {
	run "-$1" timeout 30 wamp-pub -w 0.5 "${@:3}" topic 1
	assert_output --regexp "^wamp-pub: .*$2"
	[ "${#lines[@]}" -eq 1 ]
}

# ws STATUS TEXT KIND: over WebSocket, against that fake.
ws() {
	fake_start "$3"
	fails "$1" "$2" -u "$FAKE"
}

# control STATUS TEXT KIND: likewise over the control socket.
control() {
	fake_start "$3" "$BATS_TEST_TMPDIR/fake.sock"
	fails "$1" "$2" -S "$FAKE"
}

@test "no server" {
	fails 5 'is wampd running' -S "$BATS_TEST_TMPDIR/none"
	fails 5 'cannot connect: Connection refused' -u ws://127.0.0.1:1/
	fails 5 'no address of no.such.host.invalid' \
	    -u ws://no.such.host.invalid/
}

@test "a socket path that is too long" {
	fails 5 'too long for the path of a socket' \
	    -S "/$(printf 'x%.0s' {1..200})"
}

@test "a control socket that says nothing" {
	control 4 'no WELCOME' silent
}

@test "an error that has no name" {
	control 3 'an error without a name' nameless
}

@test "a control socket that hangs up" {
	control 5 'closed' hangup
}

@test "a control socket that speaks something else" {
	control 5 'does not speak WAMP' garbage
}

@test "a connection lost between acknowledgements" {
	local fifo=$BATS_TEST_TMPDIR/fifo status=0

	fake_start lost-later "$BATS_TEST_TMPDIR/fake.sock"
	mkfifo "$fifo"
	wamp-pub -lv -S "$FAKE" topic <"$fifo" \
	    2>"$BATS_TEST_TMPDIR/err" 3>&- &
	exec {pipe}>"$fifo"
	printf '1\n2\n' >&"$pipe"
	printf '"second"\n' >&"$pipe"
	exec {pipe}>&-
	wait $! || status=$?
	[ "$status" -eq 6 ]
	grep -q ' of 3 events acknowledged' "$BATS_TEST_TMPDIR/err"
}

@test "a WebSocket server that says nothing" {
	ws 4 'no WebSocket handshake' silent
}

@test "a WebSocket server that hangs up" {
	ws 5 'hung up' hangup
}

@test "an upgrade that is refused shows its HTTP status" {
	ws 5 'HTTP status 403 Forbidden: ' http-403
	ws 5 'HTTP status 404 File not found: ' http-1.0
}

@test "another subprotocol" {
	ws 5 'subprotocol wamp' other-protocol
}

@test "a WebSocket server without WELCOME" {
	ws 4 'no WELCOME' no-welcome
}

@test "a WebSocket server that speaks something else" {
	ws 5 'does not speak WAMP' no-wamp
}

@test "a WebSocket server that sends binary messages" {
	ws 5 'binary' binary
}

@test "a WebSocket server that is going away" {
	ws 5 '1001 \(going away\): bye' going-away
}

@test "a server that closes because of us" {
	ws 3 '1007 \(invalid data\): bad \\x1b\[1m' close-1007
}

@test "a server that never answers the closing handshake" {
	ws 4 'closing handshake' deaf
}

@test "an answer is not held up by a server that never closes" {
	fake_start deaf-relay
	run -0 timeout 30 wamp-call -w 1h -u "$FAKE" app.one
	assert_output 1
}

@test "a server that hangs up instead of the closing handshake" {
	ws 6 'without a closing handshake' hangup-mid
}

@test "a server without acknowledgement: the closing handshake is completed" {
	fake_start ratchet
	run -0 wamp-pub -v -l -u "$FAKE" topic < <(seq 1 3)
	assert_output --partial \
	    '3 events sent; this server does not acknowledge'
	run -0 fake_heard
	assert_output $'[7,"topic",1]\n[7,"topic",2]\n[7,"topic",3]'
}

@test "TLS with a server that has none" {
	fake_start hangup
	fails 5 'TLS' -u "wss${FAKE#ws}"
}
