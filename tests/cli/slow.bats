#!/usr/bin/env bats
# Tools that do not keep up: who is slow loses nothing, who stops is closed
# alone, and every event is delivered or counted.

load helper

LINES_SENT=60000	# several times what queue, sockets and pipes hold

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
	awk -v n="$LINES_SENT" 'BEGIN {
		while (i++ < n)
			printf "{\"n\":%d,\"filler\":\"%060d\"}\n", i, i
	}' >lines
}

# slow_broker STALL
slow_broker() {
	cat >wampd.yml <<-END
		limits: { queue: 256KiB, stall: $1 }
		handlers:
		  all: { type: broadcast, publish: anyone }
		  some: { type: broadcast, overflow: drop-oldest }
	END
	cat >routes.yml <<-'END'
		all: { channel: all, handler: all }
		some: { channel: some, handler: some }
		bench: { channel: bench, handler: all }
	END
	broker_start -c wampd.yml -r routes.yml --log-level warning
}

# One that is stopped would not end.
teardown() {
	local n

	for ((n = 1; n <= SUB_COUNT; n++)); do
		sub_signal "$n" CONT || true	# it has ended
	done
	test_end
}

# counter NAME
counter() {
	wamp-call wampd.stats | grep -o "\"$1\":[0-9]*" | cut -d : -f 2
}

# counts NAME VALUE
counts() {
	[ "$(counter "$1")" -eq "$2" ]
}

# A publisher had to wait for a receiver.
has_paused() {
	[ "$(counter pauses)" -gt 0 ]
}

# sub_signal N SIGNAL: to the Nth wamp-sub.
sub_signal() {
	kill -s "$2" "$(<"$BATS_TEST_TMPDIR/sub.$1.pid")" 2>/dev/null
}

# sub_stopped [OPTION...] TOPIC: start a wamp-sub, which ends when it is cut
# off, and stop it.
sub_stopped() {
	sub_start --no-reconnect "$@"
	sub_signal "$SUB_COUNT" STOP
}

# What the Nth wamp-sub printed.
sub_out() {
	echo "$BATS_TEST_TMPDIR/sub.$1.out"
}

# Publish all lines to somebody who reads them one by one, in the shell, and
# begins only when somebody had to wait for it.
pipe_to_shell() {
	local sub reader publisher

	slow_broker 60s		# this machine may be slow as well
	mkfifo pipe begin
	"$BIN/wamp-sub" --ready-file ready -C "$LINES_SENT" \
	    "${@/#ws/$WS_URL}" all >pipe 3>&- &
	sub=$!
	# A shell of its own: in this one bats looks at each command.
	bash -c 'read -r <begin
	while IFS= read -r line; do
		printf "%s\n" "$line"
	done' <pipe >got 3>&- &
	reader=$!
	wait_until test -e ready
	"$BIN/wamp-pub" -l -f lines all 3>&- &
	publisher=$!
	wait_until has_paused
	echo >begin
	wait "$publisher"
	wait "$sub"
	wait "$reader"
	cmp lines got
	counts sessions_overflowed 0
}

@test "a pipe to a slow reader loses nothing" {
	pipe_to_shell
}

@test "a pipe to a slow reader loses nothing over WebSocket" {
	pipe_to_shell -u ws
}

@test "a pipe whose reader stops is closed" {
	local pipe

	slow_broker 400ms
	mkfifo pipe
	exec {pipe}<>pipe
	"$BIN/wamp-sub" --ready-file ready all >pipe 2>err 3>&- &
	wait_until test -e ready
	wamp-pub -l -f lines all
	[ "$(counter sessions_overflowed)" -eq 1 ]
	kill $!
	wait $! || [ $? -eq 143 ]
	exec {pipe}>&-
}

# A stopped wamp-sub with these options loses what comes too late, and nobody
# else does.
stopped_alone() {
	local end=0

	slow_broker 400ms
	sub_start -C "$LINES_SENT" all
	sub_stopped "${@/#ws/$WS_URL}" all
	wamp-pub -l -f lines all
	[ "$(counter sessions_overflowed)" -eq 1 ]
	sub_signal 2 CONT
	# Over WebSocket it is told that it was too slow, if it goes on soon.
	sub_wait 2 >/dev/null || end=$?
	[ "$end" -eq 6 ] || [ "$end" -eq 3 ]
	sub_wait 1 | cmp lines -
	[ "$(wc -l <"$(sub_out 2)")" -lt "$LINES_SENT" ]
	head -n "$(wc -l <"$(sub_out 2)")" lines | cmp - "$(sub_out 2)"
}

@test "a wamp-sub that is stopped is closed alone" {
	stopped_alone
}

@test "a wamp-sub that is stopped is closed alone over WebSocket" {
	stopped_alone -u ws
}

@test "of drop-oldest events all are delivered or counted" {
	local n got=0

	slow_broker 400ms
	sub_stopped some
	sub_stopped -u "$WS_URL" some
	sub_start some
	wamp-pub -l -f lines some
	sub_signal 1 CONT
	sub_signal 2 CONT
	wamp-pub some '"last"'
	for n in 1 2 3; do
		wait_until grep -q last "$(sub_out "$n")"
		grep -v last "$(sub_out "$n")" | sort -t : -k 2n -c
		got=$((got + $(wc -l <"$(sub_out "$n")")))
	done
	[ "$(counter events_dropped)" -gt 0 ]
	[ "$(counter sessions_overflowed)" -eq 0 ]
	[ $((got + $(counter events_dropped))) -eq \
	    $((3 * (LINES_SENT + 1))) ]
}

# paused_session: is one waiting?
paused_session() {
	wamp-call wampd.sessions | grep -q '"paused":true'
}

@test "a pipe that floods itself and is killed holds nobody up" {
	local flood=$BATS_TEST_TMPDIR/flood

	slow_broker 400ms
	mkfifo "$flood"
	{
		printf '[5,"all"]\n'
		yes "[7,\"all\",\"$(printf '%048d' 0)\"]"
	} >"$flood" 3>&- &
	socat -u - "UNIX-CONNECT:$WAMPD_CONTROL" <"$flood" 3>&- &
	wait_until paused_session
	kill -s KILL $!
	wamp-pub all 1
}

# wamp-bench verifies each delivery.
@test "a flood beside stopped receivers reaches everyone else" {
	slow_broker 400ms
	sub_stopped bench
	sub_stopped bench
	wamp-bench fan -q -u "$WS_URL" --clients 100 --messages 20000
	wait_until counts sessions_overflowed 2
}
