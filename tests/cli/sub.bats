#!/usr/bin/env bats
# wamp-sub(1): what it prints, when it stops, and how it ends.

load helper
load fake_server

setup() {
	test_begin
	ROUTES=${BATS_TEST_DIRNAME%/tests/cli}/examples/websocket_routing.yml
}

teardown() {
	fake_end
	test_end
}

# The process of the last wamp-sub.
sub_pid() {
	cat "$BATS_TEST_TMPDIR/sub.$SUB_COUNT.pid"
}

# sub_printed TEXT: the last wamp-sub has printed it.
sub_printed() {
	grep -qxF -e "$1" "$BATS_TEST_TMPDIR/sub.$SUB_COUNT.out"
}

# ---- output ----

@test "prints each event on a line, byte for byte" {
	broker_start
	sub_start -C 2 a b
	wamp-pub a '{ "x" : 1e400 }'
	wamp-pub c '"elsewhere"'
	wamp-pub b '"\u00e9\/"'
	run -0 --separate-stderr sub_wait
	assert_output $'{ "x" : 1e400 }\n"\\u00e9\\/"'
	[ -z "$stderr" ]
}

@test "-t prints the topic and a tab first" {
	broker_start
	sub_start -C 2 -t a $'b\tc'
	wamp-pub a 1
	wamp-pub $'b\tc' 2
	run -0 sub_wait
	assert_output $'a\t1\nb\\tc\t2'
}

@test "-j prints time, topic and event" {
	broker_start
	sub_start -C 1 -j 'a"b'
	wamp-pub 'a"b' '[1, 2]'
	run -0 sub_wait
	assert_output --regexp \
	    '^\{"time":"[0-9T:.-]+Z","topic":"a\\"b","event":\[1, 2\]\}$'
	jq -e '.event == [1,2]' <<<"$output"
}

@test "-r prints strings without their quotes" {
	broker_start
	sub_start -C 2 -r a
	wamp-pub a '"\u00e9 \"x\"\n."'
	wamp-pub a '{"a":"b"}'
	run -0 sub_wait
	assert_output $'é "x"\n.\n{"a":"b"}'
}

@test "-0 ends events with NUL" {
	broker_start
	sub_start -C 2 -0 a
	printf '1\n2\n' | wamp-pub -l a
	sub_wait | tr '\0' '|' >"$BATS_TEST_TMPDIR/got"
	run -0 cat "$BATS_TEST_TMPDIR/got"
	assert_output '1|2|'
}

@test "an event is printed at once, though its reader waits for more" {
	broker_start
	sub_start a
	wamp-pub a '"now"'
	wait_until sub_printed '"now"'
}

@test "a burst is written in few pieces" {
	local writes

	broker_start
	sub_start a
	seq 100000 119999 | wamp-pub -l a
	wait_until sub_printed 119999
	writes=$(awk '$1 == "syscw:" { print $2 }' "/proc/$(sub_pid)/io")
	[ "$writes" -lt 1000 ]
}

# ---- stops ----

@test "-C stops at exactly so many events" {
	broker_start
	sub_start -C 3 a
	seq 1 10 | wamp-pub -l a
	run -0 sub_wait
	assert_output $'1\n2\n3'
}

@test "-W ends with 0, and with 4 when -C is not reached" {
	broker_start
	run -0 wamp-sub -W 0.1 a
	refute_output
	run -4 wamp-sub -W 0.1 -C 1 a
	assert_output 'wamp-sub: timed out with 0 of 1 events'
}

@test "--idle ends after the last event" {
	broker_start
	sub_start --idle 0.2 a
	wamp-pub a 1
	run -0 sub_wait
	assert_output 1
	run -4 wamp-sub --idle 0.1 -C 1 a
}

@test "-E ends as soon as it is subscribed" {
	broker_start
	run -0 wamp-sub -E a b
	refute_output
}

@test "--ready-file and --ready-fd tell when events will come" {
	local ready=$BATS_TEST_TMPDIR/ready

	broker_start
	run -0 wamp-sub -E --ready-file "$ready" --ready-fd 4 a \
	    4>"$ready.fd"
	cmp "$ready" "$ready.fd"
	[ "$(wc -l <"$ready")" -eq 1 ]
	run -2 wamp-sub -E --ready-fd 77 a
	assert_output --partial '--ready-fd 77: '
	run -1 wamp-sub -E --ready-file "$BATS_TEST_TMPDIR/no/file" a
	assert_output --partial 'no/file'
}

@test "--ready-fd takes no descriptor of our own" {
	local n

	broker_start
	# Whatever the connection has for a number, it is one of these.
	for n in {0..9}; do
		# shellcheck disable=SC2016	# the other bash's
		run -2 bash -c 'for n in {3..9}; do eval "exec $n>&-"; done
		    exec wamp-sub -E --ready-fd "$1" a' - "$n"
		assert_output --regexp '^wamp-sub: --ready-fd'
	done
}

# ---- ends ----

# end_by SIGNAL STATUS: what was printed before is there, and the status is
# that of the signal.
end_by() {
	broker_start
	sub_start a
	printf '1\n2\n' | wamp-pub -l a
	wait_until sub_printed 2
	kill -s "$1" "$(sub_pid)"
	run "-$2" sub_wait
	assert_output $'1\n2'
}

@test "SIGTERM ends it with 143" {
	end_by TERM 143
}

@test "SIGHUP ends it with 129" {
	end_by HUP 129
}

@test "a signal that is ignored stays so" {
	broker_start
	# shellcheck disable=SC2016	# the shell's
	bash -c 'trap "" HUP; exec "$@"' - wamp-sub -C 2 \
	    --ready-file "$BATS_TEST_TMPDIR/r" a \
	    >"$BATS_TEST_TMPDIR/out" 3>&- &
	wait_until test -e "$BATS_TEST_TMPDIR/r"
	wamp-pub a 1
	wait_until grep -q 1 "$BATS_TEST_TMPDIR/out"
	kill -s HUP $!
	wamp-pub a 2
	wait $!
	run -0 cat "$BATS_TEST_TMPDIR/out"
	assert_output $'1\n2'
}

@test "SIGINT ends it with 130" {
	local status=0

	broker_start
	# A shell starts what is in its background with SIGINT ignored.
	env --default-signal=INT wamp-sub --ready-file "$BATS_TEST_TMPDIR/r" \
	    a >"$BATS_TEST_TMPDIR/out" 3>&- &
	wait_until test -e "$BATS_TEST_TMPDIR/r"
	wamp-pub a 1
	wait_until grep -q 1 "$BATS_TEST_TMPDIR/out"
	kill -s INT $!
	wait $! || status=$?
	[ "$status" -eq 130 ]
}

@test "a reader that stopped keeps no signal from ending it" {
	local fifo=$BATS_TEST_TMPDIR/fifo status=0

	broker_start
	mkfifo "$fifo"
	exec {reader}<>"$fifo"
	wamp-sub --ready-file "$BATS_TEST_TMPDIR/r" a >"$fifo" 3>&- &
	wait_until test -e "$BATS_TEST_TMPDIR/r"
	seq 100000 130000 | wamp-pub -l a
	kill -s TERM $!
	wait $! || status=$?
	[ "$status" -eq 143 ]
	exec {reader}<&-
}

# reader_goes ARGUMENT...: head takes one line, and goes.
reader_goes() {
	wamp-sub --ready-fd 4 "$@" a \
	    4> >(read -r; seq 1 100000 | wamp-pub -l a) | head -n 1
	return "${PIPESTATUS[0]}"
}

@test "a reader that goes ends it quietly" {
	broker_start
	run -141 --separate-stderr reader_goes
	assert_output 1
	[ -z "$stderr" ]
}

@test "a reader that goes ends it quietly over WebSocket, too" {
	broker_start
	run -141 --separate-stderr reader_goes -u "$WS_URL"
	assert_output 1
	[ -z "$stderr" ]
}

@test "a full disk is an error" {
	local status=0

	broker_start
	wamp-sub --ready-file "$BATS_TEST_TMPDIR/r" a >/dev/full \
	    2>"$BATS_TEST_TMPDIR/err" 3>&- &
	wait_until test -e "$BATS_TEST_TMPDIR/r"
	wamp-pub a 1
	wait $! || status=$?
	[ "$status" -eq 1 ]
	grep -q '^wamp-sub: cannot write to stdout: ' "$BATS_TEST_TMPDIR/err"
}

@test "a closed stdout is an error, and not the connection's number" {
	broker_start
	mkfifo "$BATS_TEST_TMPDIR/ready"
	{ read -r <"$BATS_TEST_TMPDIR/ready" && wamp-pub a 1; } 3>&- &
	# shellcheck disable=SC2016	# the other bash's
	run -1 bash -c 'wamp-sub -C 1 --ready-file "$1" a >&-' - \
	    "$BATS_TEST_TMPDIR/ready"
	assert_output 'wamp-sub: cannot write to stdout: Bad file descriptor'
	wait $!
}

@test "--no-reconnect: a broker that goes ends it with 6" {
	broker_start
	sub_start --no-reconnect a
	seq 1 3 | wamp-pub -l a
	broker_stop TERM
	run -6 --separate-stderr sub_wait
	assert_output $'1\n2\n3'
	[[ $stderr == 'wamp-sub: '* ]]
}

@test "a refused subscription exits 3 with the reason" {
	broker_start -r "$ROUTES"
	run -3 wamp-sub no/such/route
	assert_output --regexp '^wamp-sub: .*no/such/route.*no_route'
}

# ---- WebSocket and other servers ----

@test "prints the events of a WebSocket server, pinged meanwhile" {
	fake_start ratchet
	run -0 wamp-sub -u "$FAKE" -C 2 -t a
	assert_output $'a\t"\\u00e9\\/"\na\\tb\t{"a": 1}'
}

@test "usage errors exit 2 with one line" {
	local arguments

	run -2 wamp-sub
	assert_output 'wamp-sub: need TOPIC'
	while read -ra arguments; do
		run -2 wamp-sub "${arguments[@]}"
		assert_output --partial 'wamp-sub: '
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		-j -t a
		-j -r a
		-E -C 1 a
		-C 0 a
		-C x a
		-W -1 a
		--ready-fd -1 a
	END
}

# A server of a few lines: it sends an event that no tool can read, one that
# each can, and a plain one.
@test "an event nested too deeply is skipped" {
	local socket=$BATS_TEST_TMPDIR/fake pid

	{ printf '[8,"t",%s]\n' "$(deep 1024)" "$(deep 1023)" 2; } \
	    >"$BATS_TEST_TMPDIR/events"
	cat >"$BATS_TEST_TMPDIR/server" <<-'END'
	#!/bin/bash
	echo '[0,"0123456789abcdef",1,"wampd/0"]'
	while IFS= read -r line; do
	    [[ $line =~ ^\[2,(\"[^\"]*\") ]] || continue
	    echo "[3,${BASH_REMATCH[1]},{\"accepted\":0," \
		"\"refused\":0,\"refusals\":[]}]"
	    cat "${0%/*}/events"
	done
	END
	chmod +x "$BATS_TEST_TMPDIR/server"
	socat "UNIX-LISTEN:$socket" "EXEC:$BATS_TEST_TMPDIR/server" 3>&- &
	pid=$!
	wait_until test -S "$socket"
	run -1 --separate-stderr wamp-sub -C 2 -S "$socket" t
	wait "$pid" || true
	assert_line --index 0 "$(deep 1023)"
	assert_line --index 1 2
	# shellcheck disable=SC2154	# run sets it
	[ "$stderr" = 'wamp-sub: skipped an event: nested too deeply' ]
}
