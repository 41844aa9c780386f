#!/usr/bin/env bats
# wamp-pub(1): what is left of a stream that is cut, and how it goes on; and
# events that stay for later subscribers.

load helper
load fake_server

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	[ -z "$TOOL_PID" ] || kill "$TOOL_PID"
	fake_end
	test_end
}

# pub_start ARGUMENT...: wamp-pub with signals as in a terminal, not ignored.
pub_start() {
	tool_start env --default-signal=HUP,INT "$BIN/wamp-pub" "$@"
}

# So many events were acknowledged, and wamp-pub, which traces, has read that.
acknowledged() {
	awk -v want="$1" -F '"accepted":' '/^< / { n += $2 }
	    END { exit n != want }' err
}

# What it said, without the trace.
said() {
	grep -v '^[<>] ' err
}

published() {
	[ "$(wamp-call wampd.stats | jq .events)" -eq "$1" ]
}

# ---- the broker goes ----

@test "a broker that is killed while the input pauses is noticed" {
	broker_start
	pub_start --trace -l t
	seq 1 3 >&7
	wait_until acknowledged 3
	broker_stop KILL || true
	tool_status 6
	run -0 said
	assert_output 'wamp-pub: connection lost: the broker closed it (3 of'\
' 3 events acknowledged, 0 deliveries; continue with --from-line 4)'
}

@test "a broker that stands still is noticed while the input pauses" {
	broker_start
	pub_start --trace -w 0.3 -l t
	seq 1 3 >&7
	wait_until acknowledged 3
	kill -STOP "$BROKER_PID"
	tool_status 4
	kill -CONT "$BROKER_PID"
	run -0 said
	assert_output --partial 'timed out after 0.3 s'
	assert_output --partial '(3 of 3 events acknowledged, '
}

@test "a broker that stands still is noticed between events, too" {
	broker_start
	pub_start --trace -w 0.3 --repeat 2 --delay 1h t 1
	wait_until acknowledged 1
	kill -STOP "$BROKER_PID"
	tool_status 4
	kill -CONT "$BROKER_PID"
	run -0 said
	assert_output --partial '(1 of 1 events acknowledged, 0 deliveries)'
}

@test "--from-line goes on where a stream was cut" {
	local next

	broker_start
	pub_start --trace -l --from-line 3 t
	seq 1 5 >&7
	wait_until acknowledged 3
	broker_stop KILL || true
	tool_status 6
	next=$(sed -n 's/.*continue with --from-line \([0-9]*\))$/\1/p' err)
	[ "$next" -eq 6 ]
	broker_start
	sub_start -C 2 t
	seq 1 7 | wamp-pub -l --from-line "$next" t
	run -0 sub_wait
	assert_output $'6\n7'
}

@test "what was refused, and what was not, is not done again" {
	printf 't: { channel: t, handler: { callback: t } }\n' >routes.yml
	broker_start -r routes.yml
	run -3 wamp-pub -l --topic-jq 'if . == 2 then "u" else "t" end' \
	    < <(seq 1 4)
	assert_output 'wamp-pub: event 2: u: wampd.error.no_route: no route'\
' matches the topic (3 of 4 events acknowledged, 0 deliveries; continue with'\
' --from-line 5)'
	run -3 wamp-pub u 1
	refute_output --partial acknowledged
}

@test "lines that --from-line leaves out are not done again" {
	broker_start
	pub_start -l --from-line 1000 t
	wait_until some_session
	broker_stop KILL || true
	tool_status 6
	run -0 cat err
	assert_output --partial 'continue with --from-line 1000)'
}

some_session() {
	[ "$(wamp-call wampd.sessions | jq length)" -ge 2 ]
}

@test "--retry goes on with the next broker" {
	broker_start
	pub_start --trace -lv --retry-max-time 30 --retry-delay 0 t
	seq 1 3 >&7
	wait_until acknowledged 3
	broker_stop KILL || true
	seq 4 6 >&7
	wait_until grep -q 'next try in' err
	broker_start 7>&-
	wait_until published 3
	exec 7>&-
	tool_status 0
	run -0 said
	assert_line 'wamp-pub: connected again'
	assert_line --partial '6 of 6 events acknowledged'
	refute_output --partial 'sending'
}

# The second broker learns the events that the first one never answered for:
# they stay for who subscribes later.
@test "--retry sends again what was not acknowledged, and says so" {
	broker_start
	pub_start -l --retain --trace --retry-max-time 30 --retry-delay 0 \
	    --topic-jq '"n/\(.)"'
	echo 1 >&7
	wait_until acknowledged 1
	kill -STOP "$BROKER_PID"
	seq 2 3 >&7
	wait_until grep -q '^> \[7,"n/3",3]' err
	broker_stop KILL || true
	broker_start 7>&-
	wait_until published 2
	exec 7>&-
	tool_status 0
	run -0 said
	assert_line 'wamp-pub: sending 2 events again that were not'\
' acknowledged'
	run -0 wamp-sub -C 2 n/2 n/3
	assert_output $'2\n3'
}

@test "--retry over WebSocket, too" {
	local address

	broker_start
	address=${WS_URL#ws://}
	pub_start --trace -lv -u "$WS_URL" --retry-max-time 30 --retry-delay 0 t
	echo 1 >&7
	wait_until acknowledged 1
	broker_stop TERM
	echo 2 >&7
	wait_until grep -q 'next try in' err
	broker_run -l "${address%/}" -S "$WAMPD_CONTROL" 7>&-
	wait_until published 1
	exec 7>&-
	tool_status 0
	run -0 said
	assert_line --partial '2 of 2 events acknowledged'
}

@test "what a broker says before it is used again harms nobody" {
	fake_start lost-once "$BATS_TEST_TMPDIR/fake.sock"
	run -0 wamp-pub -v -S "$FAKE" --retry 2 --retry-delay 10ms -l t <<<1
	assert_line --partial '1 of 1 events acknowledged'
}

@test "--retry ends with 6 when no broker comes" {
	broker_start
	pub_start --trace -l --retry 2 --retry-delay 10ms t
	echo 1 >&7
	wait_until acknowledged 1
	broker_stop TERM
	tool_status 6
	run -0 tail -n 1 err
	assert_output --partial 'is wampd running?) (1 of 1 events'
}

@test "a server that acknowledges nothing is not asked again" {
	fake_start hangup-mid
	run -6 wamp-pub -u "$FAKE" --retry 3 --retry-delay 10ms -l t <<<1
	assert_output --partial \
	    '(1 event sent; this server does not acknowledge'
	refute_output --partial 'next try'
}

# ---- signals ----

@test "SIGTERM ends a stream behind a line, with its sum" {
	broker_start
	pub_start -l t
	printf '1\n2\n3' >&7
	wait_until published 2
	kill -TERM "$TOOL_PID"
	tool_status 143
	run -0 cat err
	assert_output 'wamp-pub: terminated (2 of 2 events acknowledged, 0'\
' deliveries; continue with --from-line 3)'
}

@test "SIGINT likewise" {
	broker_start
	pub_start -0 t
	printf '1\0' >&7
	wait_until published 1
	kill -INT "$TOOL_PID"
	tool_status 130
	run -0 cat err
	assert_output --partial 'wamp-pub: interrupted (1 of 1 events'
}

published_some() {
	[ "$(wamp-call wampd.stats | jq .events)" -gt 0 ]
}

# Its terminal has been closed.
@test "SIGHUP likewise, too" {
	broker_start
	pub_start -l t
	echo 1 >&7
	wait_until published 1
	kill -HUP "$TOOL_PID"
	tool_status 129
	run -0 cat err
	assert_output --partial 'wamp-pub: terminated (1 of 1 events'
}

@test "--dry-run ends quietly when its reader has gone" {
	# shellcheck disable=SC2016	# for the shell within
	run -0 bash -c 'yes 1 | wamp-pub --dry-run -l t | head -n 1
	    exit "$((PIPESTATUS[1] - 141))"'
	assert_output '[7,"t",1]'
}

@test "what a signal cuts is known to the line" {
	local next

	broker_start
	yes 1 2>/dev/null | wamp-pub -l t 2>err 3>&- &
	wait_until published_some
	kill -TERM $!
	wait $! || [ $? -eq 143 ]
	next=$(sed -n 's/.*continue with --from-line \([0-9]*\))$/\1/p' err)
	published "$((next - 1))"
}

# Nothing is read, or waited for, between their events.
@test "a signal ends an event that is repeated" {
	broker_start
	pub_start t 1 --repeat 1000000000000
	wait_until published_some
	kill -INT "$TOOL_PID"
	tool_status 130
	grep -q 'interrupted (\([1-9][0-9]*\) of \1 events acknowledged' err
}

@test "a signal ends a line of which jq makes ever more" {
	broker_start
	pub_start -l -e 'range(1000000000000)' t
	printf '0\n1\n' >&7
	wait_until published_some
	kill -INT "$TOOL_PID"
	tool_status 130
	grep -q 'acknowledged, 0 deliveries; continue with --from-line 1)$' err
}

@test "a signal ends the wait for who writes to a second FIFO" {
	broker_start
	echo 1 >one
	mkfifo silent
	pub_start -l -f one -f silent t
	wait_until published 1
	kill -INT "$TOOL_PID"
	tool_status 130
	run -0 cat err
	assert_output --partial '(1 of 1 events acknowledged, '
}

@test "a signal leaves what --dry-run had to print" {
	tool_start env --default-signal=INT bash -c \
	    'exec wamp-pub --dry-run -l t >out'
	printf '1\n2\n3' >&7
	wait_until grep -q 2 out
	kill -INT "$TOOL_PID"
	tool_status 130
	run -0 cat out err
	assert_output $'[7,"t",1]\n[7,"t",2]'
}

# Scripts start their background jobs so.
@test "a SIGINT that is ignored stays so" {
	broker_start
	tool_start wamp-pub -lv t
	echo 1 >&7
	wait_until published 1
	kill -INT "$TOOL_PID"
	echo 2 >&7
	wait_until published 2
	exec 7>&-
	tool_status 0
	run -0 cat err
	assert_line --partial '2 of 2 events acknowledged'
}

@test "a signal waits no longer than two seconds for a broker that is still" {
	broker_start
	pub_start --trace -w 0 -l t
	echo 1 >&7
	wait_until acknowledged 1
	kill -STOP "$BROKER_PID"
	echo 2 >&7
	kill -TERM "$TOOL_PID"
	tool_status 143
	kill -CONT "$BROKER_PID"
	run -0 said
	assert_output --partial 'wamp-pub: terminated (1 of '
}

@test "so it does when the signal comes between two events" {
	broker_start
	pub_start -w 0 --repeat 9 --delay 0.9 t 1
	wait_until published 1
	kill -STOP "$BROKER_PID"
	kill -TERM "$TOOL_PID"
	tool_status 143
	kill -CONT "$BROKER_PID"
	run -0 cat err
	assert_output --partial 'wamp-pub: terminated (0 of 1 '
}

@test "a signal ends the wait for the next try" {
	broker_start
	pub_start --trace -l --retry 3 --retry-delay 1h t
	echo 1 >&7
	wait_until acknowledged 1
	broker_stop TERM
	wait_until grep -q 'next try in' err
	kill -TERM "$TOOL_PID"
	tool_status 143
	run -0 tail -n 1 err
	assert_output --partial 'wamp-pub: terminated (1 of 1 events'
}

# ---- progress ----

@test "a terminal sees how far it is, and nothing stays" {
	broker_start
	run -0 on_terminal "wamp-pub -n --repeat 14 --rate 10 t"
	assert_output --regexp '[0-9]+ events, [0-9]+ events/s, [0-9]+ B'
	[[ $output == *$'\r\e[K' ]]
	run -0 on_terminal "wamp-pub -q -n --repeat 14 --rate 10 t"
	assert_output ''
}

# ---- --retain ----

@test "--retain keeps the last event of each topic for later subscribers" {
	broker_start
	wamp-pub --retain t '{"n":1}'
	wamp-pub t '{"n":2}'
	run -0 wamp-sub -C 1 t
	assert_output '{"n":1}'
	seq 1 4 | wamp-pub --retain -l --topic-jq '"n/\(. % 2)"'
	run -0 wamp-sub -C 1 n/0
	assert_output 4
	run -0 wamp-sub -C 1 n/1
	assert_output 3
	wamp-call wampd.forget t
	run -4 --separate-stderr wamp-sub -C 1 -W 0.2 t
	assert_output ''
}

@test "--retain-for keeps it for a time" {
	broker_start
	wamp-pub --retain-for 1h t 1
	run -0 wamp-sub --retained-only t
	assert_output 1
	run -0 wamp-call -e '.[0].expires > .[0].time' wampd.retained
	assert_output true
	wamp-pub --retain-for 0.01 t 2
	is_gone() {
		[ "$(wamp-call wampd.retained)" = '[]' ]
	}
	wait_until is_gone
	run -0 wamp-sub --retained-only t
	assert_output ''
	run -2 wamp-pub --retain-for soon t 1
}

@test "--retain is refused where nobody can keep the event" {
	broker_start
	run -3 wamp-pub --retain -u "$WS_URL" t 1
	assert_output --partial 'cannot retain events: '
	[ "${#lines[@]}" -eq 1 ]
	fake_start ratchet
	run -3 wamp-pub --retain -u "$FAKE" t 1
	assert_output --partial 'only wampd can retain events'
}
